"""The next-dose gate: whether the next dose may be given, which one, and from when. It proposes; a person decides."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from regimens.rules.gate import criteria
from regimens.rules.gate.answer import HOLDING, Answer, Criterion, Decision, Standing, plain
from regimens.rules.gate.case import NINE, Case, Given, State
from regimens.rules.gate.grades import Asked, asked_after, inpatient_after, longer_rules
from regimens.rules.gate.steps import Delay, delay, planned_next
from regimens.rules.plan import After, Observation, Plan, PlannedStep, Setting


def decide(
    plan: Plan,
    *,
    now_h: Decimal,
    doses: tuple[Given, ...],
    state: State,
    variant: str | None = None,
    zero_local: datetime = NINE,
) -> Answer:
    """Hours count from hour 0; `zero_local` is the site's wall clock then, its zone not looked at.

    `doses` in any order, none after `now_h`. Raises KeyError for a step the plan does not have.
    """
    in_order = tuple(sorted(doses, key=lambda dose: dose.t_hours))
    zero = zero_local.replace(tzinfo=None)
    return decide_case(
        Case(plan=plan, now_h=now_h, doses=in_order, state=state, variant=variant, zero_local=zero)
    )  # fmt: skip


def decide_case(case: Case) -> Answer:
    """The same of a case that is put together already."""
    slot = planned_next(case)
    late, events = delay(case, slot), [asked_after(case, after, slot) for after in After]
    step, restarts = _step(slot, late, events)
    criteria = tuple(_criteria(case, slot, step, late, events, restarts=restarts))
    decision = _decision(criteria, events, restarts=restarts)
    stops = decision is Decision.STOP
    return Answer(
        decision=decision,
        step=None if stops or step is None else step.label,
        earliest_h=None if stops else _earliest(criteria, decision, case.now_h),
        inpatient_hours=None if stops or step is None else _inpatient(case, step),
        criteria=criteria,
    )


def _step(slot: PlannedStep | None, late: Delay | None, events: list[Asked]) -> tuple[PlannedStep | None, bool]:
    """The step to give, and whether it is one to restart at. Of several, the earliest of the plan."""
    restarts = [targets.goes_to for targets in events if targets.restarts]
    if late is not None and late.restart is not None:
        restarts.append(late.restart)
    targets = [*restarts, *(one.goes_to for one in events), None if late is None else late.resume]
    instead = [step for step in targets if step is not None]
    return min(instead, key=lambda step: step.position, default=slot), bool(restarts)


def _criteria(
    case: Case,
    slot: PlannedStep | None,
    step: PlannedStep | None,
    late: Delay | None,
    events: list[Asked],
    *,
    restarts: bool,
) -> Iterator[Criterion]:
    if step is None:
        yield Criterion(code="next_step", state=Standing.NOT_MET, sentence="plan_over", source="")
    resumes = late is not None and late.resume is not None
    yield criteria.minimum_interval(case, slot or step, restarts=restarts, resumes=resumes)
    if late is not None:
        yield late.criterion
    yield criteria.window_complete(case)
    for after, event in zip(After, events, strict=True):
        yield criteria.resolved(case, after, slot)
        yield event.criterion
    yield criteria.ice_at_baseline(case)
    yield criteria.active_infection(case)
    yield criteria.tocilizumab_on_site(case, step)
    yield from criteria.washouts(case)
    yield from criteria.never_asked()
    if step is not None:
        yield _observation(case, step)


def _decision(criteria: tuple[Criterion, ...], events: list[Asked], *, restarts: bool) -> Decision:
    if any(event.stops for event in events):
        return Decision.STOP
    if any(criterion.state in HOLDING for criterion in criteria):
        return Decision.HOLD
    return Decision.RESTART if restarts else Decision.GO


def _earliest(criteria: tuple[Criterion, ...], decision: Decision, now_h: Decimal) -> Decimal | None:
    if any(criterion.state in HOLDING and criterion.from_h is None for criterion in criteria):
        return None
    clocks = [criterion.from_h for criterion in criteria if criterion.from_h is not None]
    if decision is Decision.HOLD:
        return max(clocks)
    return min(max(Decimal(0), *clocks), now_h) if clocks else now_h


# --- Observation after the step to give -----------------------------------------------------------------------


def _windows(case: Case, step: PlannedStep) -> list[Observation | None] | None:
    """What each region that may be followed asks for after `step`. None: the plan says nothing of one of them."""
    try:
        return [_nearest(criteria.observations_of(case, step.label, variant)) for variant in case.variants]
    except KeyError:
        return None


def _nearest(windows: tuple[Observation, ...]) -> Observation | None:
    """Of several after one dose, the one nearest to the bed: what follows it elsewhere is not inpatient."""
    places = [one.setting for one in windows]
    nearest = next((place for place in (Setting.HOSPITAL, None, *Setting) if place in places), None)
    return criteria.longest(one for one in windows if one.setting is nearest)


def _inpatient(case: Case, step: PlannedStep) -> Decimal | None:
    """Hours of observation after `step`, the longer for what happened before. None: not named, or not known."""
    possible: set[Decimal | None] = set()
    windows = _windows(case, step) or [None] * len(case.variants)  # what an earlier grade asks for is known even so
    for variant, window in zip(case.variants, windows, strict=True):
        for longer in inpatient_after(case, step, variant):
            if window is None:
                possible.add(longer)
            else:
                possible.add(None if window.hours is None else max(window.hours, longer or Decimal(0)))
    return possible.pop() if len(possible) == 1 else None


def longer_after(case: Case, step: PlannedStep) -> Decimal | None:
    """The most hours that earlier grades may ask for with `step` (convention G15).

    None: none of them asks for any, or its window has no known length, and so goes on anyway.
    """
    windows = _windows(case, step) or ()
    if any(one is not None and one.hours is None for one in windows):
        return None
    possible = (hours for variant in case.variants for hours in inpatient_after(case, step, variant))
    return max((hours for hours in possible if hours is not None), default=None)


def _observation(case: Case, step: PlannedStep) -> Criterion:
    """How long, where and why: told beside the decision, and nothing that decides it."""
    hours, windows, values = _inpatient(case, step), _windows(case, step), {"step": step.label}
    window = next((one for one in windows or () if one is not None), None)
    sentence, source = "observe_unknown", "" if window is None else window.source
    if hours is None:
        sentence = "observe_none" if windows is not None and window is None else sentence
    elif window is None or window.hours is None or hours > window.hours:
        rules = [rule for rule in longer_rules(case, step) if rule.inpatient_h == hours]
        sentence, source = "observe_longer", rules[0].source
        values |= {"hours": plain(hours), "rule": "; ".join(dict.fromkeys(rule.text for rule in rules))}
    else:
        sentence, values = "observe_hours", values | {"hours": plain(hours), "rule": window.text}
    return Criterion(
        code="observation_after_dose", state=Standing.NOT_APPLICABLE, sentence=sentence, values=values,
        source=case.source(source),
    )  # fmt: skip
