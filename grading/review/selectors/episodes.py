"""One episode for whoever may judge it: the ward, or a central reviewer to whom it was sent or of whom there is a
dispute, who sees no ward."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import About, Episode, GradeAssessment, Ledger, ReviewAssignment
from grading.review.selectors.assessments import Ledgers, is_for_central, ledgers_of
from grading.review.selectors.event_reports import assignments_of
from regimens.selectors import participant_for, participants_for

RELATED = ("study", "site", "regimen", "current_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeReading:
    """`is_central`: read pseudonymised, without ward, site and names of staff. `may_judge`, `may_send`: as the reader
    may; `history`: every version that a ledger ever had, the newest first."""

    episode: Episode
    ledgers: Ledgers
    assignments: Sequence[ReviewAssignment]
    history: Sequence[GradeAssessment]
    is_central: bool
    may_judge: bool
    may_send: bool


def episode_for(user: User, participant_id: int, kind: str, root: UUID) -> EpisodeReading:
    """NotFound for a stranger, for a sponsor, and for a central reviewer to whom it was not sent."""
    on_ward = participants_for(user, Act.SEE_WARD).filter(pk=participant_id).exists()
    participant = participant_for(user, participant_id, Act.SEE_WARD if on_ward else Act.ADJUDICATE)
    episode = participant.episodes.filter(kind=kind, root=root).order_by("provisional").first()
    if episode is None:
        raise NotFound("no_such_record")
    episode.participant = participant
    all_of, assignments = ledgers_of(participant), assignments_of(episode)
    ledgers = all_of.of_episode(episode)
    if not on_ward and not is_for_central(episode, ledgers, all_of):
        raise NotFound("no_such_record")
    mine = participants_for(user, Act.JUDGE if on_ward else Act.ADJUDICATE).filter(pk=participant_id)
    return EpisodeReading(
        episode=episode,
        ledgers=ledgers,
        assignments=assignments,
        history=_history(episode),
        is_central=not on_ward,
        may_judge=mine.exists(),
        may_send=participants_for(user, Act.DRAFT).filter(pk=participant_id).exists(),
    )


def _history(episode: Episode) -> Sequence[GradeAssessment]:
    versions = GradeAssessment.objects.filter(
        participant=episode.participant_id, about=About.EPISODE.value, kind=episode.kind, about_root=episode.root
    )
    return list(versions.select_related("recorded_by").order_by("-observed_at", "-recorded_at"))


def sent_and_unread(user: User) -> Sequence[Episode]:
    """Episodes sent to central review of which no central reviewer has said anything since, the longest sent first."""
    sent = ReviewAssignment.objects.standing().filter(participant__in=participants_for(user, Act.ADJUDICATE))
    newest: dict[tuple[int, str, UUID], ReviewAssignment] = {}
    for one in sent.order_by("observed_at"):
        newest[one.participant_id, one.kind, one.about_root] = one
    read = GradeAssessment.objects.standing().filter(
        about=About.EPISODE.value, ledger=Ledger.CENTRAL.value, about_root__in=[root for _, _, root in newest]
    )
    for word in read:
        key = word.participant_id, word.kind, word.about_root
        if key in newest and newest[key].observed_at <= word.observed_at:
            del newest[key]
    episodes = Episode.objects.filter(root__in=[root for _, _, root in newest]).select_related(
        *(f"participant__{name}" for name in RELATED)
    )
    waiting = {(one.participant_id, one.kind, one.root): one for one in episodes.order_by("-provisional")}
    return [waiting[key] for key in newest if key in waiting]
