"""What the sets of a story could show, counted in plain words and without the grader. Pure.

CRS shows in the set that finds 38.0 °C or more; it is over when a day of sets finds neither fever nor low pressure
nor oxygen; a fever before that is the same event. It belongs to the last dose before it was first seen. In a set with
a part left out only what was taken counts: it can begin an event and make it worse, and is no sign that it is over.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.simulation.assumed import MINUTES_PER_HOUR, RESOLUTION_H
from grading.simulation.vitals import Vitals

FEVER_FROM_C = 38
HIGH_FLOW, PRESSURE_SUPPORT = ("high_flow_nasal_cannula",), ("bipap",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGrades:
    """`grades`: dose (its place in `dosed_at`) -> the worst that its event showed. Doses without an event are absent.

    `joined`: doses after which a sign was seen (a fever, low pressure or oxygen) while an earlier event was not known
    to be over: it counts for that event. `over`: doses whose event was known to be over before the next dose.
    """

    grades: dict[int, int]
    joined: frozenset[int]
    over: frozenset[int]


def shown(sets: Iterable[Vitals], dosed_at: Sequence[int]) -> ShownGrades:
    """`sets`: those that were taken. `dosed_at`: start of each dose that opens a period; in minutes, in order."""
    grades: dict[int, int] = {}
    joined: set[int] = set()
    over: set[int] = set()
    of_dose: int | None = None  # the dose whose event goes on
    free_since: int | None = None
    for seen in sorted(sets, key=lambda one: one.at):
        dose = sum(at <= seen.at for at in dosed_at) - 1
        fever, support = has_fever(seen), support_grade(seen)
        if of_dose is None:
            if fever and dose >= 0:
                of_dose, free_since = dose, None
                grades[dose] = max(grades.get(dose, 0), support, 1)
            continue
        if fever or support:
            free_since = None
            grades[of_dose] = max(grades[of_dose], support)
            if dose > of_dose:
                joined.add(dose)
            continue
        if not seen.whole:
            continue
        free_since = seen.at if free_since is None else free_since
        if seen.at - free_since >= RESOLUTION_H * MINUTES_PER_HOUR:
            if dose == of_dose:
                over.add(dose)
            of_dose = None
    return ShownGrades(grades=grades, joined=frozenset(joined), over=frozenset(over))


def has_fever(seen: Vitals) -> bool:
    """A fever was measured."""
    return seen.temperature_c is not None and seen.temperature_c >= FEVER_FROM_C


def support_grade(seen: Vitals) -> int:
    """2 fluid or oxygen at low flow, 3 one vasopressor or high flow, 4 two vasopressors or positive pressure."""
    if len(seen.vasopressors) > 1 or seen.oxygen_device in PRESSURE_SUPPORT:
        return 4
    if seen.vasopressors or seen.oxygen_device in HIGH_FLOW:
        return 3
    if seen.hypotension or seen.fluid_bolus or seen.oxygen_device != "room_air":
        return 2
    return 0
