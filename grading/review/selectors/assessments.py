"""The four ledgers: the derived grade, and what the nurse, the investigator and the central reviewer say to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import Question
from crsmonitor.errors import Forbidden, NotFound
from grading.course.episode_assessments import DECIDING, word_of
from grading.models import About, Episode, Grade, GradeAssessment, Ledger, ReviewAssignment
from grading.rules.grades.agreement import weighted_kappa
from grading.rules.grades.final import DerivedGrade, Final, final_of
from grading.rules.grades.graded import INDETERMINATE
from regimens.models import Participant, Site
from regimens.selectors import in_scope, may, may_for, participant_for, participants_for

SHOWN = 200  # disagreements on the page
ACT_OF = {Ledger.NURSE: Act.RECORD, Ledger.INVESTIGATOR: Act.JUDGE, Ledger.CENTRAL: Act.ADJUDICATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledgers:
    """What is said of one grade, side by side. An assessment is None where that ledger is empty."""

    about: str
    root: UUID
    kind: str
    derived: int
    now: DerivedGrade
    nurse: GradeAssessment | None = None
    investigator: GradeAssessment | None = None
    central: GradeAssessment | None = None

    @property
    def deciding(self) -> list[GradeAssessment]:
        """What decides, the most answerable first. A nurse's word does not."""
        return [one for one in (self.central, self.investigator) if one is not None]

    @property
    def outcome(self) -> Final:
        return final_of(self.now, [word_of(one) for one in self.deciding])

    @property
    def final(self) -> int:
        """Central, else the investigator's, while they hold; else derived, which may be "cannot be told"."""
        outcome = self.outcome
        return outcome.grade if outcome.judged or outcome.grade > self.now.at_least else self.derived

    @property
    def is_settled(self) -> bool:
        """Whether the central reviewer or an investigator has said it of all that it could be now."""
        holding = next((one for one in self.deciding if self.holds(one)), None)
        known = None if holding is None else holding.derived_at_most
        return holding is not None and (known is None or self.now.at_most <= known)

    @property
    def asks_again(self) -> bool:
        """Whether somebody judged and the derived grade is above what they judged since."""
        return self.outcome.again

    def holds(self, one: GradeAssessment) -> bool:
        return word_of(one).holds(self.now)

    @property
    def assessments(self) -> list[tuple[Ledger, GradeAssessment | None]]:
        return [(ledger, getattr(self, ledger.value)) for ledger in Ledger]

    @property
    def is_disputed(self) -> bool:
        return self.asks_again or any(
            one is not None and one.grade not in (None, self.derived) for _, one in self.assessments
        )

    def is_stale(self, one: GradeAssessment) -> bool:
        """Whether the derived grade has changed since it was judged."""
        return one.derived_grade != self.derived


@dataclass(frozen=True, slots=True)
class ParticipantLedgers:
    newest: Mapping[tuple[str, UUID, str, str], GradeAssessment]

    @classmethod
    def of(cls, newest: Iterable[GradeAssessment]) -> "ParticipantLedgers":
        return cls({(one.about, one.about_root, one.kind, one.ledger): one for one in newest})

    def of_set(self, grade: Grade) -> Ledgers:
        return self._of(About.SET, grade.root, grade.kind, grade.grade, derived_set(grade))

    def of_episode(self, episode: Episode) -> Ledgers:
        return self._of(About.EPISODE, episode.root, episode.kind, episode.max_grade, derived_episode(episode))

    def _of(self, about: About, root: UUID, kind: str, derived: int, now: DerivedGrade) -> Ledgers:
        newest = {ledger.value: self.newest.get((about.value, root, kind, ledger.value)) for ledger in Ledger}
        return Ledgers(about=about.value, root=root, kind=kind, derived=derived, now=now, **newest)


def derived_set(grade: Grade) -> DerivedGrade:
    unsettled = grade.grade == INDETERMINATE
    return DerivedGrade(at_least=grade.at_least, at_most=grade.at_most, unsettled=unsettled)


def derived_episode(episode: Episode) -> DerivedGrade:
    unsettled = bool(episode.provisional)
    return DerivedGrade(at_least=episode.max_grade, at_most=episode.judged_at_most, unsettled=unsettled)


def newest_assessments() -> QuerySet[GradeAssessment]:
    """What holds in each ledger: the standing assessment made last."""
    return (
        GradeAssessment.objects.standing()
        .order_by("participant", "about", "about_root", "kind", "ledger", "-observed_at", "-recorded_at", "id")
        .distinct("participant", "about", "about_root", "kind", "ledger")
    )


_HELD = Question[GradeAssessment](
    lambda participant: newest_assessments().filter(participant=participant).select_related("recorded_by")
)


def ledgers_of(participant: Participant) -> ParticipantLedgers:
    return ParticipantLedgers.of(_HELD.all(participant=participant.pk))


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentSubject:
    """One thing that can be judged, for somebody who may: in which ledger, and what is said so far."""

    participant: Participant
    thing: Grade | Episode
    ledgers: Ledgers
    ledger: Ledger

    @property
    def is_signed(self) -> bool:
        """Whether the answer is signed (Rulings 2: an override, and what is said of an episode). A nurse's decides
        nothing."""
        return self.ledger.is_signed


def own_ledger(user: User, participant: Participant) -> Ledger | None:
    """The ledger that this person writes in: the most answerable of those they may. None: none."""
    for ledger in (Ledger.CENTRAL, Ledger.INVESTIGATOR, Ledger.NURSE):
        if may_for(user, participant.pk, ACT_OF[ledger]):
            return ledger
    return None


def judged(user: User, participant_id: int, about: str, root: UUID) -> AssessmentSubject:
    """NotFound for a stranger and where there is no such thing, Forbidden for who may see and not judge."""
    participant = participant_for(user, participant_id)
    ledger = own_ledger(user, participant)
    if ledger is None:
        raise Forbidden("role_forbids")
    all_of, thing = ledgers_of(participant), _thing(participant, about, root)
    ledgers = all_of.of_set(thing) if isinstance(thing, Grade) else all_of.of_episode(thing)
    if ledger is Ledger.CENTRAL and not is_for_central(thing, ledgers, all_of):
        raise NotFound("no_such_record")
    return AssessmentSubject(participant=participant, thing=thing, ledgers=ledgers, ledger=ledger)


def is_for_central(thing: Grade | Episode, ledgers: Ledgers, all_of: ParticipantLedgers) -> bool:
    """Whether central review reads and judges it: somebody who decides says another grade, or it was sent there.

    `ledgers`: of it; `all_of`: of its participant. A set is read with the episode that it is in: each of them is asked.
    """
    if any(one.grade not in (None, ledgers.derived) for one in ledgers.deciding):
        return True
    if isinstance(thing, Grade):
        episodes = Episode.objects.filter(
            Q(ended_at=None) | Q(ended_at__gte=thing.observed_at), participant=thing.participant_id, kind=thing.kind,
            started_at__lte=thing.observed_at,
        )  # fmt: skip
        return any(is_for_central(one, all_of.of_episode(one), all_of) for one in episodes)
    about = {"participant": thing.participant_id, "kind": thing.kind, "about_root": thing.root}
    return ReviewAssignment.objects.standing().filter(**about).exists()


def _thing(participant: Participant, about: str, root: UUID) -> Grade | Episode:
    thing: Grade | Episode | None
    if about == About.SET:
        thing = participant.grades.filter(root=root).first()
    else:
        thing = participant.episodes.filter(root=root).order_by("provisional").first()
    if thing is None:
        raise NotFound("no_such_record")
    return thing


# --- Disagreement ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    assessment: GradeAssessment
    derived: int  # now; `assessment.derived_grade` is what it was


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far one ledger and the derived grade agree at one site. `kappa` None: too few pairs, or no variance."""

    site: Site
    ledger: Ledger
    pairs: int
    agreeing: int
    kappa: float | None


def may_see_disagreements(user: User) -> bool:
    """Whether the page has anything to do with them, be anybody enrolled or not: for the menu."""
    return may(user, Act.SEE_WARD) or may(user, Act.ADJUDICATE)


def _asked_by(user: User) -> Q:
    """As `visible_to`. Raises Forbidden for a sponsor, NotFound for whoever is in no study."""
    if not may_see_disagreements(user):
        raise Forbidden("role_forbids") if may(user, Act.SEE_STUDY) else NotFound("no_such_page")
    return visible_to(user)


def visible_to(user: User) -> Q:
    """Whose ward they see, or whom they adjudicate: nobody where nobody is enrolled yet."""
    return Q(in_scope(user, Act.SEE_WARD, of="participant_id")) | Q(in_scope(user, Act.ADJUDICATE, of="participant_id"))


def disagreements_for(user: User) -> list[Disagreement]:
    """Standing assessments that say another grade than the derived one of now, newest first.

    A central reviewer reads what somebody who decides disputes, as `is_for_central`.
    """
    on_ward = Exists(participants_for(user, Act.SEE_WARD).filter(pk=OuterRef("participant")))
    held = newest_assessments().filter(_asked_by(user)).filter(on_ward | Q(ledger__in=DECIDING)).values("pk")
    others = (
        GradeAssessment.objects.filter(pk__in=held, agrees=False)
        .select_related("participant__site", "participant__study", "recorded_by")
        .order_by("-observed_at", "id")[: 2 * SHOWN]
    )
    assessments = list(others)
    now = _derived_now(assessments)
    differences = [
        Disagreement(assessment=one, derived=now[one.about, one.about_root, one.kind])
        for one in assessments
        if (one.about, one.about_root, one.kind) in now
    ]
    return [one for one in differences if one.assessment.grade != one.derived][:SHOWN]


def _derived_now(assessments: Iterable[GradeAssessment]) -> dict[tuple[str, UUID, str], int]:
    roots = {one.about_root for one in assessments}
    sets = Grade.objects.filter(root__in=roots).values_list("root", "kind", "grade")
    episodes = Episode.objects.filter(root__in=roots).order_by("-provisional").values_list("root", "kind", "max_grade")
    return {(About.SET.value, root, kind): grade for root, kind, grade in sets} | {
        (About.EPISODE.value, root, kind): grade for root, kind, grade in episodes
    }


def agreement_for(user: User) -> list[Agreement]:
    """Of each site: derived against nurse, and derived against investigator, both as they were when it was judged.

    Sets only: an episode is the worst of its sets and would count them twice. A grade that could not be told has
    no place on the scale and is left out.
    """
    held = newest_assessments().filter(_asked_by(user), about=About.SET.value).values("pk")
    assessments = GradeAssessment.objects.filter(
        pk__in=held, ledger__in=[Ledger.NURSE.value, Ledger.INVESTIGATOR.value]
    )
    pairs: dict[tuple[str, str], list[tuple[int, int]]] = {}
    sites: dict[str, Site] = {}
    for one in assessments.exclude(derived_grade=INDETERMINATE).select_related("participant__site").order_by("pk"):
        site = one.participant.site
        sites[site.code] = site
        grade = one.derived_grade if one.grade is None else one.grade
        pairs.setdefault((site.code, one.ledger), []).append((one.derived_grade, grade))
    return [
        Agreement(
            site=sites[code],
            ledger=Ledger(ledger),
            pairs=len(grade_pairs),
            agreeing=sum(a == b for a, b in grade_pairs),
            kappa=weighted_kappa(grade_pairs),
        )
        for (code, ledger), grade_pairs in sorted(pairs.items())
    ]
