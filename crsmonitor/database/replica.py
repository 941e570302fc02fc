"""A server that follows the database, for what reads much: downloads of data sets, and the burden of alerts.

It answers where it surely has everything: as much of the log as the database had written when it was asked. It is given
a moment for that. Where it is behind, away, or no replica of this database, the database answers by itself, never with
rows missing. Who may see what, and what is frozen or signed, is never read here.
"""

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.models import Model

logger = logging.getLogger(__name__)
T = TypeVar("T")

PRIMARY, REPLICA = "default", "replica"
WAIT_SECONDS = 1.0  # for what was saved just now
LOOK_SECONDS = 0.02
AWAY_SECONDS = 10.0  # one that was not there is not asked again for so long

# Two servers with the same of both have the same log, so that places in it can be compared.
_LOG = "(pg_control_system()).system_identifier, (pg_control_checkpoint()).timeline_id"
_WRITTEN = f"SELECT {_LOG}, CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn() END::text"
_REPLAYED = f"""
    SELECT {_LOG}, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() - %s::pg_lsn END::bigint,
           extract(epoch FROM now() - pg_last_xact_replay_timestamp())::float
"""  # noqa: S608 - both parts are ours


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """`bytes_behind` None: it is away, or no replica of this database. `seconds_behind`: since its newest change."""

    bytes_behind: int | None
    seconds_behind: float = 0.0


_is_reading: ContextVar[bool] = ContextVar("replica", default=False)
_away_until = 0.0


def replica_state() -> ReplicaState:
    """How far it is behind what the database has written by now. Raises DatabaseError where the database is away."""
    try:
        return _state_at(*_written())
    finally:
        let_go()


def chosen() -> str:
    """The alias to read from now: whatever has been committed is there. Raises DatabaseError as `replica_state` does.

    The caller closes the connection to the replica, which is left open for it.
    """
    if REPLICA not in settings.DATABASES or connections[PRIMARY].in_atomic_block:  # of ours it may not have all yet
        return PRIMARY
    if time.monotonic() < _away_until:
        return PRIMARY
    log, end = _written(), time.monotonic() + WAIT_SECONDS
    while (state := _state_at(*log)).bytes_behind is not None:
        if state.bytes_behind <= 0:
            return REPLICA
        if time.monotonic() > end:
            logger.warning("replica: %s bytes behind, the database answers", state.bytes_behind)
            break
        time.sleep(LOOK_SECONDS)
    let_go()
    return PRIMARY


def read(work: Callable[[], T]) -> T:
    """What `work` returns or raises: what Django reads in it comes from the replica, where it has everything."""
    if chosen() == PRIMARY:
        return work()
    token = _is_reading.set(True)
    try:
        return work()
    except (OperationalError, InterfaceError) as error:
        lose(error)
    finally:
        _is_reading.reset(token)
        let_go()
    return work()


def let_go() -> None:
    """Close the connection to the replica, if this thread has one."""
    if REPLICA in settings.DATABASES:
        connections[REPLICA].close()


def _written() -> tuple[Any, ...]:
    with connections[PRIMARY].cursor() as cursor:
        cursor.execute(_WRITTEN)
        return tuple(cursor.fetchone())


def _state_at(system: int, timeline: int, place: str | None) -> ReplicaState:
    """`place`: in the log of the database; None: it follows another one itself."""
    if place is None:
        return ReplicaState(None)
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_REPLAYED, [place])
            its_system, its_timeline, behind, seconds = cursor.fetchone()
    except DatabaseError as error:
        lose(error)
        return ReplicaState(None)
    if (its_system, its_timeline) != (system, timeline) or behind is None:
        logger.warning("replica: it is none of this database, or not yet of its newest timeline")
        return ReplicaState(None)
    late = behind < 0
    return ReplicaState(max(0, -behind), seconds or 0.0 if late else 0.0)


def lose(error: Exception) -> None:
    """It was not there: for a while nobody asks it."""
    global _away_until
    _away_until = time.monotonic() + AWAY_SECONDS
    logger.warning("replica: not there (%s), the database answers", type(error).__name__)


class ReplicaRouter:
    """Inside `read` Django asks the replica. Afterwards what came from there is the database's, as everything else."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        return REPLICA if _is_reading.get() else self.db_for_write(model, **hints)

    def db_for_write(self, model: type[Model], *, instance: Model | None = None, **hints: Any) -> str | None:
        return PRIMARY if instance is not None and instance._state.db == REPLICA else None

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        return True if {one._state.db, other._state.db} <= {PRIMARY, REPLICA} else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if db == REPLICA else None
