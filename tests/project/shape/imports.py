"""The picture of the imports, in four figures: `python3 dev.py imports [--from FOLDER]`.

A room is a folder of modules; a module that stands loose beside folders is a room by itself. An arrow leads from a room
to one that it imports from, however often. It is up where it goes against the order of rooms in which fewest do. In a
circle every room reaches every other.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[3]
PACKAGES = ("crsmonitor", "grading", "regimens")
BY_DJANGO = ("migrations", "management")  # folders that it asks for: what stands beside them is not loose
Arrow = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """`modules`: how many. `module_circles`: of single modules, which nothing excuses."""

    modules: int
    rooms: frozenset[str]
    arrows: frozenset[Arrow]
    up: tuple[Arrow, ...]
    circles: tuple[tuple[str, ...], ...]
    module_circles: tuple[tuple[str, ...], ...]


def picture_of(packages: Iterable[str]) -> Picture:
    """Draw what can be imported now. Migrations are left out: they import nothing of ours."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    modules = {name for name in graph.modules if ".migrations" not in name}
    folders = {name for name in modules if graph.find_children(name)}
    shared = {name.rpartition(".")[0] for name in folders if name.rpartition(".")[2] not in BY_DJANGO}
    imports = {name: graph.find_modules_directly_imported_by(name) & modules for name in modules}

    def room(name: str) -> str:
        folder = name.rpartition(".")[0]
        return name if not folder or name in folders or folder in shared else folder

    rooms = frozenset(map(room, modules))
    arrows = frozenset((room(a), room(b)) for a, targets in imports.items() for b in targets if room(a) != room(b))
    from_room = {name: {b for a, b in arrows if a == name} for name in rooms}
    return Picture(
        modules=len(modules), rooms=rooms, arrows=arrows, up=against(from_room),
        circles=circles(from_room), module_circles=circles(imports),
    )  # fmt: skip


def circles(arrows: Mapping[str, set[str]]) -> tuple[tuple[str, ...], ...]:
    """Each set of two or more that all reach each other, the largest first."""
    reached = {name: _reached(name, arrows) for name in arrows}
    circular = {
        tuple(sorted({name, *(other for other in reached[name] if name in reached[other])}))
        for name in arrows
        if name in reached[name]
    }
    return tuple(sorted((one for one in circular if len(one) > 1), key=lambda one: (-len(one), one)))


def _reached(start: str, arrows: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        fresh = arrows[waiting.pop()] - seen
        seen |= fresh
        waiting += fresh
    return seen


def against(arrows: Mapping[str, set[str]]) -> tuple[Arrow, ...]:
    """The arrows that go up in a good order: what nothing leads out of goes below, what nothing leads to above, and
    else what most leads out of (Eades, Lin and Smyth, Inf Process Lett 1993;47:319-323)."""
    left, above, below = set(arrows), [], []
    while left:
        out = {name: len(arrows[name] & left) for name in left}
        into = {name: sum(name in arrows[other] for other in left) for name in left}
        if ends := sorted(name for name in left if not out[name]):
            below += ends
            left -= set(ends)
        else:
            first = max(sorted(left), key=lambda name: (not into[name], out[name] - into[name]))
            above.append(first)
            left.remove(first)
    place = {name: at for at, name in enumerate([*above, *reversed(below)])}
    return tuple(sorted((a, b) for a, others in arrows.items() for b in others if place[a] > place[b]))


def summary(picture: Picture) -> str:
    largest = len(picture.circles[0]) if picture.circles else 0
    lines = [
        f"modules {picture.modules}, in circles {sum(map(len, picture.module_circles))}",
        f"rooms {len(picture.rooms)}",
        f"arrows {len(picture.arrows)}, a room {len(picture.arrows) / len(picture.rooms):.1f}",
        f"arrows up {len(picture.up)}",
        *(f"  {a} -> {b}" for a, b in picture.up),
        f"circles {len(picture.circles)}, the largest of {largest} rooms",
        *(f"  {', '.join(circle)}" for circle in picture.circles),
    ]
    return "\n".join(lines)


def main(args: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="dev.py imports", description=__doc__.split("\n")[0])
    parser.add_argument("--from", dest="folder", type=Path, default=ROOT, help="another checkout")
    folder = parser.parse_args(args).folder.resolve()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    print(summary(picture_of(PACKAGES)))


if __name__ == "__main__":
    main(sys.argv[1:])
