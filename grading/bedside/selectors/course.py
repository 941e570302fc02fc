"""One participant's course, as the participant page shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Prefetch, prefetch_related_objects

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import Question
from crsmonitor.errors import DomainError, NotFound
from grading.bedside.selectors.history import Explained, history_of, why_of
from grading.dosing.selectors.gate import deviations_of
from grading.models import (
    Alert,
    Attribution,
    DosePeriod,
    Episode,
    Grade,
    NeuroAssessment,
    TabletEntry,
    Treatment,
    VitalSigns,
)
from grading.review.selectors.assessments import Ledgers, ledgers_of
from grading.rules.course.masking import DrugAct, MaskedSpan
from grading.rules.course.periods.seriousness import has_sheet
from grading.treatment.selectors.drug_facts import second_persons
from regimens.facts import Fact
from regimens.models import Dose, DoseCheck, DoseEnd, DoseStatus, Measurement, Participant, Stay, Step
from regimens.selectors import participant_for, participants_for

F = TypeVar("F", bound=Fact)
# Of what the participant's page says that it was saved.
SAVED_HERE: tuple[type[Fact], ...] = (
    VitalSigns, NeuroAssessment, Treatment, Dose, DoseEnd, Measurement, Attribution, Stay,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationShown(Explained):
    """A set or an assessment with its grade, as the page shows it."""

    mask: MaskedSpan | None = None  # what may hide a fever in this set
    ledgers: Ledgers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeShown:
    """An episode with what people say to it. `waived`: the drug that made the fever no longer required."""

    episode: Episode
    ledgers: Ledgers
    waived: DrugAct | None = None

    @property
    def has_sheet(self) -> bool:
        """Whether a serious-event sheet is made of it."""
        one, judged = self.episode, self.ledgers.outcome.judged
        return has_sheet(
            computed=one.max_grade, final=one.final_grade, axis=one.axis_grade, provisional=bool(one.provisional),
            judged=judged,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePage:
    """What happened to one participant, newest first."""

    participant: Participant
    vitals: Sequence[ObservationShown]
    neuro: Sequence[ObservationShown]
    treatments: Sequence[Treatment]
    attributions: Sequence[Attribution]
    stays: Sequence[Stay]
    doses: Sequence[Dose]
    periods: Sequence[DosePeriod]
    episodes: Sequence[EpisodeShown]
    alerts: Sequence[Alert]
    ends: Mapping[UUID, DoseEnd]  # of infusions, by the root of their dose

    @property
    def infuses(self) -> bool:
        """Whether the end of an infusion may be recorded: the newest dose given has none."""
        given = next((dose for dose in self.doses if dose.amount is not None), None)
        return given is not None and given.root not in self.ends


def course_page(user: User, participant_id: int, *, sets: int = 48) -> CoursePage:
    """The newest `sets` sets and everything else. NotFound for a stranger and, since it shows the ward, a sponsor."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    grades = {grade.fact_id: grade for grade in participant.grades.order_by("-observed_at")[: 2 * sets]}

    treatments = _treatments(participant)
    episodes = list(participant.episodes.order_by("-started_at"))
    ledgers = ledgers_of(participant)
    history = history_of(participant, treatments=treatments, episodes=episodes)

    def looked(model: type[VitalSigns] | type[NeuroAssessment]) -> list[ObservationShown]:
        facts = _newest(model, sets).all(participant=participant.pk)
        return [shown(fact, grades[fact.id]) for fact in facts if fact.id in grades]

    def shown(fact: VitalSigns | NeuroAssessment, grade: Grade) -> ObservationShown:
        return ObservationShown(
            fact=fact,
            grade=grade,
            why=why_of(fact, grade, history),
            history=history,
            mask=history.mask_of(fact),
            ledgers=ledgers.of_set(grade),
        )

    ends = {end.dose.root: end for end in _dose_ends().all(participant=participant.pk)}
    vitals, neuro, doses = looked(VitalSigns), looked(NeuroAssessment), _doses(participant, ends)
    _say_how_they_came(participant, [*(one.fact for one in (*vitals, *neuro)), *treatments, *doses])
    return CoursePage(
        participant=participant,
        vitals=vitals,
        neuro=neuro,
        treatments=treatments,
        attributions=_newest(Attribution).all(participant=participant.pk),
        stays=_newest(Stay).all(participant=participant.pk),
        doses=doses,
        periods=list(participant.dose_periods.select_related("step").order_by("dose_number")),
        episodes=[
            EpisodeShown(episode=e, ledgers=ledgers.of_episode(e), waived=history.waiver_of(e)) for e in episodes
        ],
        alerts=list(participant.alerts.order_by("-raised_at")[:20]),
        ends=ends,
    )


def _say_how_they_came(participant: Participant, facts: Iterable[Any]) -> None:
    """`tablet_entry`: how a fact came that a tablet kept first; None: it came otherwise."""
    entries = {entry.pk: entry for entry in TabletEntry.objects.filter(participant=participant)}
    for fact in facts:
        fact.tablet_entry = entries.get(fact.pk)


def _doses(participant: Participant, ends: Mapping[UUID, DoseEnd]) -> list[Dose]:
    """Newest first. `deviation`: what was not as it should be when it was given, or None. `second`: who checked this
    version of it, on their own session; None: nobody has. `end`: of its infusion, whichever version that names.
    """
    checks = DoseCheck.objects.standing().select_related("recorded_by").order_by("recorded_at")
    doses = _newest(Dose).all(participant=participant.pk)
    prefetch_related_objects(doses, Prefetch("checks", checks))
    given = [dose for dose in doses if dose.status != DoseStatus.NOT_GIVEN]
    deviations = deviations_of(participant, given)
    for dose in doses:
        dose.end = ends.get(dose.root)
        dose.deviation = deviations.get(str(dose.root))
        dose.second = next((check.recorded_by for check in dose.checks.all()), None)
    return doses


@cache
def _dose_ends() -> Question[DoseEnd]:
    """The last first: of two of one dose the first is meant, as everywhere."""

    def ask(participant: int) -> Any:
        ends = DoseEnd.objects.standing().filter(participant=participant)
        return ends.select_related("dose").order_by("-observed_at")

    return Question(ask)


def _treatments(participant: Participant) -> list[Treatment]:
    """Newest first. `second`: as of a dose, of those that need a second person."""
    treatments = _newest(Treatment).all(participant=participant.pk)
    seconds = second_persons(treatments)
    for one in treatments:
        one.second = seconds.get(one.pk)
    return treatments


@cache
def _newest(model: type[F], most: int | None = None) -> Question[F]:
    """All, or so many."""

    def ask(participant: int) -> Any:
        manager: Any = model.objects
        related = ("recorded_by", "tablet", *(("step",) if model is Dose else ()))
        facts = manager.standing().filter(participant=participant).select_related(*related)
        facts = facts.defer("sentence") if model is NeuroAssessment else facts  # sentences.py shows the last
        return facts.order_by("-observed_at")[:most]

    return Question(ask)


def newest_sets(participant: Participant, *, sets: int = 12) -> list[VitalSigns]:
    """Of a participant whom the user was let see, the newest first."""
    return _newest(VitalSigns, sets).all(participant=participant.pk)


def last_vitals(participant: Participant, *, before: datetime | None = None) -> VitalSigns | None:
    """The newest set (taken before an instant): the values shown beside the fields."""
    sets = VitalSigns.objects.standing().filter(participant=participant)
    return (sets if before is None else sets.filter(observed_at__lt=before)).order_by("-observed_at").first()


def next_step(participant: Participant) -> Step | None:
    """The step after the one last given, that one again where it repeats, or the first. None: there is no further.

    Read from the doses: a pretreatment opens no period, and the state does not know it.
    """
    given = Dose.objects.standing().filter(participant=participant, amount__isnull=False).select_related("step")
    steps, last = participant.regimen.steps.order_by("position"), given.order_by("observed_at").last()
    if last is None:
        return steps.first()
    if last.step.repeats and (
        last.step.times is None or given.filter(step__label=last.step.label).count() < last.step.times
    ):
        return steps.filter(label=last.step.label).first()
    return steps.filter(position__gt=last.step.position).first()


def kept_under(user: User, model: type[Fact], fact_id: str, *, participant_id: int, act: Act) -> Fact | None:
    """The fact of this participant that is kept under a client's id. None: nothing is, or it is not this user's."""
    try:
        fact = visible_fact(user, model, fact_id, act)
    except DomainError:
        return None
    return fact if fact.participant_id == participant_id else None


def newest_version(participant: Participant, fact_id: str) -> Fact | None:
    """What is kept under this id of a participant whom the user was let see, withdrawn too. None: nothing is, or it was
    corrected since.
    """
    try:
        pk = UUID(fact_id)
    except ValueError:  # an address that somebody typed
        return None
    for model in SAVED_HERE:
        facts: Any = model.objects  # of a subclass, which knows what corrects it
        fact: Fact | None = facts.filter(participant=participant.pk, pk=pk, superseded_by=None).first()
        if fact is not None:
            return fact
    return None


def standing_version(fact: Fact) -> Fact | None:
    """What holds of a record now. None: it was taken back."""
    return type(fact).objects.standing().filter(root=fact.root).first()


def visible_fact(user: User, model: type[Fact], fact_id: str, act: Act = Act.SEE_WARD) -> Fact:
    """One fact with its participant. NotFound for a stranger, in the words of one that is nowhere."""
    mine = model.objects.filter(participant__in=participants_for(user))
    fact = mine.select_related("participant").filter(pk=fact_id).first()
    if fact is None:
        raise NotFound("no_such_record")
    participant_for(user, fact.participant_id, act)
    return fact
