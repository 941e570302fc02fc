"""A connection that lives is given away as it is, and one that the server ended is not given away."""

import psycopg
import pytest
from psycopg_pool import ConnectionPool

from crsmonitor.database.sessions import Session
from crsmonitor.pages.notices import address

_STATE = "SELECT state_change, query FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def pool(transactional_db):
    with ConnectionPool(
        kwargs=address() | {"autocommit": True}, connection_class=Session, check=ConnectionPool.check_connection,
        min_size=1, max_size=1, timeout=5, open=True,  # one: which is given away is no question
    ) as opened:  # fmt: skip
        yield opened


@pytest.fixture
def other(pool):
    with psycopg.connect(**address(), autocommit=True) as apart:
        yield apart


def test_who_was_in_use_is_asked_nothing_and_who_rested_is(pool, other):
    with pool.connection() as one:
        pid = one.execute("SELECT pg_backend_pid()").fetchone()[0]
        before = other.execute(_STATE, [pid]).fetchone()
        one._checked_at = float("inf")  # a moment ago, however slow the machine is

    with pool.connection() as again:
        assert again.info.backend_pid == pid
        assert other.execute(_STATE, [pid]).fetchone() == before
        again._checked_at = float("-inf")

    with pool.connection() as rested:
        assert rested.info.backend_pid == pid
        assert other.execute(_STATE, [pid]).fetchone() != before


def test_who_was_ended_is_not_given_away(pool, other):
    with pool.connection() as one:
        pid = one.info.backend_pid
    assert other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid]).fetchone() == (True,)

    with pool.connection() as another:
        assert another.info.backend_pid != pid
        assert another.execute("SELECT 1").fetchone() == (1,)


def test_a_closed_one_says_so(pool):
    with pool.connection() as one:
        one.close()
        with pytest.raises(psycopg.OperationalError):
            one.execute("")
