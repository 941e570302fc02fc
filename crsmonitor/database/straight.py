"""Prepared statements straight through libpq: what a save asks and writes, with little between.

A cursor of psycopg is made for any statement: it parses, looks up, waits and converts step by step, in Python, which
took twice the CPU of a save that its questions take. What is here is psycopg's own where it counts: its values, rows
and errors, its list of what is prepared on a connection, and its way of waiting, so that others work meanwhile.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import psycopg
from psycopg import pq
from psycopg._preparing import Prepare
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import execute, fetch_many

Statement = tuple[str, Sequence[Any]]  # $1, $2 ... are its values
Rows = list[tuple[Any, ...]]
Connection = psycopg.Connection[Any]

# A table was changed, or the session reset, since it was prepared: nothing of it was done.
_STALE = (psycopg.errors.FeatureNotSupported, psycopg.errors.InvalidSqlStatementName)
_FOUND = frozenset({pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK})


class _Wanted(NamedTuple):
    """A statement, as psycopg's list of prepared ones knows it."""

    query: bytes
    types: tuple[int, ...]


class _Ready(NamedTuple):
    """A statement that the server has: its name there, its values, and what reads its rows."""

    name: bytes
    values: Sequence[Any]
    formats: Sequence[Any] | None
    reader: Any  # a Transformer


def run(to: Connection, *statements: Statement) -> list[Rows]:
    """What each finds, sent together and answered together: one wait, with that of a BEGIN where one is due.

    Each sees what was committed when its own turn came. Raises what a cursor raises; the transaction is lost then.
    What was prepared and no longer holds is prepared anew: at once, or where a transaction is lost with it, by whoever
    comes again, as OperationalError says.
    """
    with to.lock:
        try:
            return _run(to, statements)
        except _STALE as error:
            to._prepared.clear()
            if to.pgconn.transaction_status != pq.TransactionStatus.IDLE:
                raise psycopg.OperationalError("what was prepared no longer holds") from error
            return _run(to, statements)


def _run(to: Connection, statements: Sequence[Statement]) -> list[Rows]:
    if to._prepared._to_flush:  # what psycopg gives back, as after a ROLLBACK
        to.wait(to._prepared.maintain_gen(to))
    ready = [_made_ready(to, sql, values) for sql, values in statements]
    begins = not to.autocommit and to.pgconn.transaction_status == pq.TransactionStatus.IDLE
    answers = _together(to, ready, begins=begins) if begins or len(ready) > 1 else [_alone(to, *ready)]
    return [_rows(answer, one.reader) for answer, one in zip(answers, ready, strict=True)]


@cache
def _bytes(sql: str) -> bytes:
    return sql.encode()


def _made_ready(to: Connection, sql: str, values: Sequence[Any]) -> _Ready:
    reader = Transformer(to)
    written = reader.dump_sequence(values, [PyFormat.AUTO] * len(values))
    text, known = _Wanted(_bytes(sql), reader.types or ()), to._prepared
    is_ready, name = known.get(text, prepare=True)  # type: ignore[arg-type]
    answer = None
    if is_ready is not Prepare.YES:
        answer = to.pgconn.prepare(name, text.query, text.types)
        _checked([answer])  # else it is not there, and is not put on the list
    key = known.maybe_add_to_cache(text, is_ready, name)  # type: ignore[arg-type]
    if key is not None and answer is not None:
        known.validate(key, is_ready, name, [answer])
    return _Ready(name, written, reader.formats, reader)


def _alone(to: Connection, one: _Ready) -> Any:
    to.pgconn.send_query_prepared(one.name, one.values, one.formats)
    return _checked(to.wait(execute(to.pgconn)))


def _together(to: Connection, every: Sequence[_Ready], *, begins: bool) -> list[Any]:
    server, answers = to.pgconn, []
    server.enter_pipeline_mode()
    try:
        if begins:
            server.send_query_params(b"BEGIN", None)
        for one in every:
            server.send_query_prepared(one.name, one.values, one.formats)
        server.pipeline_sync()
        answers.append(to.wait(execute(server)))
        for _ in range(len(every) - 1 + begins):
            answers.append(to.wait(fetch_many(server)))
        to.wait(fetch_many(server))  # of the sync
        server.exit_pipeline_mode()
    except BaseException:
        server.finish()  # what it still has to say is nobody's
        for answer in answers:  # one may be why it ended
            _checked(answer)
        raise
    return [_checked(answer) for answer in answers][begins:]


def _checked(answer: Sequence[Any]) -> Any:
    """The result of one statement. Raises what it failed of."""
    if not answer:
        raise psycopg.OperationalError("the connection is lost")
    if answer[-1].status not in _FOUND:
        if not answer[-1].error_field(pq.DiagnosticField.SQLSTATE):  # said by libpq: the server is not there
            raise psycopg.OperationalError("the connection is lost")
        raise error_from_result(answer[-1], encoding="utf-8")
    return answer[-1]


def _rows(answer: Any, reader: Any) -> Rows:
    reader.set_pgresult(answer)
    return list(reader.load_rows(0, answer.ntuples, tuple))
