"""What a benchmark says in the table of all: `python3 dev.py bench` without a name.

A benchmark that has a target has `figures() -> list[Figure]` and takes less than a minute. Each is run in a process of
its own, since it starts its own engines; one that fails is a line that says so, and the table is not whole.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields

MARK = "figures: "  # before the line that a benchmark's process ends with


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table, each a short text as it stands there.

    measure: what was done. floor: what could not be less, with its figure in the same run. peer: somebody else's way of
    doing it, in the same run; "" where none was run. target: what was asked, and in brackets what was aimed at.
    now: what was seen. ok: whether that meets what was asked.
    """

    measure: str
    floor: str
    peer: str
    target: str
    now: str
    ok: bool


HEADS = ("measure", "floor", "peer", "target", "now", "")


def table(rows: Sequence[Figure]) -> str:
    """In Markdown, as README.md quotes it; the last column says which targets were missed."""
    lines = [HEADS, ("---",) * len(HEADS)]
    lines += [(*astuple(row)[:-1], "" if row.ok else "missed") for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def say(found: Sequence[Figure]) -> None:
    """From a benchmark's process to the one that makes the table."""
    print(MARK + json.dumps([asdict(one) for one in found]), flush=True)


def figures_of(module: str) -> list[Figure]:
    """What one benchmark says, run in a process of its own; CalledProcessError where it fails."""
    code = f"from bench.figures import say; from {module} import figures; say(figures())"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    line = next(line for line in reversed(done.stdout.splitlines()) if line.startswith(MARK))
    return [Figure(**one) for one in json.loads(line.removeprefix(MARK))]


def failed(module: str, error: subprocess.CalledProcessError) -> Figure:
    empty = dict.fromkeys((field.name for field in fields(Figure)), "")
    return Figure(**empty | {"measure": module, "now": f"did not run (exit {error.returncode})", "ok": False})
