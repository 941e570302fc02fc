"""Threshold packs as files: what a study may start from, read and checked."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from grading.rules.alerts import BadPack, Threshold, read_thresholds

DEFAULT = Path(__file__).parent / "default.yaml"
TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack that was checked. `stored` is what the database keeps of its thresholds."""

    title: str
    thresholds: tuple[Threshold, ...]

    @property
    def stored(self) -> list[dict[str, Any]]:
        return [
            {"code": t.code.value, "kind": t.kind, "from_grade": t.from_grade, "source": t.source}
            for t in self.thresholds
        ]


class _OneValueEach(yaml.SafeLoader):
    """YAML takes the last of two values under one name; nobody knows which one was meant."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        names = [self.construct_object(key, deep=True) for key, _value in node.value]
        for place, name in enumerate(names):
            if name in names[:place]:
                line = node.value[place][0].start_mark.line + 1
                raise BadPack(f"line {line}", f"{name} is given twice")
        return super().construct_mapping(node, deep)


def read_pack(path: Path = DEFAULT) -> Pack:
    """The pack in a file. Raises BadPack with the place, OSError where the file cannot be read."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_OneValueEach)  # noqa: S506  a SafeLoader
    except UnicodeDecodeError:
        raise BadPack("file", "it is not UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadPack(f"line {line}", f"not YAML: {error.problem}") from None
    except yaml.YAMLError:
        raise BadPack("file", "not YAML") from None
    if not isinstance(data, dict):
        raise BadPack("file", "an object with title and thresholds is needed")
    if unknown := {str(name) for name in data} - {"title", "thresholds"}:
        raise BadPack(min(unknown), "unknown field")
    title = data.get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > TITLE_LENGTH:
        raise BadPack("title", f"a text of 1 to {TITLE_LENGTH} characters is needed")
    thresholds = read_thresholds(_of_single_values(data.get("thresholds")))
    for place, one in enumerate(thresholds):
        if any((one.code, one.kind) == (other.code, other.kind) for other in thresholds[:place]):
            raise BadPack(f"thresholds[{place}]", f"{one.code} of {one.kind} is given twice")
    return Pack(title=title.strip(), thresholds=thresholds)


def _of_single_values(thresholds: object) -> object:
    """The same, if no field of a threshold is itself a list or an object. Raises BadPack."""
    for place, one in enumerate(thresholds if isinstance(thresholds, list) else ()):
        for name, value in one.items() if isinstance(one, dict) else ():
            if isinstance(value, list | dict):
                raise BadPack(f"thresholds[{place}].{name}", "a single value is needed")
    return thresholds


def differences(before: tuple[Threshold, ...], after: tuple[Threshold, ...]) -> list[str]:
    """What becomes different, a line each. Empty: the same thresholds from the same sources."""
    old, new = ({(t.kind, t.code.value): t for t in pack} for pack in (before, after))
    lines = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key), new.get(key)
        name = f"{key[0]} {key[1]}"
        if was is None and now is not None:
            lines.append(f"+ {name} from grade {now.from_grade}")
        elif now is None and was is not None:
            lines.append(f"- {name} from grade {was.from_grade}")
        elif was is not None and now is not None:
            if was.from_grade != now.from_grade:
                lines.append(f"~ {name} from grade {was.from_grade} -> {now.from_grade}")
            if was.source != now.source:
                lines.append(f"~ {name} source: {was.source} -> {now.source}")
    return lines


def untold(thresholds: tuple[Threshold, ...]) -> list[str]:
    """Grades at which nobody would be told, a line for each kind. A pack may say so; its author should see it."""
    lines = []
    for kind in ("crs", "icans"):
        first = min((t.from_grade for t in thresholds if t.kind == kind), default=5)
        if first > 1:
            lines.append(
                f"{kind}: nobody is told below grade {first}" if first < 5 else f"{kind}: nobody is told at all"
            )
    return lines
