"""Queries, for who is asking: whoever sees the ward of a participant sees what is asked about her records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.models import DataQuery, QueryStep
from grading.review.trail.tables import fact_tables
from grading.rules.queries.thread import LEAVES, QueryMove, QueryState
from regimens.facts import Fact
from regimens.models import Participant
from regimens.selectors import may_for, participant_for, participants_for

WAITING = (QueryState.OPEN, QueryState.ANSWERED)
SHOWN = 200  # of a list, the oldest that wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A query with its steps, the first one first."""

    query: DataQuery
    steps: tuple[QueryStep, ...]

    @property
    def state(self) -> QueryState:
        return LEAVES[QueryMove(self.steps[-1].move)]

    @property
    def question(self) -> QueryStep:
        return self.steps[0]

    @property
    def last(self) -> QueryStep:
        return self.steps[-1]

    @property
    def closed_at(self) -> datetime | None:
        return self.last.at if self.state is QueryState.CLOSED else None

    def age_days(self, at: datetime) -> int:
        """Whole days from its question to its closing, or to `at`."""
        return ((self.closed_at or at) - self.query.opened_at).days


def queries_for(user: User, act: Act = Act.SEE_WARD) -> QuerySet[DataQuery]:
    """With `last_move`, the oldest first."""
    mine = DataQuery.objects.filter(participant__in=participants_for(user, act))
    return with_last_move(mine).order_by("opened_at", "pk")


def with_last_move(queries: QuerySet[DataQuery]) -> QuerySet[DataQuery]:
    last = QueryStep.objects.filter(query=OuterRef("pk")).order_by("-number").values("move")[:1]
    return queries.annotate(last_move=Subquery(last))


def threads_of(queries: QuerySet[DataQuery]) -> list[Thread]:
    """Of these queries: one question for all their steps."""
    steps = QueryStep.objects.select_related("by").order_by("number")
    rows = queries.select_related("participant__study", "participant__site").prefetch_related(Prefetch("steps", steps))
    return [Thread(query=one, steps=tuple(one.steps.all())) for one in rows]


def in_states(queries: QuerySet[DataQuery], states: Iterable[QueryState]) -> QuerySet[DataQuery]:
    """Of queries with `last_move`."""
    wanted = set(states)
    return queries.filter(Q(last_move__in=[move.value for move, state in LEAVES.items() if state in wanted]))


def thread_for(user: User, query_id: UUID) -> Thread:
    """NotFound for a stranger."""
    threads = threads_of(queries_for(user).filter(pk=query_id))
    if not threads:
        raise NotFound("no_such_query")
    return threads[0]


def threads_about(user: User, participant_id: int, kind: str = "", root: UUID | None = None) -> list[Thread]:
    """Of a participant, or of one record of hers. NotFound for a stranger."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    queries = queries_for(user).filter(participant=participant)
    return threads_of(queries if root is None else queries.filter(kind=kind, root=root))


def not_closed_of(participant: Participant) -> Mapping[UUID, int]:
    """How many queries wait at each record of a participant whom the caller has been let see, by root."""
    waiting = in_states(with_last_move(DataQuery.objects.filter(participant=participant)), WAITING)
    counts: dict[UUID, int] = {}
    for root in waiting.values_list("root", flat=True):
        counts[root] = counts.get(root, 0) + 1
    return counts


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLinks:
    """What a page with many records of a participant shows at each. `waiting`: queries not closed, by root."""

    waiting: Mapping[UUID, int]
    asks: bool

    @property
    def waits(self) -> int:
        return sum(self.waiting.values())


def record_links(user: User, participant: Participant) -> RecordLinks:
    """Of a participant whom the caller has been let see."""
    asks = may_for(user, participant.pk, Act.QUERY)
    return RecordLinks(waiting=not_closed_of(participant), asks=asks)


def last_version(participant: Participant, kind: str, root: UUID) -> Fact:
    """The newest version of a record, a withdrawn one too. NotFound where it is none of this participant's."""
    model = fact_tables().get(kind)
    newest: Fact | None = None
    if model is not None:
        manager: Any = model.objects
        newest = manager.filter(participant=participant, root=root, superseded_by=None).first()
    if newest is None:
        raise NotFound("no_such_record")
    return newest
