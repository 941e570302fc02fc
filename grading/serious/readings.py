"""F of a serious-event sheet: the readings that matter. The set of the onset, the worst of each sign, and the last."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from grading.course.record.readings import ice_score
from grading.serious.elements import instant_of
from grading.serious.facts import EventFacts
from grading.serious.sections import shown_at
from grading.words.wording import MEASURED, as_typed

Worst = Literal["highest", "lowest"]
# Field, unit in UCUM, and which end of it is the worst. Units of vital signs: grading/rules/grades/entry/limits.py.
SIGNS: tuple[tuple[str, str, Worst], ...] = (
    ("temperature_c", "Cel", "highest"),
    ("sbp", "mm[Hg]", "lowest"),
    ("mean_pressure", "mm[Hg]", "lowest"),
    ("heart_rate", "/min", "highest"),
    ("respiratory_rate", "/min", "highest"),
    ("spo2", "%", "lowest"),
    ("oxygen_flow_l_min", "L/min", "highest"),
    ("fio2_percent", "%", "highest"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetReading:
    """A value of one look. `why`: why it is told (onset, worst, last)."""

    name: str
    value: str
    unit: str
    at: datetime
    why: str
    fact: UUID

    def as_json(self, facts: EventFacts) -> dict[str, Any]:
        return {
            "F.r.1": instant_of(self.at, facts.zone), "F.r.2.1": self.name, "F.r.3.2": self.value,
            "F.r.3.3": self.unit, "why": self.why, "fact": str(self.fact),
        }  # fmt: skip

    def cells(self, facts: EventFacts) -> list[str]:
        return [shown_at(self.at, facts), self.name, f"{self.value} {self.unit}".strip(), self.why]


def readings_of(facts: EventFacts) -> list[SheetReading]:
    """By sign, of each in order of time. What nobody measured has no row."""
    rows: list[SheetReading] = []
    for field, unit, worst in SIGNS:
        rows += _of(facts.vitals, str(MEASURED[field]), unit, worst, lambda one, name=field: getattr(one, name))
    rows += _of(facts.neuro, "ICE", "", "lowest", lambda one: _number(ice_score(one)))
    rows += _of(facts.neuro, "CAPD", "", "highest", lambda one: _number(one.capd_score))
    return rows


def _number(score: int | None) -> Decimal | None:
    return None if score is None else Decimal(score)


def _of(
    looks: Sequence[Any], name: str | Promise, unit: str, worst: Worst, value_of: Callable[[Any], Decimal | None]
) -> Iterator[SheetReading]:
    """The first, the first of the worst, and the last of those that were measured, each once."""
    measured = [(one, value) for one in looks if (value := value_of(one)) is not None]
    if not measured:
        return
    values = [value for _one, value in measured]
    extreme = values.index(max(values) if worst == "highest" else min(values))
    words = {"highest": _("highest"), "lowest": _("lowest")}
    whys: dict[int, list[str]] = {}
    for place, why in ((0, _("first")), (extreme, words[worst]), (len(measured) - 1, _("last"))):
        whys.setdefault(place, []).append(why)
    for place in sorted(whys):
        one, value = measured[place]
        yield SheetReading(
            name=str(name), value=as_typed(value), unit=unit, at=one.observed_at, why=" / ".join(whys[place]),
            fact=one.pk,
        )  # fmt: skip
