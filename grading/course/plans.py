"""The observation plan of one dose, from its step and the regimen version it was given under."""

from datetime import datetime

from grading.models import DosePeriod
from grading.rules.slots import TIGHTENED, Plans, read
from regimens.models import Clock, DoseEnd, Step
from regimens.rules.schedule import Bead, Kind, Plan, Window, beads, plan_of, slots, up_to_the_next, window_of
from regimens.rules.tightening import read_tightening


def window_for(step: Step, *, dosed_at: datetime | None, infusion_ended_at: datetime | None) -> Window | None:
    """The inpatient window of a dose of this step. None: its clock has not started."""
    return window_of(
        clock=step.inpatient_clock,
        dosed_at=dosed_at,
        infusion_ended_at=infusion_ended_at,
        length_h=step.inpatient_h,
    )


def plans_for(step: Step, *, dosed_at: datetime, infusion_ended_at: datetime | None) -> Plans:
    """What is planned after a dose of this step; `step.regimen` is loaded."""
    window = window_for(step, dosed_at=dosed_at, infusion_ended_at=infusion_ended_at)
    tightening = read_tightening(step.regimen.tightening)

    def plan(kind: Kind) -> Plan | None:
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
    return plans_for(period.step, dosed_at=period.started_at, infusion_ended_at=ended_at)


def beads_of(period: DosePeriod, plans: Plans, kind: Kind, *, at: datetime) -> list[Bead] | None:
    """The slots of a period and what became of them. None: nothing of this kind is planned.

    Of a window without a known end: what has begun, and the next.
    """
    plan = plans.of(kind)
    if plan is None:
        return None
    planned = slots(plan, read(period.slot_sets, TIGHTENED) if plan.tiers else ())
    return beads(
        planned if plan.ends_at is not None else up_to_the_next(planned, at),
        looks=read(period.slot_sets, kind),
        excused=read(period.excused, kind),
        at=at,
        stops_at=period.ended_at,
    )
