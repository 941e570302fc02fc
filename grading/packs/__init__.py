"""Threshold packs as files: what a study may start from, read and checked."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crsmonitor.yaml_once import UnreadableYAML, read_yaml
from grading.rules.alerts import BadPack, Threshold, read_thresholds
from grading.rules.drugs.pack import DrugRules, plain, read_drugs

DEFAULT = Path(__file__).parent / "default.yaml"
TITLE_LENGTH = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack that was checked. `stored` and `stored_drugs` are what the database keeps of it.

    `drugs` None: the pack has no rules for drugs.
    """

    title: str
    thresholds: tuple[Threshold, ...]
    drugs: DrugRules | None = None

    @property
    def stored(self) -> list[dict[str, Any]]:
        return [
            {"code": t.code.value, "kind": t.kind, "from_grade": t.from_grade, "source": t.source}
            for t in self.thresholds
        ]

    @property
    def stored_drugs(self) -> dict[str, Any] | None:
        return None if self.drugs is None else plain(self.drugs)


def read_pack(path: Path = DEFAULT) -> Pack:
    """The pack in a file. Raises BadPack with the place, OSError where the file cannot be read."""
    try:
        data = read_yaml(path, exact=True)
    except UnreadableYAML as error:
        raise BadPack(error.place, error.problem) from None
    if not isinstance(data, dict):
        raise BadPack("file", "an object with title and thresholds is needed")
    if unknown := {str(name) for name in data} - {"title", "thresholds", "drugs"}:
        raise BadPack(min(unknown), "unknown field")
    title = data.get("title")
    if not isinstance(title, str) or not title.strip() or len(title) > TITLE_LENGTH:
        raise BadPack("title", f"a text of 1 to {TITLE_LENGTH} characters is needed")
    thresholds = read_thresholds(_of_single_values(data.get("thresholds")))
    for place, one in enumerate(thresholds):
        if any((one.code, one.kind) == (other.code, other.kind) for other in thresholds[:place]):
            raise BadPack(f"thresholds[{place}]", f"{one.code} of {one.kind} is given twice")
    return Pack(title=title.strip(), thresholds=thresholds, drugs=read_drugs(data.get("drugs")))


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
