"""What a serious-event sheet is made of: the facts of one episode, read once, as they stand now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import chain
from typing import Any
from uuid import UUID

from django.db.models import Q

from grading.models import (
    Attribution,
    Episode,
    EventReport,
    Grade,
    NeuroAssessment,
    Treatment,
    TreatmentEnd,
    VitalSigns,
)
from grading.review.selectors.assessments import Ledgers, ledgers_of
from grading.review.selectors.event_reports import limits_dose, newest_report, sets_of
from grading.rules.course.periods.seriousness import EventCourse
from regimens.facts import Fact
from regimens.models import (
    Disposition,
    DispositionKind,
    Dose,
    DoseEnd,
    Measured,
    Measurement,
    Membership,
    Participant,
    Stay,
    StayEnd,
)
from regimens.selectors import zones_of

BEFORE = timedelta(hours=24)  # premedication, and what was given shortly before the set that showed the onset
DEATHS = {"crs": DispositionKind.DEATH_CRS, "icans": DispositionKind.DEATH_ICANS}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFacts:
    """One episode with all that is told of it; every sequence in order of time. `doses`: up to the onset.

    `usubjid` has the site of enrolment. `zone`: that of the place where the participant was at the onset.
    `reporter_roles`: of whoever recorded the onset, in the study. Empty: none is on record.
    """

    participant: Participant
    usubjid: str
    zone: tzinfo
    episode: Episode
    ledgers: Ledgers
    onset: VitalSigns | NeuroAssessment | None
    reporter_roles: Sequence[str]
    vitals: Sequence[VitalSigns]
    neuro: Sequence[NeuroAssessment]
    grades: Mapping[UUID, Grade]
    doses: Sequence[Dose]
    doses_since: Sequence[Dose]
    dose_ends: Mapping[UUID, DoseEnd]
    treatments: Sequence[Treatment]
    treatment_ends: Mapping[UUID, TreatmentEnd]
    stays: Sequence[Stay]
    stay_ends: Sequence[StayEnd]
    attributions: Sequence[Attribution]
    dispositions: Sequence[Disposition]
    weight: Measurement | None
    report: EventReport | None = None  # what an investigator said of it as an event
    meanwhile: Sequence[Episode] = ()  # of the other kind, open during it and finally of grade 1 or above
    limits: bool | None = None  # dose-limiting by the study's rule; None: it cannot be told

    @property
    def looks(self) -> Sequence[VitalSigns | NeuroAssessment]:
        """The sets, or the assessments, that this kind of episode is graded by."""
        return self.vitals if self.episode.kind == "crs" else self.neuro

    @property
    def worst(self) -> VitalSigns | NeuroAssessment | Treatment | None:
        """What first showed the highest grade: a look, or a treatment that was begun. None: gone since."""
        shown = (*self.looks, *self.treatments)
        return next((one for one in shown if one.observed_at == self.episode.max_at), None)

    @property
    def newest_at(self) -> datetime | None:
        """When the newest of all this was recorded. None: nothing is on record any more."""
        one_by_one = [fact for fact in (self.onset, self.weight, self.report) if fact is not None]
        every: Iterable[Fact] = chain(
            one_by_one, self.vitals, self.neuro, self.doses, self.doses_since, self.dose_ends.values(),
            self.treatments, self.treatment_ends.values(), self.stays, self.stay_ends, self.attributions,
            self.dispositions, self.ledgers.deciding,
        )  # fmt: skip
        return max((fact.recorded_at for fact in every), default=None)

    @property
    def highest_grade(self) -> int:
        """The higher of what is computed and what a person holds; of a provisional one what its signs would be."""
        episode = self.episode
        return max(episode.axis_grade if episode.provisional else episode.max_grade, self.ledgers.outcome.grade)

    @property
    def course(self) -> EventCourse:
        episode, onset_at = self.episode, self.episode.started_at
        before = [one for one in self.stays if one.observed_at <= onset_at]
        left = [one.observed_at for one in self.stay_ends if one.observed_at <= onset_at]
        in_bed = None if not self.stays else bool(before) and not any(at > before[-1].observed_at for at in left)
        return EventCourse(
            grade=self.highest_grade, started_at=onset_at, ended_at=episode.ended_at,
            died=any(one.kind == DEATHS[episode.kind] for one in self.dispositions), in_bed_at_onset=in_bed,
            admitted_at=[one.observed_at for one in self.stays if one.observed_at > onset_at],
        )  # fmt: skip


def facts_of(participant: Participant, episode: Episode, *, at: datetime) -> EventFacts:
    """Of an episode that the caller was let see. `at`: nothing observed later is told."""
    since, until = episode.started_at, episode.ended_at or at
    mine = {"participant": participant}

    def standing(model: type[Any], **narrower: Any) -> list[Any]:
        facts = model.objects.standing().filter(**mine, observed_at__lte=at, **narrower)
        return list(facts.order_by("observed_at", "id"))

    doses = list(
        Dose.objects.standing().filter(**mine, observed_at__lte=at).select_related("step").order_by("observed_at", "id")
    )
    stays, treatments = standing(Stay), standing(Treatment, observed_at__range=(since - BEFORE, until))
    vitals = standing(VitalSigns, observed_at__range=(since, until))
    neuro = list(
        NeuroAssessment.objects.standing().filter(**mine, observed_at__range=(since, until)).defer("sentence")
        .order_by("observed_at", "id")
    )  # fmt: skip
    onset = next((one for one in (*vitals, *neuro) if one.root == episode.root), None)
    weights = [one for one in standing(Measurement, kind=Measured.WEIGHT.value) if one.observed_at <= since]
    return EventFacts(
        participant=participant, usubjid=usubjid_of(participant), zone=zones_of(participant)(since), episode=episode,
        ledgers=ledgers_of(participant).of_episode(episode), onset=onset,
        reporter_roles=_roles_of(participant, onset), vitals=vitals, neuro=neuro,
        grades={one.fact_id: one for one in Grade.objects.filter(**mine, observed_at__range=(since, until))},
        doses=[one for one in doses if one.observed_at <= since],
        doses_since=[one for one in doses if one.observed_at > since],
        dose_ends={one.dose_id: one for one in standing(DoseEnd)}, treatments=treatments,
        treatment_ends={one.treatment_id: one for one in standing(TreatmentEnd)}, stays=stays,
        stay_ends=standing(StayEnd), attributions=standing(Attribution, observed_at__range=(since - BEFORE, until)),
        dispositions=standing(Disposition), weight=weights[-1] if weights else None,
        report=newest_report(episode), meanwhile=_meanwhile(episode), limits=limits_dose(episode, sets_of(episode)),
    )  # fmt: skip


def _meanwhile(episode: Episode) -> list[Episode]:
    others = Episode.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=episode.started_at), participant=episode.participant_id, final_grade__gt=0
    ).exclude(kind=episode.kind)
    if episode.ended_at is not None:
        others = others.filter(started_at__lt=episode.ended_at)
    return list(others.order_by("started_at", "root"))


def usubjid_of(participant: Participant) -> str:
    """As of every export: with the site of enrolment, also after a transfer."""
    first = participant.transfers.select_related("from_site").order_by("at").first()
    site = participant.site if first is None else first.from_site
    return f"{participant.study.code}-{site.code}-{participant.number}"


def _roles_of(participant: Participant, onset: Fact | None) -> list[str]:
    if onset is None:
        return []
    held = Membership.objects.filter(study=participant.study_id, user=onset.recorded_by_id)
    return sorted(set(held.values_list("role", flat=True)))
