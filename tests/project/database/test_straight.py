"""Statements that go straight to the server find, raise and wait as a cursor's do."""

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
