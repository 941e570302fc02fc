"""The observation plan of one dose, from its step and the regimen version it was given under."""

from dataclasses import replace
from datetime import datetime

from grading.models import CurrentState, DosePeriod
from grading.rules.course.slots import TIGHTENED, Plans, read
from regimens.models import Clock, Dose, DoseEnd, Step
from regimens.rules.schedule import (
    Kind,
    SlotPlan,
    SlotState,
    Window,
    plan_of,
    slot_states,
    slots,
    up_to_the_next,
    window_of,
)
from regimens.rules.tightening import read_tightening


def window_for(dose: Dose, *, infusion_ended_at: datetime | None) -> Window | None:
    """The observation window of a dose whose step is loaded. None: its clock has not started."""
    return window_of(
        clock=dose.step.inpatient_clock,
        dosed_at=dose.observed_at,
        infusion_ended_at=infusion_ended_at,
        length_h=dose.step.inpatient_h,
        longer_h=dose.longer_h,
    )


def plans_for(step: Step, *, dosed_at: datetime, window: Window | None) -> Plans:
    """What is planned after a dose of this step; `step.regimen` is loaded."""
    tightening = read_tightening(step.regimen.tightening)

    def plan(kind: Kind) -> SlotPlan | None:
        return plan_of(
            kind,
            every_h=step.vitals_every_h if kind == Kind.VITALS else step.neuro_every_h,
            grace_minutes=step.regimen.grace_minutes,
            tightening=tightening,
            window=window,
            clock=step.inpatient_clock,
            dosed_at=dosed_at,
        )

    return Plans(vitals=plan(Kind.VITALS), neuro=plan(Kind.NEURO), tightening=tightening)


def plans_of_period(period: DosePeriod) -> Plans:
    """The same for a stored period, whose dose, step and regimen are loaded."""
    ended_at = None
    if period.step.inpatient_clock == Clock.INFUSION_END:
        ends = DoseEnd.objects.standing().filter(participant=period.participant_id, dose__root=period.dose.root)
        ended_at = ends.order_by("observed_at").values_list("observed_at", flat=True).first()
    return _plans_stored(period, period.step, infusion_ended_at=ended_at)


def plans_running(state: CurrentState, period: DosePeriod) -> Plans:
    """The same for the running period of a participant who is held: nothing is read again."""
    step, regimen = state.step, state.participant.regimen
    assert step is not None  # there is a period
    if step.regimen_id == regimen.pk:  # held already; another version only where it was amended since the dose
        step.regimen = regimen
    return _plans_stored(period, step, infusion_ended_at=state.dose_ended_at)


def _plans_stored(period: DosePeriod, step: Step, *, infusion_ended_at: datetime | None) -> Plans:
    """With the window as the period keeps it."""
    began = window_of(
        clock=step.inpatient_clock, dosed_at=period.started_at, infusion_ended_at=infusion_ended_at, length_h=None
    )
    window = None if began is None else replace(began, ends_at=period.window_ends_at)
    return plans_for(step, dosed_at=period.started_at, window=window)


def slot_states_of(period: DosePeriod, plans: Plans, kind: Kind, *, at: datetime) -> list[SlotState] | None:
    """The slots of a period and what became of them. None: nothing of this kind is planned.

    Of a window without a known end: what has begun, and the next.
    """
    plan = plans.of(kind)
    if plan is None:
        return None
    planned = slots(plan, read(period.slot_sets, TIGHTENED) if plan.tiers else ())
    return slot_states(
        planned if plan.ends_at is not None else up_to_the_next(planned, at),
        observations=read(period.slot_sets, kind),
        excused=read(period.excused, kind),
        at=at,
        stops_at=period.ended_at,
    )
