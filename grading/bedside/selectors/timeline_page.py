"""One participant's course inside a window of time, as the chart and its table show it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import Question
from grading.bedside.selectors.explained import explain
from grading.bedside.selectors.history import Explained, acts_of
from grading.course.record.masks import Masks
from grading.models import (
    Alert,
    Attribution,
    CurrentState,
    Episode,
    NeuroAssessment,
    Treatment,
    TreatmentEnd,
    VitalSigns,
)
from grading.review.selectors.assessments import ParticipantLedgers, ledgers_of
from grading.rules.course.masking import MaskedSpan, mask_at, masked_spans
from grading.rules.treatment.masking_hours import MASKING_HOURS, MOST_HOURS
from regimens.facts import Fact
from regimens.models import Disposition, Dose, DoseEnd, DoseStatus, Measurement, Participant, Stay, StayEnd
from regimens.selectors import participant_for

F = TypeVar("F", bound=Fact)

DAYS = timedelta(days=7)  # shown when nothing else is asked for
LEAD = timedelta(hours=6)  # before the running dose
LONGEST = 2000  # sets: a longer window keeps its newest ones, and says so
FIRST = 96  # sets of a page for which nothing was asked: four days of hourly ones; the rest is fetched
# A set this much later than planned leaves a stretch in which nobody looked. A display setting, like the next.
GAP_FROM = Decimal("1.5")
EVERY_H = Decimal(8)  # where the step does not say how often: once a shift
LONGEST_MASKING = timedelta(hours=MOST_HOURS)
Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseWindow:
    """The stretch somebody asked for. None: not bounded on that side."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What happened between `start` and `end`, oldest first, with what still held when the window opened."""

    participant: Participant
    start: datetime
    end: datetime
    most: int  # sets
    cut: bool  # the window held more: the oldest are left out
    window: CourseWindow  # as it would be without the cut
    vitals: Sequence[VitalSigns]
    neuro: Sequence[NeuroAssessment]
    grades: Mapping[UUID, Explained]  # by set
    masked_by: Mapping[Any, MaskedSpan]
    doses: Sequence[Dose]
    dose_ends: Sequence[DoseEnd]
    treatments: Sequence[Treatment]
    treatment_ends: Sequence[TreatmentEnd]
    attributions: Sequence[Attribution]
    stays: Sequence[Stay]
    stay_ends: Sequence[StayEnd]
    measurements: Sequence[Measurement]
    dispositions: Sequence[Disposition]
    episodes: Sequence[Episode]
    ledgers: ParticipantLedgers
    alerts: Sequence[Alert]
    nobody_looked: Sequence[Stretch]  # no set of vital signs
    nobody_asked: Sequence[Stretch]  # no neuro assessment
    every_dose: Sequence[Dose]  # also outside the window: what one may go to


def timeline_page(user: User, participant_id: int, *, at: datetime, window: CourseWindow | None = None) -> Timeline:
    """The course in the window asked for, or since the running dose. NotFound for a stranger; a sponsor is refused."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    most = LONGEST if window else FIRST
    window = window or usual_window(getattr(participant, "current_state", None), at=at)
    end = min(window.end or at, at)
    sets = _newest(most + 1).all(participant=participant.pk, start=window.start, end=end)[::-1]
    cut = len(sets) > most
    sets = sets[1:] if cut else sets
    since = sets[0].observed_at if cut else window.start

    def within(model: type[F], start: datetime | None = since, end: datetime = end) -> list[F]:
        return _standing_within(model).all(participant=participant.pk, start=start, end=end)

    every_dose = within(Dose, None, at)
    doses = [dose for dose in every_dose if dose.observed_at <= end]
    stays = within(Stay, None)
    drugs_since = None if since is None else since - LONGEST_MASKING
    drugs = within(Treatment, drugs_since)
    spans = drug_spans(drugs, Masks(participant.study_id))
    neuro, measurements, dispositions = within(NeuroAssessment), within(Measurement), within(Disposition)
    happened = [f.observed_at for f in (*sets, *neuro, *doses, *stays, *drugs, *measurements)]
    start = since or min(happened, default=end - LEAD)
    watched_from = min((f.observed_at for f in (*doses, *stays)), default=None)
    watched_to = min((f.observed_at for f in dispositions), default=end)
    given = [dose for dose in doses if dose.status != DoseStatus.NOT_GIVEN]
    watch = None if watched_from is None else (max(start, watched_from), watched_to)
    return Timeline(
        participant=participant,
        start=start,
        end=end,
        most=most,
        cut=cut,
        window=window,
        vitals=sets,
        neuro=neuro,
        grades={
            one.fact.pk: one
            for one in explain(participant.grades.filter(_between("observed_at", since, end)), [*sets, *neuro])
        },
        masked_by={s.id: drug for s in sets if (drug := mask_at(spans, s.observed_at)) is not None},
        doses=_still_true(doses, start),
        dose_ends=within(DoseEnd),
        treatments=[drug for drug in drugs if drug.observed_at >= start],
        treatment_ends=within(TreatmentEnd),
        attributions=[one for one in within(Attribution, None) if one.until is None or one.until >= start],
        stays=_still_true(stays, start),
        stay_ends=within(StayEnd),
        measurements=measurements,
        dispositions=dispositions,
        episodes=list(
            participant.episodes.filter(Q(ended_at=None) | Q(ended_at__gte=start), started_at__lte=end).order_by(
                "started_at", "kind"
            )
        ),
        ledgers=ledgers_of(participant),
        alerts=list(
            participant.alerts.filter(_between("raised_at", since, end))
            .select_related("acknowledged_by")
            .order_by("raised_at", "id")
        ),
        nobody_looked=gaps([s.observed_at for s in sets], watch=watch, doses=given, every="vitals_every_h"),
        nobody_asked=gaps([m.observed_at for m in neuro], watch=watch, doses=given, every="neuro_every_h"),
        every_dose=every_dose,
    )


def usual_window(state: CurrentState | None, *, at: datetime) -> CourseWindow:
    """Since shortly before the running dose, a week at most; the last week recorded where that is long ago."""
    newest = [t for t in (state.vitals_at, state.neuro_at, state.dose_at) if t is not None] if state else []
    last = max(newest, default=at)
    end = at if at - last < DAYS else last + LEAD
    start = end - DAYS
    if state is not None and state.dose_at is not None:
        start = max(start, state.dose_at - LEAD)
    return CourseWindow(start=start, end=end)


def drug_spans(drugs: Iterable[Treatment], masks: Masks) -> tuple[MaskedSpan, ...]:
    """When each of these drugs can hide a fever."""
    return masked_spans(
        acts_of(drugs, masks), lasts={drug: timedelta(hours=hours) for drug, hours in MASKING_HOURS.items()}
    )


def gaps(
    observations: Sequence[datetime], *, watch: Stretch | None, doses: Sequence[Dose], every: str
) -> list[Stretch]:
    """The stretches of `watch` in which a look was due and nobody looked. None: nobody was to be watched."""
    if watch is None:
        return []
    points = sorted(
        [watch[0], *(observation for observation in observations if watch[0] <= observation <= watch[1]), watch[1]]
    )
    return [(before, after) for before, after in pairwise(points) if after - before > _allowed(before, doses, every)]


def _allowed(at: datetime, doses: Sequence[Dose], every: str) -> timedelta:
    steps = [dose.step for dose in doses if dose.observed_at <= at]
    hours = getattr(steps[-1], every) if steps else None
    return timedelta(hours=float((EVERY_H if hours is None else hours) * GAP_FROM))


def _still_true(facts: Sequence[F], start: datetime) -> list[F]:
    """Those of the window, and the last before it: the dose that runs, the bed that is lain in."""
    before = [fact for fact in facts if fact.observed_at < start]
    return before[-1:] + [fact for fact in facts if fact.observed_at >= start]


@cache
def _standing_within(model: type[F]) -> Question[F]:
    """Oldest first."""

    def ask(participant: int, start: datetime | None, end: datetime) -> Any:
        facts = _standing(model, participant, start, end)
        return facts.select_related("recorded_by", *_FETCHED.get(model, ())).order_by("observed_at", "id")

    return Question(ask)


@cache
def _newest(most: int) -> Question[VitalSigns]:
    def ask(participant: int, start: datetime | None, end: datetime) -> Any:
        facts = _standing(VitalSigns, participant, start, end).select_related("recorded_by")
        return facts.order_by("-observed_at", "-id")[:most]

    return Question(ask)


_FETCHED = {Dose: ("step",), DoseEnd: ("dose",), TreatmentEnd: ("treatment",)}


def _standing(model: type[Any], participant: int, start: datetime | None, end: datetime) -> Any:
    return model.objects.standing().filter(_between("observed_at", start, end), participant=participant)


def _between(column: str, start: datetime | None, end: datetime) -> Q:
    upto = Q(**{f"{column}__lte": end})
    return upto if start is None else upto & Q(**{f"{column}__gte": start})
