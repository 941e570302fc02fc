"""What asks to be judged again: the derived grade rose above what was judged (Rulings 2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import ReaderQuestion
from grading.course.episode_assessments import DECIDING
from grading.models import About, Episode, Grade, GradeAssessment
from grading.review.selectors.assessments import (
    SHOWN,
    Ledgers,
    ParticipantLedgers,
    newest_assessments,
    visible_to,
)
from regimens.selectors import participants_for

AT_ONCE = 500  # assessments of which the rule is asked by the same three questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld:
    """A grade that rose above what was judged: it asks to be judged again. `assessment`: what decided before.

    `is_central`: the reader sees no ward of it; `may_judge`: as the reader may.
    """

    assessment: GradeAssessment
    ledgers: Ledgers
    is_central: bool = False
    may_judge: bool = False


def _risen(user: User) -> QuerySet[GradeAssessment]:
    held = newest_assessments().filter(visible_to(user), ledger__in=DECIDING)
    risen = GradeAssessment.objects.filter(pk__in=held.values("pk")).filter(_may_be_above())
    related = risen.select_related("participant__site", "participant__study", "participant__current_state")
    return related.order_by("-observed_at", "id")


_RISEN = ReaderQuestion[GradeAssessment](_risen)


def to_judge_again(user: User) -> list[Unheld]:
    """Episodes and sets whose derived grade is above what a central reviewer or investigator judged, newest first.

    A central reviewer is told of what is hers: what she judged, and where who decides says another grade.
    """
    unheld: dict[tuple[int, str, str, UUID], Unheld] = {}
    candidates = _RISEN.all(user)
    participants = {one.participant_id for one in candidates}
    on_ward, judges = _those(user, participants, Act.SEE_WARD), _those(user, participants, Act.JUDGE)
    central = participants - on_ward
    for first in range(0, len(candidates), AT_ONCE):
        for candidate in _unheld_of(candidates[first : first + AT_ONCE]):
            assessed = candidate.assessment
            is_central = assessed.participant_id in central
            if is_central and not _is_for_central(candidate.ledgers):
                continue
            may_judge = is_central or assessed.participant_id in judges
            one = replace(candidate, is_central=is_central, may_judge=may_judge)
            key = (assessed.participant_id, assessed.about, assessed.kind, assessed.about_root)
            unheld.setdefault(key, one)
            if len(unheld) == SHOWN:
                return list(unheld.values())  # counted after the rule: most candidates are sets that cannot be told
    return list(unheld.values())


def _those(user: User, participants: set[int], act: Act) -> set[int]:
    """Those with whom the user may do it."""
    if not participants:
        return set()
    return set(participants_for(user, act).filter(pk__in=participants).values_list("pk", flat=True))


def _is_for_central(ledgers: Ledgers) -> bool:
    """As `is_for_central`; what was sent and not read waits as such."""
    return ledgers.central is not None or any(one.grade not in (None, ledgers.derived) for one in ledgers.deciding)


def _unheld_of(some: Sequence[GradeAssessment]) -> Iterable[Unheld]:
    """Those that the rule finds, by three questions however many they are."""
    things, ledgers = _things(some), ledgers_of_all({one.participant_id for one in some})
    for one in some:
        thing = things.get((one.about, one.participant_id, one.kind, one.about_root))
        if thing is None:
            continue
        all_of = ledgers[one.participant_id]
        ledgers_now = all_of.of_set(thing) if isinstance(thing, Grade) else all_of.of_episode(thing)
        if ledgers_now.asks_again:
            first = ledgers_now.deciding[0]
            first.participant = one.participant  # loaded already, with its site
            yield Unheld(assessment=first, ledgers=ledgers_now)


def ledgers_of_all(participants: Iterable[int]) -> Mapping[int, ParticipantLedgers]:
    """What holds in each ledger, of several participants: one question."""
    held = newest_assessments().filter(participant__in=list(participants)).select_related("recorded_by")
    newest: dict[int, list[GradeAssessment]] = defaultdict(list)
    for one in held:
        newest[one.participant_id].append(one)
    by_participant: dict[int, ParticipantLedgers] = defaultdict(lambda: ParticipantLedgers({}))
    by_participant.update({pk: ParticipantLedgers.of(some) for pk, some in newest.items()})
    return by_participant


def _may_be_above() -> Q:
    """The few of which the rule is asked at all: what could be now is above the derived grade that was judged."""
    about = {"participant": OuterRef("participant"), "kind": OuterRef("kind"), "root": OuterRef("about_root")}
    sets = Grade.objects.filter(**about, at_most__gt=OuterRef("derived_grade"))
    above = Q(max_grade__gt=OuterRef("derived_grade")) | Q(axis_grade__gt=OuterRef("derived_grade"))
    episodes = Episode.objects.filter(above, **about)
    return Q(Exists(sets), about=About.SET.value) | Q(Exists(episodes), about=About.EPISODE.value)


def _things(some: Iterable[GradeAssessment]) -> dict[tuple[str, int, str, UUID], Grade | Episode]:
    """What each is about. Of an episode that is provisional and definite, the definite one."""
    roots = {one.about_root for one in some}
    things: dict[tuple[str, int, str, UUID], Grade | Episode] = {
        (About.SET.value, one.participant_id, one.kind, one.root): one for one in Grade.objects.filter(root__in=roots)
    }
    for one in Episode.objects.filter(root__in=roots).order_by("-provisional"):
        things[About.EPISODE.value, one.participant_id, one.kind, one.root] = one
    return things
