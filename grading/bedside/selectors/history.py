"""The history behind the grades of one participant's sets: what masked, since when fever is waived, why the grade."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, F, QuerySet

from crsmonitor.database.question import OneOf, Question
from grading.bedside.selectors.preview import if_crs_of
from grading.course.derive import parameters_of
from grading.course.record import readings
from grading.course.record.baselines import believed
from grading.course.record.facts import Baseline
from grading.course.record.masks import Masks
from grading.models import Episode, Grade, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.rules.course.events import CRS
from grading.rules.course.masking import DrugAct, MaskedSpan, mask_at, masked_spans, waiver_of
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.why import NearestChanges, crs_with_history, graded_as, icans_with_history, why_crs, why_icans
from grading.rules.treatment.indication import opens_waiver
from grading.rules.treatment.masking_hours import Masking
from grading.rules.treatment.support import Support, joined
from regimens.models import Measured, Measurement, NeuroInstrument, Participant

MASKING = {masking.value for masking in Masking}


def acts_of(treatments: Iterable[Treatment], masks: Masks) -> list[DrugAct]:
    """The treatments that can hide a fever."""
    return [
        DrugAct(
            at=given.observed_at,
            drug=given.drug,
            masking=Masking(given.acts_as),
            treats=opens_waiver(given.indication),
            indication=given.indication,
            lasts=masks.lasts(given),
        )
        for given in treatments
        if given.acts_as in MASKING
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """`until` None: nobody recorded a stop."""

    support: Support
    since: datetime
    until: datetime | None


def runs_by_participant(treatments: Iterable[Treatment]) -> dict[int, list[Ran]]:
    """Those of the treatments that run until they are stopped. One query where there is any."""
    runs = [(one, support) for one in treatments if (support := readings.support(one)) is not None]
    stopped: dict[object, list[datetime]] = defaultdict(list)
    if runs:
        ends = TreatmentEnd.objects.standing().filter(treatment__root__in=[one.root for one, _ in runs])
        for root, at in ends.values_list("treatment__root", "observed_at"):
            stopped[root].append(at)
    by_participant: dict[int, list[Ran]] = defaultdict(list)
    for one, support in runs:
        until = min((at for at in stopped[one.root] if at >= one.observed_at), default=None)
        by_participant[one.participant_id].append(Ran(support=support, since=one.observed_at, until=until))
    return by_participant


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    participant: Participant
    acts: Sequence[DrugAct]
    spans: Sequence[MaskedSpan]
    episodes: Sequence[Episode]
    baselines: Sequence[Measurement]
    runs: Sequence[Ran] = ()

    def running_at(self, fact: VitalSigns) -> list[Support]:
        """What the record has running while this set was taken."""
        at = fact.observed_at
        return [one.support for one in self.runs if one.since <= at and (one.until is None or at < one.until)]

    def mask_of(self, fact: VitalSigns | NeuroAssessment) -> MaskedSpan | None:
        """What may hide a fever in this set. None: nothing, or no temperature was taken."""
        if not isinstance(fact, VitalSigns) or fact.temperature_c is None:
            return None
        return mask_at(self.spans, fact.observed_at)

    def waiver_of(self, episode: Episode) -> DrugAct | None:
        if episode.kind != CRS or episode.provisional:
            return None
        return waiver_of(self.acts, started_at=episode.started_at, ended_at=episode.ended_at)

    def episode_before(self, fact: VitalSigns | NeuroAssessment) -> Episode | None:
        """The CRS episode in which this set was taken, and which it did not begin."""
        at = fact.observed_at
        inside = (
            e
            for e in self.episodes
            if e.kind == CRS and not e.provisional and e.started_at < at and (e.ended_at is None or at < e.ended_at)
        )
        return next(inside, None)

    def baseline_of(self, fact: VitalSigns | NeuroAssessment) -> Baseline:
        baseline = Baseline()
        for measurement in self.baselines:
            if measurement.observed_at <= fact.observed_at:
                baseline.take(measurement)
        return baseline


def history_of(participant: Participant, *, treatments: Iterable[Treatment], episodes: Sequence[Episode]) -> History:
    baselines = baselines_of([participant.pk])
    return history_from(participant, treatments=treatments, episodes=episodes, baselines=baselines)


def of_these(participants: Iterable[int]) -> OneOf:
    return OneOf("participant_id", participants, BigIntegerField())


def _baselines(participants: list[int]) -> QuerySet[Measurement]:
    kinds = [Measured.BASELINE_SBP, Measured.SBP_PROMPT, Measured.BASELINE_OXYGEN, Measured.BASELINE_VASOPRESSORS]
    baselines = believed(Measurement.objects.standing().filter(of_these(participants), kind__in=kinds))
    return baselines.order_by("observed_at", F("value").asc(nulls_first=True))  # as by_time() has them


_BASELINES = Question[Measurement](_baselines)


def baselines_of(participants: Iterable[int]) -> list[Measurement]:
    """What a set's pressure and oxygen are compared with, oldest first."""
    return _BASELINES.all(participants=list(participants))


def history_from(
    participant: Participant,
    *,
    treatments: Iterable[Treatment],
    episodes: Sequence[Episode],
    baselines: Sequence[Measurement],
    runs: Sequence[Ran] | None = None,
    masks: Masks | None = None,
) -> History:
    """`runs` and `masks` None: they are read."""
    treatments = list(treatments)
    acts = acts_of(treatments, masks or Masks(participant.study_id))
    return History(
        participant=participant,
        runs=runs_by_participant(treatments)[participant.pk] if runs is None else runs,
        acts=acts,
        spans=masked_spans(acts, lasts=parameters_of(participant).masking),
        episodes=episodes,
        baselines=baselines,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A stored grade with its set. `why` None: what would change it cannot be told."""

    grade: Grade
    fact: VitalSigns | NeuroAssessment
    why: NearestChanges | None
    history: History

    @property
    def if_crs(self) -> int | None:
        """The grade if it were CRS after all. None: not a set of vital signs."""
        return if_crs_of(seen_of(self.fact, self.grade, self.history)) if isinstance(self.fact, VitalSigns) else None


def seen_of(fact: VitalSigns, grade: Grade, history: History) -> CrsInputs:
    """The set with what the record said beside it, put together again."""
    seen = readings.crs_inputs(fact, **history.baseline_of(fact).inputs())
    episode, masked = history.episode_before(fact), mask_at(history.spans, fact.observed_at) is not None
    codes = [why["code"] for why in grade.reasons]
    return crs_with_history(
        joined(seen, history.running_at(fact)), codes, in_episode=episode is not None, masked=masked
    )  # fmt: skip


def why_of(fact: VitalSigns | NeuroAssessment, grade: Grade, history: History) -> NearestChanges | None:
    """What would lower or raise a stored grade. None where its inputs, put together again, do not give it."""
    if isinstance(fact, VitalSigns):
        seen = seen_of(fact, grade, history)
        same = graded_as(grade_crs(seen), grade=grade.grade, at_least=grade.at_least, at_most=grade.at_most)
        return why_crs(seen) if same else None
    pediatric = history.participant.neuro_instrument == NeuroInstrument.CAPD
    codes = [why["code"] for why in grade.reasons]
    mind = icans_with_history(readings.icans_inputs(fact, pediatric=pediatric), codes)
    same = graded_as(grade_icans(mind), grade=grade.grade, at_least=grade.at_least, at_most=grade.at_most)
    return why_icans(mind) if same else None
