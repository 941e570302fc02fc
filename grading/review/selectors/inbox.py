"""What waits for an investigator or a central reviewer, of everybody she may judge: asked at once, however many.

Each starts from who is asking. Gates are asked in grading/dosing/selectors/waiting.py, alerts where they live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.course.episode_assessments import DECIDING
from grading.course.watched import watched_in_scope
from grading.models import (
    About,
    Alert,
    AlertState,
    CurrentState,
    DosePeriod,
    Episode,
    GradeAssessment,
    GradeDifference,
    Ledger,
)
from grading.review.selectors.assessments import newest_assessments
from grading.rules.alerting.lifecycle import WAITING
from regimens.models import Participant, WindowCompletion
from regimens.selectors import in_scope

SHOWN = 200  # of each kind, the newest
NOT_GIVEN = "NOT GIVEN"
RELATED = ("participant__study", "participant__site", "participant__current_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """The two ledgers that decide say different grades of one episode, and one of them spoke last."""

    episode: Episode
    investigator: GradeAssessment
    central: GradeAssessment

    @property
    def waits_for(self) -> Ledger:
        """Whoever spoke first looks again: an investigator at what the central reviewer said since, and back."""
        return Ledger.INVESTIGATOR if self.central.observed_at > self.investigator.observed_at else Ledger.CENTRAL


def alerts_waiting(user: User) -> QuerySet[Alert]:
    """Alerts without an answer, answered ones of which nothing is done yet, and those that nobody has reviewed."""
    open_states = [state.value for state in (*WAITING, AlertState.ACKNOWLEDGED)]
    mine = Alert.objects.filter(in_scope(user, Act.JUDGE, of="participant_id"))
    return (mine.filter(state__in=open_states) | mine.filter(unreviewed_since__isnull=False)).select_related(
        *RELATED, "participant__regimen", "acknowledged_by", "responder"
    )


def unjudged(user: User) -> Sequence[Episode]:
    """Episodes of which neither an investigator nor the central reviewer has said anything, the newest first."""
    assessed = GradeAssessment.objects.standing().filter(
        about=About.EPISODE.value, ledger__in=DECIDING, participant=OuterRef("participant"), kind=OuterRef("kind"),
        about_root=OuterRef("root"),
    )  # fmt: skip
    mine = Episode.objects.filter(in_scope(user, Act.JUDGE, of="participant_id"))
    episodes = mine.filter(~Exists(assessed)).select_related(*RELATED)
    return list(episodes.order_by("-started_at", "pk")[:SHOWN])


def disputes(user: User, act: Act) -> Sequence[Dispute]:
    """Episodes of which investigator and central reviewer say different grades, for one of the two to look again."""
    newest = newest_assessments().filter(
        in_scope(user, act, of="participant_id"), about=About.EPISODE.value, ledger__in=DECIDING
    )
    words: dict[tuple[int, str, str], dict[str, GradeAssessment]] = {}
    for one in newest.select_related("recorded_by"):
        words.setdefault((one.participant_id, one.kind, str(one.about_root)), {})[one.ledger] = one
    both = {key: by for key, by in words.items() if len(by) == len(DECIDING)}
    differing = {key: by for key, by in both.items() if len({_grade_of(one) for one in by.values()}) > 1}
    episodes = Episode.objects.filter(root__in=[root for _, _, root in differing]).select_related(*RELATED)
    waits_for = Ledger.INVESTIGATOR if act is Act.JUDGE else Ledger.CENTRAL
    open_disputes = [
        Dispute(episode=one, investigator=by[Ledger.INVESTIGATOR], central=by[Ledger.CENTRAL])
        for one in episodes.order_by("-started_at", "provisional", "pk")
        if (by := differing.pop((one.participant_id, one.kind, str(one.root)), None)) is not None
    ]
    return [one for one in open_disputes if one.waits_for is waits_for][:SHOWN]


def _grade_of(one: GradeAssessment) -> int:
    """The grade that a word leaves: who agrees leaves the derived one of then."""
    return one.derived_grade if one.grade is None else one.grade


def windows_to_close(user: User, *, at: datetime) -> Sequence[DosePeriod]:
    """Windows that are over and of which nobody has said how they ended, the oldest first."""
    closed = WindowCompletion.objects.standing().filter(dose__root=OuterRef("dose__root"))
    mine = DosePeriod.objects.filter(in_scope(user, Act.JUDGE, of="participant_id"), window_ends_at__lte=at)
    periods = mine.exclude(ended_by=NOT_GIVEN).filter(~Exists(closed)).select_related(*RELATED, "step")
    return list(periods.order_by("-window_ends_at", "pk")[:SHOWN])


def differences_waiting(user: User) -> Sequence[GradeDifference]:
    """Where a tablet showed another grade and nobody has looked yet: the data manager's."""
    mine = GradeDifference.objects.filter(in_scope(user, Act.DRAFT, of="participant_id"), seen_at=None)
    return list(mine.select_related(*RELATED).order_by("-at", "pk")[:SHOWN])


def dosed_and_watched(user: User) -> Sequence[Participant]:
    """Whom the next dose is asked of: somebody who was dosed and whose observation has not ended."""
    watched = {"current_state__ended": "", "current_state__dose_at__isnull": False}
    mine = Participant.objects.filter(watched_in_scope(user, Act.JUDGE), **watched)
    return list(mine.select_related("study", "site", "regimen", "current_state").order_by("pk"))


def wards(user: User) -> Sequence[str]:
    """Where those are whom this user judges, by name."""
    mine = CurrentState.objects.filter(in_scope(user, Act.JUDGE)).exclude(ward="")
    return list(mine.order_by("ward").values_list("ward", flat=True).distinct())
