"""Queries are opened, answered, closed and opened again: each a row, in the trail of the participant.

Doing the same again, by the same id, does nothing. Who opens also closes; site staff answers; whoever gave the answer
does not accept it herself (docs/conventions.md, queries).
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, KeyReused, NotFound
from crsmonitor.pages.notices import announce
from grading.models import DataQuery, QueryStep
from grading.queries.selectors import Thread, last_version, thread_for
from grading.review.trail.tables import fields_of
from grading.rules.queries.thread import MOVES, SAYS_SOMETHING, QueryMove, QueryState
from regimens.facts import Source
from regimens.models import Participant
from regimens.selectors import participant_for

ACTS = {
    QueryMove.OPENED: Act.QUERY, QueryMove.REOPENED: Act.QUERY, QueryMove.CLOSED: Act.QUERY,
    QueryMove.ANSWERED: Act.RECORD,
}  # fmt: skip
LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBy:
    """By whom, when and how a step came. `id`: the sender's own; the same again is the same step. `key`: of a file."""

    id: UUID
    by: User
    at: datetime
    source: Source = Source.PAGE
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutRecord:
    """What a query is about. `field` empty: the record as a whole."""

    participant_id: int
    kind: str
    root: UUID
    field: str = ""


@transaction.atomic
def open_query(about: AboutRecord, text: str, *, step: StepBy) -> DataQuery:
    """Raises NotFound, Forbidden, InvalidInput, KeyReused."""
    participant = _locked(step.by, about.participant_id, Act.QUERY)
    newest = last_version(participant, about.kind, about.root)
    check_words(QueryMove.OPENED, text)
    if about.field and about.field not in fields_of(about.kind):
        raise InvalidInput.at("field", "no_such_field", known=", ".join(fields_of(about.kind)))
    before = QueryStep.objects.select_related("query").filter(pk=step.id).first()  # a question has the id of its query
    if before is not None:
        _check_same(before, about, text)
        return before.query
    with acting(by=step.by, reason=""):
        query = DataQuery.objects.create(
            id=step.id, participant=participant, kind=about.kind, root=about.root, field=about.field,
            version=newest.pk, about_at=newest.observed_at, opened_at=step.at,
        )  # fmt: skip
        _keep(query, QueryMove.OPENED, text.strip(), number=1, step=step)
    return query


@transaction.atomic
def move_query(query_id: UUID, move: QueryMove, text: str, *, step: StepBy) -> None:
    """Answer, close or open again. Raises NotFound, Forbidden, InvalidInput, KeyReused."""
    query = thread_for(step.by, query_id).query
    _locked(step.by, query.participant_id, ACTS[move])
    before = QueryStep.objects.filter(pk=step.id).first()
    if before is not None:
        if (before.query_id, before.move, before.text) != (query.pk, move.value, text.strip()):
            raise KeyReused("id_used")
        return
    thread = thread_for(step.by, query_id)  # as it is now that nobody else moves it
    check_words(move, text)
    check_move(thread, move, by=step.by)
    with acting(by=step.by, reason=""):
        _keep(query, move, text.strip(), number=len(thread.steps) + 1, step=step, correction=_correction(thread, move))


def check_words(move: QueryMove, text: str) -> None:
    if move in SAYS_SOMETHING and not text.strip():
        raise InvalidInput.at("text", "say_something")
    if len(text) > LONGEST:
        raise InvalidInput.at("text", "text_too_long", most=LONGEST)


def check_move(thread: Thread, move: QueryMove, *, by: User) -> None:
    """Raises InvalidInput where this move does not follow, or is another person's."""
    if move not in MOVES[thread.state]:
        raise InvalidInput.at("move", "query_does_not_wait", state=thread.state.value)
    if move is QueryMove.CLOSED and thread.state is QueryState.ANSWERED and thread.last.by_id == by.pk:
        raise InvalidInput.at("move", "own_answer")


def _locked(by: User, participant_id: int, act: Act) -> Participant:
    participant = participant_for(by, participant_id, act)
    Participant.objects.select_for_update(no_key=True).filter(pk=participant.pk).first()  # one at a time
    return participant


def _check_same(before: QueryStep, about: AboutRecord, text: str) -> None:
    query = before.query
    same = (query.participant_id, query.kind, query.root, query.field, before.text)
    if same != (about.participant_id, about.kind, about.root, about.field, text.strip()):
        raise KeyReused("id_used")


def _correction(thread: Thread, move: QueryMove) -> UUID | None:
    """The version of the record that was made since it was asked: what the answer goes with."""
    if move is not QueryMove.ANSWERED:
        return None
    since = max(step.at for step in thread.steps if QueryMove(step.move) in (QueryMove.OPENED, QueryMove.REOPENED))
    try:
        newest = last_version(thread.query.participant, thread.query.kind, thread.query.root)
    except NotFound:
        return None
    return newest.pk if newest.recorded_at > since else None


def _keep(
    query: DataQuery, move: QueryMove, text: str, *, number: int, step: StepBy, correction: UUID | None = None
) -> None:
    QueryStep.objects.create(
        id=step.id, query=query, participant_id=query.participant_id, number=number, move=move.value, text=text,
        by=step.by, at=step.at, source=step.source, key=step.key, correction=correction,
    )  # fmt: skip
    announce(query.participant.study_id, query.participant.site_id, query.participant.pk)
