"""What each dose period of a ladder has shown in the study: the counts on which the escalation rule answers.

A dose period of a rung is that of one step of its cohort's plan, in the order of the plan, and counts the participants
of the cohort by their first dose of that step (a convention: docs/conventions.md). A step that was given again, after a
delay or as a further target dose, is another exposure than the design's: it is shown apart and counted nowhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.evidence.outcomes import OutcomePeriod
from grading.rules.evidence.dose_outcomes import DoseOutcome

GRADE3 = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RungCount:
    """Of one dose period of a rung: participants given it, and how many of them are what.

    `grade3`: events of grade 3 or more, or of a grade that nobody knows. `again` and `again_events`: dose periods of
    participants who were given the step again.
    """

    rung: str
    period: int  # from 1
    step: str
    given: int
    events: int
    clear: int
    open: int
    undeterminable: int
    grade3: int
    again: int
    again_events: int

    @property
    def known(self) -> int:
        return self.events + self.clear


def rung_counts(
    periods: Iterable[OutcomePeriod], *, rungs: Mapping[str, str], steps: Sequence[str], lengths: Mapping[str, int],
    endpoint: str,
) -> tuple[RungCount, ...]:  # fmt: skip
    """In the order of the ladder and its dose periods, those that nobody was given among them.

    `rungs`: name of a rung -> its cohort, empty where the plan has none. `steps`: labels of the steps that open dose
    periods, in the order of the plan. `lengths`: name of a rung -> how many dose periods it has in the design.
    `endpoint`: of the design, grade2plus or any other (CRS of any grade).
    """
    first: dict[tuple[str, str], list[OutcomePeriod]] = {}
    again: dict[tuple[str, str], list[OutcomePeriod]] = {}
    had: set[tuple[int, str]] = set()
    for one in sorted(periods, key=lambda period: (period.participant, period.place)):
        place = (one.cohort, one.step)
        kept = again if (one.participant, one.step) in had else first
        kept.setdefault(place, []).append(one)
        had.add((one.participant, one.step))
    return tuple(
        _count(rung, number, step, first.get((cohort, step), ()), again.get((cohort, step), ()), endpoint)
        for rung, cohort in rungs.items()
        for number, step in enumerate(steps[: lengths[rung]], start=1)
    )


def _count(
    rung: str, number: int, step: str, first: Sequence[OutcomePeriod], again: Sequence[OutcomePeriod], endpoint: str
) -> RungCount:
    seen = [one.outcome(endpoint) for one in first]
    events = [one for one, outcome in zip(first, seen, strict=True) if outcome is DoseOutcome.EVENT]
    return RungCount(
        rung=rung, period=number, step=step, given=len(first), events=len(events),
        clear=seen.count(DoseOutcome.CLEAR), open=seen.count(DoseOutcome.OPEN),
        undeterminable=seen.count(DoseOutcome.UNDETERMINABLE),
        grade3=sum(one.grade is None or one.grade >= GRADE3 for one in events), again=len(again),
        again_events=sum(one.outcome(endpoint) is DoseOutcome.EVENT for one in again),
    )  # fmt: skip


def rows_of(counts: Iterable[RungCount]) -> list[dict[str, Any]]:
    """`data` of the contract: those of whom it is known."""
    return [
        {"regimen": one.rung, "period": one.period, "n": one.known, "events": one.events} for one in counts if one.known
    ]


def grade3_of(counts: Sequence[RungCount]) -> dict[str, int]:
    """`grade3` of the contract."""
    return {"events": sum(one.grade3 for one in counts), "of": sum(one.events for one in counts)}
