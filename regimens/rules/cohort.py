"""Cohort rules of a first-in-human study: what the other participants of a cohort mean for the next dose of one. Pure.

The study's own rules: nothing here is published, and what nobody said is unknown and holds.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from regimens.rules.gate.answer import HOLDING, Answer, Criterion, Decision, Standing, plain
from regimens.rules.plan import Cohort, Plan

SOURCE = "study protocol"
SECONDS_PER_HOUR = 3600
SENTINEL, STAGGERING, CLEARED = "sentinel_window", "staggering", "highest_cleared_step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another participant of the cohort. `window_complete`: of the first dose; None where nobody said."""

    first_dose_at: datetime
    window_complete: bool | None


def cohort_criteria(
    cohort: Cohort,
    *,
    plan: Plan,
    step: str,
    is_first_dose: bool,
    dose_at: datetime,
    others: Iterable[Other],
    cleared_to: str | None,
) -> tuple[Criterion, ...]:
    """`others`: those dosed before; `cleared_to`: the highest step that the study has cleared, None: nobody said."""
    dosed = sorted(others, key=lambda other: other.first_dose_at)
    return tuple(
        criterion
        for group in (
            _sentinel(cohort, dosed, is_first_dose=is_first_dose),
            _staggering(cohort, dosed, is_first_dose=is_first_dose, dose_at=dose_at),
            _cleared(plan, step, cleared_to),
        )
        for criterion in group
    )


def outside_cohorts(plan: Plan, name: str) -> tuple[Criterion, ...]:
    """Of a participant in none of the plan's cohorts: whose sentinel, staggering and clearance hold is not known."""
    values = {"cohort": name or "–", "known": ", ".join(one.name for one in plan.cohorts)}
    return tuple(
        Criterion(code=code, state=Standing.UNKNOWN, sentence="cohort_unknown", values=values, source=SOURCE)
        for code in (SENTINEL, STAGGERING, CLEARED)
    )


def with_cohort(answer: Answer, cohort: tuple[Criterion, ...]) -> Answer:
    """The gate's answer with the cohort's criteria: what holds there makes a hold that no clock of the dose lifts."""
    holds = [one for one in cohort if one.state in HOLDING]
    decision = Decision.HOLD if holds and answer.decision in (Decision.GO, Decision.RESTART) else answer.decision
    return Answer(
        decision=decision,
        step=answer.step,
        earliest_h=None if holds else answer.earliest_h,
        inpatient_hours=answer.inpatient_hours,
        criteria=(*answer.criteria, *cohort),
    )


def _sentinel(cohort: Cohort, dosed: list[Other], *, is_first_dose: bool) -> Iterator[Criterion]:
    """The first one's window is waited for before anybody else's first dose."""
    if not cohort.sentinel:
        return
    if not is_first_dose or not dosed:
        yield Criterion(code=SENTINEL, state=Standing.NOT_APPLICABLE, sentence="sentinel_is_first", source=SOURCE)
        return
    complete = dosed[0].window_complete
    state = Standing.UNKNOWN if complete is None else Standing.MET if complete else Standing.NOT_MET
    yield Criterion(code=SENTINEL, state=state, sentence=f"{SENTINEL}_{state.value}", source=SOURCE)


def _staggering(cohort: Cohort, dosed: list[Other], *, is_first_dose: bool, dose_at: datetime) -> Iterator[Criterion]:
    if cohort.staggering_h is None or not is_first_dose or not dosed:
        return
    since = Decimal((dose_at - dosed[-1].first_dose_at) // timedelta(seconds=1)) / SECONDS_PER_HOUR
    state = Standing.MET if since >= cohort.staggering_h else Standing.NOT_MET
    values = {"since": plain(since), "hours": plain(cohort.staggering_h)}
    yield Criterion(code=STAGGERING, state=state, sentence=STAGGERING, values=values, source=SOURCE)


def _cleared(plan: Plan, step: str, cleared_to: str | None) -> Iterator[Criterion]:
    """No step above the one that the study has cleared."""
    values = {"step": step, "cleared": cleared_to or ""}
    if cleared_to is None:
        yield Criterion(code=CLEARED, state=Standing.UNKNOWN, sentence="cleared_unknown", values=values, source=SOURCE)
        return
    state = Standing.MET if plan.step(step).position <= plan.step(cleared_to).position else Standing.NOT_MET
    yield Criterion(code=CLEARED, state=state, sentence=f"cleared_{state.value}", values=values, source=SOURCE)
