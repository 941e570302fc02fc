"""What was planned of each dose of a record: how much, for the cohort and the last weight up to it, and when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crsmonitor.database import rows
from regimens.models import Dose, Measured, Measurement, Participant, Step
from regimens.planned import dose_under, needs_weight, plan_under
from regimens.rules.gate.case import Case, Given
from regimens.rules.gate.steps import planned_days, planned_next
from regimens.rules.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePlan:
    """`dose` in the unit that was given; None: not known. `weighed_at`: when a weight up to it was recorded last.

    `weight_kg`: the last up to it; None: nobody weighed. `days`: planned from the dose `since` to the next one, which
    this is; None: the plan does not say, or it is the first.
    """

    dose: Decimal | None
    weighed_at: datetime | None
    weight_kg: Decimal | None
    since: datetime | None
    days: int | None


@dataclass(frozen=True, slots=True)
class Weights:
    """Every version of a participant's weights, in order of time."""

    versions: tuple[Measurement, ...]

    def up_to(self, at: datetime) -> Decimal | None:
        """The last that stands, in kg; of two at one instant the first by id. None: nobody weighed."""
        corrected = {one.supersedes_id for one in self.versions}
        standing = [one for one in self.versions if one.pk not in corrected and not one.withdrawn]
        known = [one for one in standing if one.value is not None and one.observed_at <= at]
        return max(known, key=lambda one: one.observed_at).value if known else None

    def recorded(self, at: datetime) -> datetime | None:
        """When one up to this instant came in last, also where a later version moved it behind, or took it back."""
        roots = {one.root for one in self.versions if one.observed_at <= at}
        return max((one.recorded_at for one in self.versions if one.root in roots), default=None)


def planned_doses(participant: Participant, doses: Iterable[Dose], given: Sequence[Dose]) -> dict[UUID, DosePlan]:
    """By the key of the dose, whose step and regimen are loaded. `given`: all that were, in order of time, also those
    that open no period: the plan counts its days from them too.
    """
    plans: dict[int, Plan | None] = {}
    weights = _weights_of(participant)
    planned = {}
    for dose in doses:
        if dose.step.regimen_id not in plans:
            plans[dose.step.regimen_id] = plan_under(dose.step.regimen)
        plan = plans[dose.step.regimen_id]
        weight_kg, weighed_at = weights.up_to(dose.observed_at), weights.recorded(dose.observed_at)
        for_dose = weight_kg if needs_weight(plan, dose.step) else None
        one = dose_under(plan, dose.step, weight_kg=for_dose, cohort=participant.cohort)
        before = [other for other in given if other.observed_at < dose.observed_at]
        planned[dose.pk] = DosePlan(
            dose=one.in_unit(dose.unit), weighed_at=weighed_at, weight_kg=weight_kg,
            since=before[-1].observed_at if before else None, days=_days_planned(plan, before, dose),
        )  # fmt: skip
    return planned


def _days_planned(plan: Plan | None, before: Sequence[Dose], dose: Dose) -> int | None:
    """From the last dose to the one that the plan has next, whatever was given instead of it.

    A version that was set up by hand says it of the step that was given.
    """
    if not before:
        return None
    if plan is None:
        return _days_by_hand(before[-1].step, dose.step)
    labels = {step.label for step in plan.steps}
    if any(one.step.label not in labels for one in before):  # given under a version that named its steps otherwise
        return None
    variant = dose.step.regimen.variant or None
    given = tuple(Given(step=one.step.label, t_hours=Decimal(place)) for place, one in enumerate(before))
    case = Case(plan=plan, now_h=Decimal(len(given)), variant=variant, doses=given)  # by the order of doses alone
    slot = planned_next(case)
    return None if slot is None else planned_days(case, slot, variant)


def _days_by_hand(last: Step, step: Step) -> int | None:
    if step.position > last.position and step.planned_day is not None and last.planned_day is not None:
        return step.planned_day - last.planned_day
    return step.interval_planned_d


def _weights_of(participant: Participant) -> Weights:
    which = "WHERE m.participant_id = $1 AND m.kind = $2 ORDER BY m.observed_at, m.id"
    return Weights(tuple(rows.find(Measurement, which, [participant.pk, Measured.WEIGHT.value])))
