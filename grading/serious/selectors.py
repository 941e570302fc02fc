"""Which episodes have a serious-event sheet, and for whom. Every question starts from who is asking."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import Forbidden, NotFound
from grading.models import Episode
from grading.review.selectors.assessments import ledgers_of
from grading.rules.course.periods.seriousness import SHEET_FROM, has_sheet
from regimens.blinding import Profile, of_exports
from regimens.models import Participant, Study
from regimens.selectors import participant_for, participants_for


@dataclass(frozen=True, slots=True, kw_only=True)
class EventReader:
    """Somebody who may read the sheets of a participant, and as what."""

    participant: Participant
    profile: Profile


def reader_of(user: User, participant_id: int) -> EventReader:
    """The ward reads all; who exports reads it pseudonymised. NotFound for a stranger, Forbidden for others."""
    participant = participant_for(user, participant_id)
    if participants_for(user, Act.SEE_WARD).filter(pk=participant.pk).exists():
        return EventReader(participant=participant, profile=Profile.OPEN)
    if participants_for(user, Act.EXPORT).filter(pk=participant.pk).exists():
        return EventReader(participant=participant, profile=of_exports(participant.study))
    raise Forbidden("role_forbids")


def serious_episodes(participant: Participant) -> list[Episode]:
    """Those of a participant whom the user was let see, the newest first."""
    episodes = list(_candidates().filter(participant=participant).order_by("-started_at"))
    return list(_with_sheet(participant, episodes)) if episodes else []


def serious_episode(reader: EventReader, kind: str, root: UUID) -> Episode:
    """NotFound for one that is not there, or whose grade is below 3. The definite one of two of the same onset."""
    here = [one for one in serious_episodes(reader.participant) if (one.kind, one.root) == (kind, root)]
    if not here:
        raise NotFound("no_such_record")
    return min(here, key=lambda one: bool(one.provisional))


def serious_episodes_of(user: User, study: Study) -> list[Episode]:
    """Of everybody of a study whose sheets this user may read, the newest first."""
    readable = Q(participant__in=participants_for(user, Act.SEE_WARD)) | Q(
        participant__in=participants_for(user, Act.EXPORT)
    )
    high = _candidates().filter(readable, participant__study=study).select_related(
        "participant__site", "participant__study"
    ).order_by("participant", "-started_at")  # fmt: skip
    by_participant: dict[int, list[Episode]] = {}
    for one in high:
        by_participant.setdefault(one.participant_id, []).append(one)
    chosen = [one for some in by_participant.values() for one in _with_sheet(some[0].participant, some)]
    return sorted(chosen, key=lambda one: one.started_at, reverse=True)


def _candidates() -> QuerySet[Episode]:
    high = Q(max_grade__gte=SHEET_FROM) | Q(final_grade__gte=SHEET_FROM) | Q(axis_grade__gte=SHEET_FROM)
    return Episode.objects.filter(high)


def _with_sheet(participant: Participant, episodes: Iterable[Episode]) -> Iterable[Episode]:
    ledgers = ledgers_of(participant)
    for one in episodes:
        if has_sheet(
            computed=one.max_grade, final=one.final_grade, axis=one.axis_grade, provisional=bool(one.provisional),
            judged=ledgers.of_episode(one).outcome.judged,
        ):  # fmt: skip
            yield one
