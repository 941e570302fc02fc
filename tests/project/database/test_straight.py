"""Statements that go straight to the server find, raise and wait as a cursor's do."""

import os
import socket
import threading
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from django.db import connection
from psycopg import pq

from crsmonitor.database.straight import run

IDLE, IN_TRANSACTION = pq.TransactionStatus.IDLE, pq.TransactionStatus.INTRANS
VALUES = [1, 70_000, "a'b", None, UUID(int=7), datetime(2026, 3, 2, tzinfo=UTC), Decimal("36.80"), True, ["x", "y"]]
KINDS = ["int", "int", "text", "text", "uuid", "timestamptz", "numeric", "bool", "text[]"]


@pytest.fixture
def other(db):
    """A connection of its own beside the test's."""
    parameters = connection.get_connection_params()
    for ours in ("cursor_factory", "context", "prepare_threshold", "pool"):
        parameters.pop(ours, None)
    with psycopg.connect(**parameters) as one:
        yield one


def test_what_is_found_is_what_a_cursor_finds(other):
    sql = f"SELECT {', '.join(f'${number}::{kind}' for number, kind in enumerate(KINDS, 1))}"

    assert run(other, (sql, VALUES)) == [psycopg.RawCursor(other).execute(sql, VALUES).fetchall()]
    assert run(other, (sql, VALUES), ("SELECT 1 WHERE $1", [False])) == [[tuple(VALUES)], []]


def test_the_first_begins_and_the_others_go_on(other):
    assert other.info.transaction_status == IDLE

    first, second = (run(other, ("SELECT pg_current_xact_id()::text", [])) for _ in range(2))

    assert (first, other.info.transaction_status) == (second, IN_TRANSACTION)


def test_what_was_prepared_is_prepared_again_after_a_rollback(other):
    """psycopg then takes back all that was prepared."""
    for _ in range(2):
        assert run(other, ("SELECT $1::text", ["a"]), ("SELECT 2", [])) == [[("a",)], [(2,)]]
        other.rollback()


@pytest.mark.parametrize("many", [1, 3])
def test_an_error_is_the_drivers_and_the_transaction_can_be_left(other, many):
    run(other, ("SELECT 1", []))

    with pytest.raises(psycopg.errors.DivisionByZero):
        run(other, *[("SELECT 1 / $1::int", [0]), ("SELECT 1", [])][:many], *[("SELECT 2", [])] * (many - 1))
    with pytest.raises(psycopg.errors.InFailedSqlTransaction):
        run(other, ("SELECT 1", []))
    other.rollback()

    assert run(other, ("SELECT 1", [])) == [[(1,)]]


def test_what_could_not_be_prepared_is_prepared_once_it_can_be(other):
    with pytest.raises(psycopg.errors.UndefinedTable):
        run(other, ("SELECT * FROM only_later", []))
    other.rollback()
    other.execute("CREATE TEMP TABLE only_later AS SELECT 1")

    assert run(other, ("SELECT * FROM only_later", [])) == [[(1,)]]


@pytest.mark.parametrize("many", [1, 2])
def test_a_connection_that_is_lost_is_closed(other, many):
    run(other, ("SELECT 1", []))
    with psycopg.connect(other.info.dsn, password=other.info.password, autocommit=True) as another:
        another.execute("SELECT pg_terminate_backend(%s, 5000)", [other.info.backend_pid])

    with pytest.raises(psycopg.OperationalError):
        run(other, *[("SELECT 1", [])] * many)

    assert other.closed


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT 2"], ids=["prepared", "to be prepared"])
def test_a_server_that_is_gone_without_a_word_is_lost_too(other, sql):
    """As behind a failover: DatabaseError would be a fault of ours, and nobody told to come again."""
    run(other, ("SELECT 1", []))
    with socket.socket(fileno=os.dup(other.fileno())) as wire:
        wire.shutdown(socket.SHUT_RDWR)

    with pytest.raises(psycopg.OperationalError):
        run(other, (sql, []))

    assert other.closed


STALE = {
    "a column of another type": "ALTER TABLE changes ALTER a TYPE text",
    "a session that was reset": "DEALLOCATE ALL",
}


@pytest.mark.parametrize("change", STALE.values(), ids=STALE)
@pytest.mark.parametrize("many", [1, 2])
def test_what_was_prepared_and_no_longer_holds_is_prepared_anew(other, change, many):
    """Else each request of this connection fails, as long as it is open: a key is asked for outside transactions."""
    statements = [("SELECT a::text, a FROM changes", [])] * many
    other.autocommit = True
    other.execute("CREATE TEMP TABLE changes AS SELECT 1 AS a")
    run(other, *statements)
    other.execute(f"DO $$ BEGIN {change}; END $$")  # unseen by psycopg, as another's

    assert run(other, *statements) == [[("1", "1" if "text" in change else 1)]] * many


@pytest.mark.parametrize("change", STALE.values(), ids=STALE)
def test_a_transaction_lost_with_it_is_to_come_again(other, change):
    other.execute("CREATE TEMP TABLE changes AS SELECT 1 AS a")
    other.commit()
    run(other, ("SELECT a FROM changes", []))
    other.commit()
    other.execute(f"DO $$ BEGIN {change}; END $$")

    with pytest.raises(psycopg.OperationalError):
        run(other, ("SELECT a FROM changes", []))
    other.rollback()

    assert len(run(other, ("SELECT a FROM changes", []))[0]) == 1


@pytest.mark.parametrize("many", [1, 2])
def test_others_work_while_it_waits(other, many):
    """Were they kept from it, who waits for a lock would wait for its holder, which waits for it."""
    with psycopg.connect(other.info.dsn, password=other.info.password) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(18)")
        run(other, ("SET LOCAL lock_timeout = '30s'", []))
        waits = threading.Thread(target=run, args=[other, *[("SELECT pg_advisory_xact_lock(18)", [])] * many])
        waits.start()
        while not holder.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").fetchall():
            pass
        holder.commit()
        waits.join()

    assert other.info.transaction_status == IN_TRANSACTION
