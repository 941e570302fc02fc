"""What becomes of a run of the workbench: its states, what it costs, when it will be done. Pure."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class RunState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_S = RunState

# The states a run may go to from each: the table is what runs (services/design_runs.py, and a trigger of the database).
MOVES: Mapping[RunState, frozenset[RunState]] = {
    # It fails there where no worker has the engine any more that it was queued for.
    _S.QUEUED: frozenset({_S.RUNNING, _S.FAILED, _S.CANCELLED}),
    # A worker that has to stop hands it back.
    _S.RUNNING: frozenset({_S.QUEUED, _S.DONE, _S.FAILED, _S.CANCELLED}),
    _S.DONE: frozenset(),
    _S.FAILED: frozenset(),
    _S.CANCELLED: frozenset(),
}
UNFINISHED = frozenset({_S.QUEUED, _S.RUNNING})


def may_come_from(to: RunState) -> frozenset[RunState]:
    """The states a run may leave to reach `to`."""
    return frozenset(state for state, ways in MOVES.items() if to in ways)


MOST = 20_000_000  # people x regimens x max(1, draws)
PER_SECOND = 65_000  # of CPU, epcoritamab over 61 days and 9 doses, as a prototype reached; a guess until it runs


def size_of(fields: Mapping[str, Any]) -> int:
    """People x regimens x max(1, draws), of an input that was read. A kind without people counts one."""
    regimens = fields.get("regimens") or [None]
    return int(fields.get("patients") or 1) * len(regimens) * max(1, int(fields.get("draws") or 0))


def expected_s(size: int) -> int:
    """About so many seconds of CPU."""
    return -(-size // PER_SECOND)


def left_s(done: int, of: int, *, started_at: datetime, at: datetime) -> int | None:
    """Seconds left if it goes on as until now. None: nobody is done yet, so nothing is known."""
    if done <= 0 or of <= 0:
        return None
    return round(max((at - started_at) / done * max(of - done, 0), timedelta(0)).total_seconds())
