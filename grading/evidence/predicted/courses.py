"""The doses of each participant as the engine takes them: amounts, times and weight as they were, never as planned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from grading.evidence.outcomes import OutcomePeriod
from regimens.rules.canonical import hash_of

if TYPE_CHECKING:  # numpy: only where something is computed
    from regimens.design.observed.courses import GivenCourse

DOSE_NOT_KNOWN, DOSES_AT_ONCE = "dose_not_known", "doses_at_once"
MOST_DOSES = 100  # of the contract
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantCourse:
    """All doses of one participant up to the first whose amount is not known. `ends`: of their periods.

    `basis`: hash of what the prediction depends on, besides the band. `problem`: why there is none; empty: there is.
    """

    participant: int
    periods: tuple[OutcomePeriod, ...]
    ends: tuple[datetime, ...]
    basis: str
    problem: str


def courses_of(periods: Iterable[OutcomePeriod], *, last_period_d: float) -> list[ParticipantCourse]:
    each: dict[int, list[OutcomePeriod]] = {}
    for one in periods:
        each.setdefault(one.participant, []).append(one)
    return [_course(mine, last_period_d) for mine in each.values()]


def _course(mine: Sequence[OutcomePeriod], last_period_d: float) -> ParticipantCourse:
    """A period ends with the next dose; the last one with its risk window, or with observation where that is later."""
    known = tuple(takewhile(lambda one: one.dose_mg is not None, mine))[:MOST_DOSES]
    starts = [one.started_at for one in mine[: len(known) + 1]]
    ends = starts[1:]
    problem = "" if known else DOSE_NOT_KNOWN
    if known and len(ends) < len(known):
        last = known[-1]
        window = last.window_ends_at or last.started_at + last_period_d * DAY
        ends.append(max(window, last.ended_at or window))
    if any(start >= end for start, end in pairwise(starts)):
        problem = DOSES_AT_ONCE
    content = [(one.started_at, one.dose_mg, one.infusion_h, one.weight_kg) for one in known]
    return ParticipantCourse(
        participant=mine[0].participant, periods=known, ends=tuple(ends[: len(known)]),
        basis=hash_of({"course": content, "ends": ends, "problem": problem}), problem=problem,
    )  # fmt: skip


def given_course(course: ParticipantCourse) -> "GivenCourse":
    """In days since the first dose. The weight is the first that is known."""
    from regimens.design.doses import DosePeriod, VirtualDose
    from regimens.design.observed.courses import GivenCourse

    first = course.periods[0].started_at
    weight = next((one.weight_kg for one in course.periods if one.weight_kg is not None), None)
    return GivenCourse(
        doses=tuple(
            VirtualDose(
                t_d=(one.started_at - first) / DAY, mg=float(one.dose_mg or 0),
                infusion_h=None if one.infusion_h is None else float(one.infusion_h),
            )
            for one in course.periods
        ),
        periods=tuple(
            DosePeriod((one.started_at - first) / DAY, (end - first) / DAY)
            for one, end in zip(course.periods, course.ends, strict=True)
        ),
        weight_kg=None if weight is None else float(weight),
    )  # fmt: skip
