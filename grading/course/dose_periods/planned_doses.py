"""What was planned of each dose of a record: of its regimen version, for the cohort and the last weight up to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from regimens.models import Dose, Measured, Measurement, Participant
from regimens.planned import dose_under, needs_weight, plan_under
from regimens.rules.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class DosePlan:
    """`dose` in the unit that was given; None: not known. `weighed_at`: when a weight up to it was recorded last."""

    dose: Decimal | None
    weighed_at: datetime | None


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


def planned_doses(participant: Participant, doses: Iterable[Dose]) -> dict[UUID, DosePlan]:
    """By the key of the dose, whose step and regimen are loaded. The weights are read only where a dose needs them."""
    plans: dict[int, Plan | None] = {}
    weights: Weights | None = None
    planned = {}
    for dose in doses:
        if dose.step.regimen_id not in plans:
            plans[dose.step.regimen_id] = plan_under(dose.step.regimen)
        plan, weight_kg, weighed_at = plans[dose.step.regimen_id], None, None
        if needs_weight(plan, dose.step):
            weights = weights or _weights_of(participant)
            weight_kg, weighed_at = weights.up_to(dose.observed_at), weights.recorded(dose.observed_at)
        one = dose_under(plan, dose.step, weight_kg=weight_kg, cohort=participant.cohort)
        planned[dose.pk] = DosePlan(dose=one.in_unit(dose.unit), weighed_at=weighed_at)
    return planned


def _weights_of(participant: Participant) -> Weights:
    versions = Measurement.objects.filter(participant=participant, kind=Measured.WEIGHT)
    return Weights(tuple(versions.order_by("observed_at", "id")))
