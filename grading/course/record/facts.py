"""The standing facts of one participant, and each as the timeline reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from crsmonitor.database import rows
from grading.course.dose_periods.releases import standing_releases
from grading.course.episode_assessments import AssessedEpisodes, assessed_episodes
from grading.course.record import readings
from grading.course.record.baselines import believed
from grading.course.record.masks import Masks
from grading.course.record.on_record import kinds_on_record
from grading.models import Attribution, GradeAssessment, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.rules.course.events import (
    CRS,
    ICANS,
    Attributed,
    Died,
    DoseGiven,
    Event,
    Observation,
    RunBegan,
    RunEnded,
    Treated,
)
from grading.rules.drugs.agents import names_in
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.treatment.indication import opens_waiver
from grading.rules.treatment.masking_hours import Masking
from regimens.facts import Fact, by_time
from regimens.models import (
    Disposition,
    DispositionKind,
    Dose,
    DoseCheck,
    DoseEnd,
    DoseRelease,
    DoseStatus,
    Measured,
    Measurement,
    MissedObservationReason,
    NeuroInstrument,
    Participant,
    Regimen,
    Site,
    Stay,
    StayEnd,
    Step,
    Transfer,
)
from regimens.rules.transfers import Move

_DEVICES = frozenset(OxygenDevice)
_MASKING = {masking.value for masking in Masking}
_DEATHS = {DispositionKind.DEATH_CRS: CRS, DispositionKind.DEATH_ICANS: ICANS, DispositionKind.DEATH_OTHER: "other"}


@dataclass(slots=True)
class Record:
    """The standing facts of one participant, each list in order of time; no pretreatment among the doses: one that
    is no T-cell engager opens no dose period.

    `given`: every dose that was given, also one that opens no period. `since`, `until`: sets, assessments, attributions
    and measurements are there from the one instant on and before the other, the rest all. None: all. `sites`: every one
    where the participant is or was, by its key. `dose_checks`: every version, also those that no longer stand.
    """

    participant: Participant
    since: datetime | None
    until: datetime | None
    doses: list[Dose]
    given: list[Dose]
    releases: list[DoseRelease]
    dose_ends: list[DoseEnd]
    stays: list[Stay]
    stay_ends: list[StayEnd]
    dispositions: list[Disposition]
    missed_observation_reasons: list[MissedObservationReason]
    treatments: list[Treatment]
    treatment_ends: list[TreatmentEnd]
    vitals: list[VitalSigns]
    neuro: list[NeuroAssessment]
    attributions: list[Attribution]
    measurements: list[Measurement]
    judged: AssessedEpisodes
    moves: list[Move]
    sites: Mapping[int, Site]
    dose_checks: list[DoseCheck]


_NEEDS: dict[type[Any], str] = {DoseEnd: "dose", StayEnd: "stay", TreatmentEnd: "treatment"}
# Those that are read by a text made once: nearly all there is of nearly every course.
_PLAIN = (Dose, Stay, Disposition, MissedObservationReason, Treatment, VitalSigns, Attribution)

# What a derivation reads.
_KINDS = (
    Dose, DoseRelease, DoseEnd, Stay, StayEnd, Disposition, MissedObservationReason, Treatment, TreatmentEnd,
    VitalSigns, NeuroAssessment, Attribution, Measurement, GradeAssessment, Transfer, DoseCheck,
)  # fmt: skip


def load(participant: Participant, *, since: datetime | None = None, until: datetime | None = None) -> Record:
    on_record = kinds_on_record(participant, _KINDS)

    def standing(model: type[Any], since: datetime | None = None, until: datetime | None = None) -> list[Any]:
        assert model in _KINDS, f"whether there is any {model.__name__} was not asked"
        return _standing(participant, model, since=since, until=until) if model in on_record else []

    every_dose = standing(Dose)
    moves = [one.move for one in participant.transfers.order_by("at")] if Transfer in on_record else []
    doses = [dose for dose in every_dose if dose.step.opens_period]
    return Record(
        participant=participant,
        since=since,
        until=until,
        doses=doses,
        given=[dose for dose in every_dose if dose.status != DoseStatus.NOT_GIVEN],
        releases=standing_releases(participant) if DoseRelease in on_record else [],
        dose_ends=standing(DoseEnd),
        stays=standing(Stay),
        stay_ends=standing(StayEnd),
        dispositions=standing(Disposition),
        missed_observation_reasons=standing(MissedObservationReason),
        treatments=standing(Treatment),
        treatment_ends=standing(TreatmentEnd),
        vitals=standing(VitalSigns, since, until),
        neuro=standing(NeuroAssessment, since, until),
        attributions=standing(Attribution, since, until),
        measurements=standing(Measurement, since, until),
        judged=assessed_episodes(participant) if GradeAssessment in on_record else AssessedEpisodes(),
        moves=moves,
        sites=_sites_of(participant, moves),
        dose_checks=list(DoseCheck.objects.filter(participant=participant)) if DoseCheck in on_record else [],
    )


def _standing(
    participant: Participant, model: type[Any], *, since: datetime | None, until: datetime | None
) -> list[Any]:
    if model in _PLAIN:
        bounds = [bound for bound in ((">=", since), ("<", until)) if bound[1] is not None]
        which = "".join(f" AND m.observed_at {than} ${place}" for place, (than, _) in enumerate(bounds, 2))
        values = [participant.pk, *(instant for _, instant in bounds)]
        kept = rows.find(model, _standing_in(model._meta.db_table) + which, values)
        return by_time(_with_steps(kept, participant) if model is Dose else kept)
    facts = model.objects.standing().filter(participant=participant)
    if since is not None:
        facts = facts.filter(observed_at__gte=since)
    if until is not None:
        facts = facts.filter(observed_at__lt=until)
    facts = facts.defer("sentence") if model is NeuroAssessment else facts  # nothing reads it
    facts = believed(facts) if model is Measurement else facts
    return by_time(facts.select_related(_NEEDS[model]) if model in _NEEDS else facts)


@cache
def _standing_in(table: str) -> str:
    """As Facts.standing() has it."""
    later = f'SELECT FROM "{table}" later WHERE later.supersedes_id = m.id'
    return f"WHERE m.participant_id = $1 AND NOT m.withdrawn AND NOT EXISTS ({later})"


def _with_steps(doses: list[Dose], participant: Participant) -> list[Dose]:
    """The same doses, with their steps and these with the version that they are of."""
    keys = list({dose.step_id for dose in doses})
    steps = {step.pk: step for step in rows.find(Step, "WHERE m.id = ANY($1)", [keys])}
    versions = {participant.regimen_id: participant.regimen}
    if earlier := list({step.regimen_id for step in steps.values()} - versions.keys()):  # it was amended since
        versions |= {version.pk: version for version in rows.find(Regimen, "WHERE m.id = ANY($1)", [earlier])}
    for dose in doses:
        dose.step = steps[dose.step_id]
        dose.step.regimen = versions[dose.step.regimen_id]
    return doses


def go_further(record: Record, until: datetime | None) -> None:
    """The same record up to another instant; None: to its end."""
    since = record.until
    for model, kept in (
        (VitalSigns, record.vitals), (NeuroAssessment, record.neuro), (Attribution, record.attributions),
        (Measurement, record.measurements),
    ):  # fmt: skip
        kept += _standing(record.participant, model, since=since, until=until)
    record.until = until


def _sites_of(participant: Participant, moves: list[Move]) -> Mapping[int, Site]:
    if not moves:
        return {participant.site_id: participant.site}
    been = {participant.site_id, *(site for move in moves for site in (move.origin, move.to))}
    return Site.objects.in_bulk(been)


# --- Facts as events ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class Baseline:
    """What a look is compared with: the newest measurement before it."""

    sbp: Decimal | None = None
    prompt_below: Decimal | None = None
    at: datetime | None = None  # of the newest
    oxygen_device: str | None = None  # as it was used before the first dose; None: not on record
    oxygen_flow_l_min: Decimal | None = None
    vasopressors: str | None = None  # those taken before the first dose, as typed; None: not on record

    def take(self, measurement: Measurement) -> None:
        if measurement.kind == Measured.BASELINE_SBP:
            self.sbp, self.at = measurement.value, measurement.observed_at
        elif measurement.kind == Measured.SBP_PROMPT:
            self.prompt_below, self.at = measurement.value, measurement.observed_at
        elif measurement.kind == Measured.BASELINE_OXYGEN and measurement.text in _DEVICES:
            self.oxygen_device, self.oxygen_flow_l_min = measurement.text, measurement.value
            self.at = measurement.observed_at
        elif measurement.kind == Measured.BASELINE_VASOPRESSORS:
            self.vasopressors, self.at = measurement.text, measurement.observed_at

    def inputs(self) -> dict[str, Any]:
        """As `readings.crs_inputs` takes it."""
        return {
            "baseline_sbp": self.sbp,
            "sbp_prompt_below": self.prompt_below,
            "baseline_oxygen_device": self.oxygen_device,
            "baseline_oxygen_flow_l_min": self.oxygen_flow_l_min,
            "vasopressors_at_baseline": None if self.vasopressors is None else names_in(self.vasopressors),
        }


def event_of(
    fact: Fact, *, participant: Participant, baseline: Baseline, masks: Masks | None = None
) -> Event | None:  # fmt: skip
    """The fact as the timeline reads it. None: it does not bear on the course. `masks` None: they are read."""
    at, root = fact.observed_at, str(fact.root)
    match fact:
        case VitalSigns():
            seen = readings.crs_inputs(fact, **baseline.inputs())
            return Observation(at=at, id=str(fact.id), root=root, seen=seen, danger=readings.danger_of(fact))
        case NeuroAssessment():
            pediatric = participant.neuro_instrument == NeuroInstrument.CAPD
            return Observation(at=at, id=str(fact.id), root=root, seen=readings.icans_inputs(fact, pediatric=pediatric))
        case Dose() if fact.status != DoseStatus.NOT_GIVEN:
            return DoseGiven(at=at, root=root)
        case Treatment() if fact.acts_as in _MASKING:
            treats = opens_waiver(fact.indication)
            lasts = (masks or Masks(participant.study_id)).lasts(fact)
            return Treated(at=at, masking=Masking(fact.acts_as), treats=treats, lasts=lasts)
        case Treatment() if (support := readings.support(fact)) is not None:
            at_home = tuple(baseline.inputs()["vasopressors_at_baseline"] or ())
            return RunBegan(
                at=at, root=root, support=support, indication=fact.indication, at_baseline=at_home
            )  # fmt: skip
        case TreatmentEnd():
            return RunEnded(at=at, root=str(fact.treatment.root))
        case Attribution():
            return Attributed(at=at, until=fact.until, sign=fact.sign)
        case Disposition() if fact.kind in _DEATHS:
            return Died(at=at, root=root, cause=_DEATHS[DispositionKind(fact.kind)])
    return None


def events_of(record: Record, *, baseline: Baseline | None = None, since: datetime | None = None) -> list[Event]:
    """From `since` on, or `record.since`, and before `record.until`; `baseline`: what was measured before."""
    since = since or record.since
    baseline, events, masks = replace(baseline or Baseline()), [], Masks(record.participant.study_id)
    facts: list[Fact] = [
        *record.measurements, *record.doses, *record.treatments, *record.treatment_ends, *record.attributions,
        *record.vitals, *record.neuro, *record.dispositions,
    ]  # fmt: skip
    for fact in sorted(facts, key=lambda f: (f.observed_at, not isinstance(f, Measurement))):
        if (since and fact.observed_at < since) or (record.until and fact.observed_at >= record.until):
            continue
        if isinstance(fact, Measurement):
            baseline.take(fact)
        elif (event := event_of(fact, participant=record.participant, baseline=baseline, masks=masks)) is not None:
            events.append(event)
    return events
