"""Queries in words: the record and the field, what it said and says, the state, and what the reader may do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from crsmonitor.accounts.models import User
from grading.models import QueryStep
from grading.queries.selectors import Thread
from grading.queries.services import ACTS
from grading.review.trail.tables import fields_of, rows_of
from grading.review.trail.words import field_word, kind_word, value_word
from grading.rules.queries.thread import MOVES, QueryMove, QueryState
from regimens.facts import Fact
from regimens.models import Site
from regimens.selectors import participants_for

STATES: Mapping[QueryState, str | Promise] = {
    QueryState.OPEN: _l("to be answered"), QueryState.ANSWERED: _l("answered"), QueryState.CLOSED: _l("closed"),
}  # fmt: skip
MOVED: Mapping[QueryMove, str | Promise] = {
    QueryMove.OPENED: _l("asked"), QueryMove.ANSWERED: _l("answered"), QueryMove.CLOSED: _l("closed"),
    QueryMove.REOPENED: _l("opened again"),
}  # fmt: skip
VERBS: Mapping[QueryMove, str | Promise] = {
    QueryMove.ANSWERED: _l("Answer"), QueryMove.CLOSED: _l("Close the query"), QueryMove.REOPENED: _l("Open it again"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRow:
    """A query as a page shows it. `was`: the field in the version asked about; `becomes`: now; of a whole record "".

    `moves`: code and words of what the reader may do.
    """

    thread: Thread
    kind: str
    field: str
    state: str
    age: str
    was: str
    becomes: str
    steps: list[tuple[QueryStep, str]]
    moves: list[tuple[str, str]]

    @property
    def waits(self) -> bool:
        return self.thread.state is not QueryState.CLOSED


def age_text(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def about_text(thread: Thread) -> str:
    """`Vital signs, Temperature (°C)`."""
    field = field_word(thread.query.field, table=thread.query.kind) if thread.query.field else _("the whole record")
    return _("%(kind)s, %(field)s") % {"kind": kind_word(thread.query.kind), "field": field}


def may_do(threads: Iterable[Thread], user: User) -> dict[Any, list[QueryMove]]:
    """By query: what the reader may do with it now, by one question for each act."""
    keys = {thread.query.participant_id for thread in threads}
    mine = {
        act: set(participants_for(user, act).filter(pk__in=keys).values_list("pk", flat=True))
        for act in set(ACTS.values())
    }

    def allowed(thread: Thread, move: QueryMove) -> bool:
        own_answer = move is QueryMove.CLOSED and thread.state is QueryState.ANSWERED and thread.last.by_id == user.pk
        return thread.query.participant_id in mine[ACTS[move]] and not own_answer

    return {
        thread.query.pk: [move for move in VERBS if move in MOVES[thread.state] and allowed(thread, move)]
        for thread in threads
    }


def rows_for(threads: list[Thread], user: User, *, at: datetime) -> list[QueryRow]:
    moves, values = may_do(threads, user), _values(threads)
    return [_row(thread, moves[thread.query.pk], values, at=at) for thread in threads]


def _values(threads: Iterable[Thread]) -> dict[tuple[str, str], dict[str, Any]]:
    """By table and id: the versions asked about, and the corrections that answers went with."""
    keys: dict[str, set[str]] = {}
    for thread in threads:
        versions = [thread.query.version, *(step.correction for step in thread.steps if step.correction)]
        keys.setdefault(thread.query.kind, set()).update(map(str, versions))
    return {(kind, key): row for kind, ids in keys.items() for key, row in rows_of(kind, sorted(ids)).items()}


def _row(
    thread: Thread, moves: list[QueryMove], values: Mapping[tuple[str, str], dict[str, Any]], *, at: datetime
) -> QueryRow:
    query = thread.query
    corrections = [step.correction for step in thread.steps if step.correction]

    def value_in(version: object) -> str:
        if not query.field or version is None:
            return ""
        value = values.get((query.kind, str(version)), {}).get(query.field)
        return value_word(value, table=query.kind, name=query.field, site=query.participant.site)

    return QueryRow(
        thread=thread, kind=kind_word(query.kind), state=str(STATES[thread.state]),
        field=field_word(query.field, table=query.kind) if query.field else "",
        age=age_text(thread.age_days(at)), was=value_in(query.version),
        becomes=value_in(next(reversed(corrections), None)),
        steps=[(step, str(MOVED[QueryMove(step.move)])) for step in thread.steps],
        moves=[(move.value, str(VERBS[move])) for move in moves],
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldLine:
    """A field of a record with its value, and the queries about it."""

    name: str
    word: str
    value: str
    queries: list[QueryRow]


CELLS = (
    "query", "key", "study", "site", "participant", "kind", "record", "field", "state", "age_days", "opened_at",
    "opened_by", "question", "last_at", "last_by", "last_text",
)  # fmt: skip


def cells_of(thread: Thread, *, at: datetime) -> list[str]:
    """A line of the file of queries, in the order of CELLS. Instants are UTC."""
    query, first, last = thread.query, thread.question, thread.last
    here = query.participant
    about = [str(query.pk), first.key, here.study.code, here.site.code, here.number, query.kind, str(query.root)]
    return [
        *about, query.field, thread.state.value, str(thread.age_days(at)), first.at.astimezone(UTC).isoformat(),
        first.by.get_username(), first.text, last.at.astimezone(UTC).isoformat(), last.by.get_username(), last.text,
    ]  # fmt: skip


def lines_of(fact: Fact, site: Site, queries: Iterable[QueryRow]) -> list[FieldLine]:
    """Every field of this version of a record, in the order of its table."""
    table = fact._meta.db_table
    row = rows_of(table, [str(fact.pk)])[str(fact.pk)]
    held = list(queries)
    return [
        FieldLine(
            name=name, word=field_word(name, table=table),
            value=value_word(row.get(name), table=table, name=name, site=site),
            queries=[one for one in held if one.thread.query.field == name],
        )
        for name in fields_of(table)
    ]  # fmt: skip
