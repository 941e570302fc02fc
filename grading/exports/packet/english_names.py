"""What a step that is not called in ASCII is called in transport files: its kind and its number among those, as
exports.md names them (STEP-UP 1, FULL DOSE 1)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from grading.exports.formats.cells import Row
from grading.exports.formats.plain_text import in_ascii
from regimens.models import Dose, Step, StepKind, Study

KINDS = {StepKind.STEP_UP: "STEP-UP", StepKind.TARGET: "FULL DOSE", StepKind.PRETREATMENT: "PRETREATMENT"}
SHOWN = 40  # characters of a label that the files have


def english_names(study: Study) -> dict[str, str]:
    """Label in the files -> what stands for it, of the labels that are not ASCII. No two labels have the same.

    Of a label in several regimens or versions the first one's place counts. Runs inside `known_at`: a regimen that
    nobody had a dose of by then has no say, so that the names are the same when the packet is built again.
    """
    given = Dose.objects.filter(participant__study=study).values("step__regimen")
    steps = list(Step.objects.filter(regimen__in=given).select_related("regimen").order_by(
        "regimen__code", "regimen__version", "position"
    ))  # fmt: skip
    labels = [(step.short_label or step.label)[:SHOWN] for step in steps]
    taken = {in_ascii(label) for label in labels if in_ascii(label).isascii()}
    places: Counter[tuple[int, str]] = Counter()
    names: dict[str, str] = {}
    for step, label in zip(steps, labels, strict=True):
        places[step.regimen_id, step.kind] += 1
        if in_ascii(label).isascii() or label in names:
            continue
        name = f"{KINDS[StepKind(step.kind)]} {places[step.regimen_id, step.kind]}"
        for one in (name, f"{name} V{step.regimen.version}", f"{name} {step.regimen.code} V{step.regimen.version}"):
            if one not in taken and len(one) <= SHOWN:
                names[label] = one
                taken.add(one)
                break
    return names


@dataclass(frozen=True, slots=True)
class EnglishNames:
    """`used`: those that a file has."""

    names: Mapping[str, str]
    used: dict[str, str] = field(default_factory=dict)

    def rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Cells that are such a label, and no others, get the name."""
        for row in rows:
            for label in self.names.keys() & set(row):
                self.used[str(label)] = self.names[str(label)]
            yield tuple(self.names.get(cell, cell) if cell is not None else None for cell in row)
