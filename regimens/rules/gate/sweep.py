"""Every transition of a plan through the gate, on its printed day with everything clear, and in five worse ways. Pure.

What it finds is a table for people: where the gate holds although nobody did anything wrong, and what would lift it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from regimens.rules.gate.answer import Answer
from regimens.rules.gate.case import Case, Given, State
from regimens.rules.gate.decide import decide_case
from regimens.rules.gate.steps import latest_days, planned_days, planned_next
from regimens.rules.plan import Plan, PlannedStep

DAY_H = 24
WEEK = 7  # days after which it is asked where no source prints the day
CLEAR = State(
    crs_open=False, last_crs_grade=0, grade3_plus_crs_events=0, icans_open=False, last_icans_grade=0,
    ice_at_baseline=True, window_complete=True, indeterminate_sets=False, tocilizumab_on_site=2,
    active_infection=False,
)  # fmt: skip
ON_TIME, LATE = "on the day", "late"
CRS, ICANS = "CRS", "ICANS"
WAYS = (ON_TIME, *(f"{event} {grade}" for event in (CRS, ICANS) for grade in (1, 2, 3)), LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """From the last of `doses` to the step after it. `next_step` and `day` None: the plan prints none.

    `answers`: one a way in which it was asked, in the order of WAYS. `late_d`: days after the last dose of the late
    one; None: nobody knows when it is late, and it was not asked.
    """

    plan: Plan
    variant: str | None
    doses: int
    last: str
    next_step: str | None
    day: int | None
    late_d: int | None
    answers: dict[str, Answer]


def transitions(plan: Plan) -> Iterator[Transition]:
    """Of every region whose label the plan knows, after each step; after one that repeats also from one part of its
    printed days to the next, and after the last time.
    """
    regions: list[str | None] = [one.code for one in plan.variants]
    for variant in regions or [None]:
        for step in plan.steps:
            for times in _times(step):
                yield _transition(plan, variant, step, times)


def _times(step: PlannedStep) -> list[int]:
    """How many doses of the step in a row are looked at: where the days to the next one change."""
    if not step.repeats:
        return [1]
    ends, given = {1}, 0
    for cycle in step.cycles:
        given += 0 if cycle.last is None else (cycle.last - cycle.first + 1) * len(cycle.days)
        ends.add(max(given, 1))
    return sorted(ends | ({step.times} if step.times is not None else set()))


def _transition(plan: Plan, variant: str | None, step: PlannedStep, times: int) -> Transition:
    apart = WEEK * DAY_H  # only the last dose's day counts; the others only say how often it was given
    doses = tuple(Given(step=step.label, t_hours=Decimal(apart * number)) for number in range(times))
    case = Case(plan=plan, variant=variant, doses=doses, now_h=doses[-1].t_hours, state=CLEAR)
    slot = planned_next(case)
    day = None if slot is None else planned_days(case, slot, variant)
    late_d = latest_days(case, slot)
    cases = {way: _case_of_way(case, way, WEEK if day is None else day) for way in WAYS[:-1]}
    if late_d is not None:
        cases[LATE] = _case_of_way(case, LATE, late_d)
    return Transition(
        plan=plan, variant=variant, doses=times, last=step.label, next_step=None if slot is None else slot.label,
        day=day, late_d=late_d, answers={way: decide_case(one) for way, one in cases.items()},
    )  # fmt: skip


def _case_of_way(case: Case, way: str, days: int) -> Case:
    """So many days after the last dose. An event is resolved for as long as may be: since the dose itself."""
    now_h = case.now_h + days * DAY_H
    return replace(case, now_h=now_h, state=_state(way, since=now_h - case.now_h))


def _state(way: str, *, since: Decimal) -> State:
    event, _, grade = way.partition(" ")
    if event == CRS:
        severe = 1 if int(grade) >= 3 else 0
        return replace(CLEAR, last_crs_grade=int(grade), hours_since_crs_resolved=since, grade3_plus_crs_events=severe)
    if event == ICANS:
        return replace(CLEAR, last_icans_grade=int(grade), hours_since_icans_resolved=since)
    return CLEAR
