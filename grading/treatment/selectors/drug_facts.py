"""The standing facts behind the drug ledgers of one participant. Whoever asks has been let in before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from crsmonitor.accounts.models import User
from grading.course.record import readings
from grading.course.record.baselines import believed
from grading.models import Treatment, TreatmentCheck, TreatmentEnd
from grading.rules.drugs.names import TOCILIZUMAB, generic
from grading.rules.treatment.running import RUNS
from regimens.facts import Fact
from regimens.models import Measured, Measurement, Participant, Step
from regimens.planned import dose_under, plan_under
from regimens.rules.dose import PlannedDose

ON_SITE = "tocilizumab_on_site"  # doses of tocilizumab at hand before a step-up dose


def treatments_of(participant_id: int) -> list[Treatment]:
    """In order of time."""
    treatments = Treatment.objects.standing().filter(participant=participant_id)
    return list(treatments.select_related("recorded_by").order_by("observed_at", "id"))


def tocilizumab_of(participant_id: int) -> list[Treatment]:
    """By whichever of its names."""
    return [one for one in treatments_of(participant_id) if generic(one.drug) == TOCILIZUMAB]


def second_persons(treatments: Iterable[Treatment]) -> dict[UUID, User]:
    """Who was the first to check these versions, by the key of each. One query, where any needs a second person."""
    needing = [one.pk for one in treatments if one.needs_second_person]
    if not needing:
        return {}
    checks = TreatmentCheck.objects.standing().filter(treatment__in=needing).select_related("recorded_by")
    return {check.treatment_id: check.recorded_by for check in checks.order_by("-recorded_at")}


def weights_of(participant_id: int) -> list[Measurement]:
    """In order of time."""
    weights = Measurement.objects.standing().filter(
        participant=participant_id, kind=Measured.WEIGHT, value__isnull=False
    )
    return list(weights.order_by("observed_at", "id"))


def measures(fact: Fact | None, kind: Measured) -> bool:
    """Whether a new measurement (None), or this one, is of this kind."""
    return fact is None or (isinstance(fact, Measurement) and fact.kind == kind)


def weight_at(weights: Iterable[Measurement], at: datetime) -> Measurement | None:
    """The last of these up to an instant. None: there is none."""
    return max((one for one in weights if one.observed_at <= at), key=lambda one: one.observed_at, default=None)


def weight_before(participant_id: int, at: datetime) -> Decimal | None:
    """In kg. None: no weight is on record."""
    weight = weight_at(weights_of(participant_id), at)
    return None if weight is None else weight.value


def planned_dose(participant: Participant, step: Step, *, at: datetime) -> PlannedDose:
    """The dose of this step for the weight on record at `at` and for the cohort."""
    return planned_doses(participant, [step], at=at)[step.pk]


def planned_doses(participant: Participant, steps: Iterable[Step], *, at: datetime) -> dict[int, PlannedDose]:
    """The same of several steps of the participant's regimen, by the step's key."""
    plan = plan_under(participant.regimen)
    weight = None if plan is None else weight_before(participant.pk, at)
    return {step.pk: dose_under(plan, step, weight_kg=weight, cohort=participant.cohort) for step in steps}


def on_site(participant_id: int) -> Measurement | None:
    """The newest count of tocilizumab doses at hand. None: nobody recorded one."""
    return _newest(participant_id, ON_SITE)


def baseline_vasopressors(participant_id: int) -> Measurement | None:
    """Those taken before the first dose, or that there were none. None: not on record."""
    return _newest(participant_id, Measured.BASELINE_VASOPRESSORS)


def baseline_oxygen(participant_id: int) -> Measurement | None:
    """Oxygen used before the first dose: the device in `text`, L/min in `value`. None: not on record."""
    return _newest(participant_id, Measured.BASELINE_OXYGEN)


def _newest(participant_id: int, kind: str) -> Measurement | None:
    measurements = believed(Measurement.objects.standing().filter(participant=participant_id, kind=kind))
    return measurements.order_by("-observed_at").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTreatment:
    """Something that runs for a while. `end` None: nobody recorded a stop."""

    treatment: Treatment
    end: TreatmentEnd | None


def runs_of(participant_id: int, treatments: Iterable[Treatment]) -> list[RunningTreatment]:
    """Those of the treatments that run, each with its first stop."""
    ends: dict[object, TreatmentEnd] = {}
    standing = TreatmentEnd.objects.standing().filter(participant=participant_id).select_related("treatment")
    for end in standing.order_by("-observed_at", "id"):
        ends[end.treatment.root] = end  # the earliest stays
    return [RunningTreatment(treatment=one, end=ends.get(one.root)) for one in treatments if one.acts_as in RUNS]


def still_running(participant: Participant) -> list[Treatment]:
    """Those whose stop nobody recorded, the newest first."""
    runs = runs_of(participant.pk, treatments_of(participant.pk))
    return [run.treatment for run in runs if run.end is None][::-1]


def held_up_by(participant: Participant, *, at: datetime) -> list[Treatment]:
    """What the record has running at `at` that a set of vital signs is held against, in order of time: vasopressors,
    oxygen, fluid for CRS."""
    given = [
        one for one in treatments_of(participant.pk) if one.observed_at <= at and readings.support(one) is not None
    ]
    return [run.treatment for run in runs_of(participant.pk, given) if run.end is None or at < run.end.observed_at]
