"""What was so before the first dose, and what of it nobody recorded: for the banner and beside the gate's answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from grading.course.record.baselines import believed
from regimens.models import Dose, DoseStatus, Measured, Measurement, NeuroInstrument, Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRow:
    """`page`: where it is recorded. `measurement` None: nobody recorded it, which is never "normal"."""

    kind: Measured
    page: str
    measurement: Measurement | None


PAGES = {
    Measured.BASELINE_ICE: "baseline-neuro",
    Measured.BASELINE_CAPD: "baseline-neuro",
    Measured.BASELINE_SBP: "baseline-systolic",
    Measured.BASELINE_DBP: "baseline-diastolic",
    Measured.BASELINE_SPO2: "baseline-saturation",
    Measured.BASELINE_OXYGEN: "baseline-oxygen",
    Measured.BASELINE_VASOPRESSORS: "baseline-vasopressors",
    Measured.WEIGHT: "weight",
    Measured.LANGUAGE: "language",
}
ANY_TIME = frozenset({Measured.LANGUAGE})  # not only before the first dose


def baselines_of(participant: Participant) -> Sequence[BaselineRow]:
    """Each in the order of the enrolment page, the newest that is believed; for whoever has been let in."""
    other = Measured.BASELINE_ICE if participant.neuro_instrument == NeuroInstrument.CAPD else Measured.BASELINE_CAPD
    kept = believed(Measurement.objects.standing().filter(participant=participant, kind__in=PAGES))
    newest = {one.kind: one for one in kept.order_by("observed_at", "id")}
    return [
        BaselineRow(kind=kind, page=page, measurement=newest.get(kind)) for kind, page in PAGES.items() if kind != other
    ]


def may_come_later(participant: Participant) -> bool:
    """Whether a baseline that is missing may still be recorded: no dose was given that opens a period."""
    given = Dose.objects.standing().filter(participant=participant, step__opens_period=True)
    return not given.exclude(status=DoseStatus.NOT_GIVEN).exists()
