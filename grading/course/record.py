"""All standing facts of one participant, and each as the timeline reads it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from grading import readings
from grading.models import Attribution, NeuroAssessment, Treatment, VitalSigns
from grading.rules import timeline
from grading.rules.timeline import CRS, ICANS, Event, Look
from regimens.facts import Fact
from regimens.models import (
    Disposition,
    DispositionKind,
    Dose,
    DoseEnd,
    DoseStatus,
    Measured,
    Measurement,
    NeuroInstrument,
    Participant,
    Stay,
    StayEnd,
)

_MASKING = {masking.value for masking in timeline.Masking}
_DEATHS = {DispositionKind.DEATH_CRS: CRS, DispositionKind.DEATH_ICANS: ICANS, DispositionKind.DEATH_OTHER: "other"}


@dataclass(slots=True)
class Record:
    """All standing facts of one participant, each list in order of time."""

    participant: Participant
    doses: list[Dose]
    dose_ends: list[DoseEnd]
    vitals: list[VitalSigns]
    neuro: list[NeuroAssessment]
    treatments: list[Treatment]
    attributions: list[Attribution]
    measurements: list[Measurement]
    stays: list[Stay]
    stay_ends: list[StayEnd]
    dispositions: list[Disposition]


_NEEDS: dict[type[Any], str] = {Dose: "step", DoseEnd: "dose", StayEnd: "stay"}


def load(participant: Participant) -> Record:
    def standing(model: type[Any]) -> list[Any]:
        rows = model.objects.standing().filter(participant=participant)
        return list(rows.select_related(_NEEDS[model]) if model in _NEEDS else rows)

    return Record(
        participant,
        *(
            sorted(standing(model), key=lambda fact: fact.observed_at)
            for model in (
                Dose, DoseEnd, VitalSigns, NeuroAssessment, Treatment, Attribution, Measurement, Stay, StayEnd,
                Disposition,
            )
        ),
    )  # fmt: skip


# --- Facts as events ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Baseline:
    """What a look is compared with: the newest measurement before it."""

    sbp: Decimal | None = None
    prompt_below: Decimal | None = None

    def take(self, measurement: Measurement) -> None:
        if measurement.kind == Measured.BASELINE_SBP:
            self.sbp = measurement.value
        elif measurement.kind == Measured.SBP_PROMPT:
            self.prompt_below = measurement.value


def event_of(fact: Fact, *, participant: Participant, baseline: Baseline) -> Event | None:
    """The fact as the timeline reads it. None: it does not bear on the course."""
    at, root = fact.observed_at, str(fact.root)
    match fact:
        case VitalSigns():
            seen = readings.crs_inputs(fact, baseline_sbp=baseline.sbp, sbp_prompt_below=baseline.prompt_below)
            return Look(at=at, id=str(fact.id), root=root, seen=seen)
        case NeuroAssessment():
            pediatric = participant.neuro_instrument == NeuroInstrument.CAPD
            return Look(at=at, id=str(fact.id), root=root, seen=readings.icans_inputs(fact, pediatric=pediatric))
        case Dose() if fact.status != DoseStatus.NOT_GIVEN:
            return timeline.DoseGiven(at=at, root=root)
        case Treatment() if fact.drug_class in _MASKING:
            treats = fact.indication not in ("premedication", "prophylaxis")
            return timeline.Treated(at=at, masking=timeline.Masking(fact.drug_class), treats=treats)
        case Attribution():
            return timeline.Attributed(at=at, until=fact.until, sign=fact.sign)
        case Disposition() if fact.kind in _DEATHS:
            return timeline.Died(at=at, root=root, cause=_DEATHS[DispositionKind(fact.kind)])
    return None


def events_of(record: Record) -> list[Event]:
    baseline, found = Baseline(), []
    facts: list[Fact] = [
        *record.measurements, *record.doses, *record.treatments, *record.attributions, *record.vitals,
        *record.neuro, *record.dispositions,
    ]  # fmt: skip
    for fact in sorted(facts, key=lambda f: (f.observed_at, not isinstance(f, Measurement))):
        if isinstance(fact, Measurement):
            baseline.take(fact)
        elif (event := event_of(fact, participant=record.participant, baseline=baseline)) is not None:
            found.append(event)
    return found
