"""Whether the alert loop is alive, from what the database says of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from grading.rules.alerting.repeats import mail_again_after

# A dead worker's message is taken over within 12 s (outbox.LEASE and a sweep); five times that means nobody takes it.
OLDEST_DUE = timedelta(seconds=60)
# The sweep runs every 2 s, through beat, broker and worker: fifteen lost in a row are no accident.
SWEEP_STALE = timedelta(seconds=30)
# A beacon leaves every minute: two in a row have not come back.
BEACON_SILENT = timedelta(minutes=2)
# Due times and windows are compared with the clock of the process; minutes would tell people something wrong.
CLOCK_OFFSET = timedelta(minutes=2)
# What a worker's machine said of its clock longer ago is of one that was taken away.
CLOCK_TOLD = timedelta(minutes=5)


class Trouble(StrEnum):
    """What may be wrong with the way that alerts take."""

    DATABASE = "database"
    OUTBOX = "outbox"
    SWEEP = "sweep"
    BEACON = "beacon"
    CLOCK = "clock"
    CHANNEL = "channel"
    GIVEN_UP = "given_up"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the database says of the loop. None: there is none, or it never was."""

    oldest_due: datetime | None  # since when the longest waiting message could have been taken
    swept_at: datetime | None
    beacon_first_at: datetime | None  # when the oldest beacon on record was sent
    beacon_at: datetime | None  # when one last came back
    clock_offset: timedelta  # the database's clock less ours
    worker_offset: timedelta = timedelta()  # the same of the worker's machine that is furthest off
    held: int = 0  # messages that wait for a decision since a restore
    channels: int = 0  # troubles that operators were told of and that are not over
    given_up: int = 0  # messages of alerts


def wrong(signs: Signs, *, at: datetime) -> tuple[Trouble, ...]:
    """Everything that is wrong, in the order of the list above."""
    is_wrong = {
        Trouble.OUTBOX: is_stuck(signs, at=at),
        Trouble.SWEEP: is_stale(signs, at=at),
        Trouble.BEACON: silent_since(first_at=signs.beacon_first_at, received_at=signs.beacon_at, at=at) is not None,
        Trouble.CLOCK: is_off(signs),
        Trouble.CHANNEL: signs.channels > 0,
        Trouble.GIVEN_UP: signs.given_up > 0,
        Trouble.HELD: signs.held > 0,
    }
    return tuple(trouble for trouble in Trouble if is_wrong.get(trouble))


def is_stuck(signs: Signs, *, at: datetime) -> bool:
    return signs.oldest_due is not None and at - signs.oldest_due > OLDEST_DUE


def is_stale(signs: Signs, *, at: datetime) -> bool:
    """Whether the sweep has stopped, or never ran. One that ran later than now says nothing: a clock was put back."""
    return signs.swept_at is None or not -CLOCK_OFFSET <= at - signs.swept_at <= SWEEP_STALE


def is_off(signs: Signs) -> bool:
    return max(abs(signs.clock_offset), abs(signs.worker_offset)) > CLOCK_OFFSET


def silent_since(*, first_at: datetime | None, received_at: datetime | None, at: datetime) -> datetime | None:
    """Since when no beacon has come back. None: one did within BEACON_SILENT, or none was ever sent.

    Where none was ever sent, no worker ever ran: the sweep says so.
    """
    last = received_at or first_at
    return last if last is not None and at - last > BEACON_SILENT else None


@dataclass(frozen=True, slots=True)
class Mailed:
    """When operators were last mailed of a trouble, and how often since it began."""

    at: datetime
    times: int = 1


@dataclass(frozen=True, slots=True)
class Telling:
    """What to tell the operators now, and what they have then been told."""

    new: tuple[str, ...]
    still: tuple[str, ...]  # told before, a while ago
    over: tuple[str, ...]
    last_told: Mapping[str, Mailed]  # each open trouble

    def __bool__(self) -> bool:
        return bool(self.new or self.still or self.over)


def to_tell(last_told: Mapping[str, Mailed], troubles: Sequence[str], *, at: datetime) -> Telling:
    """Each trouble at once, again less and less often, and when it is over. One that comes back is new."""
    new = tuple(trouble for trouble in troubles if trouble not in last_told)
    still = tuple(trouble for trouble in troubles if trouble in last_told and _is_due(last_told[trouble], at=at))
    over = tuple(trouble for trouble in last_told if trouble not in troubles)
    after = {trouble: Mailed(at) for trouble in new} | {
        trouble: Mailed(at, last_told[trouble].times + 1) if trouble in still else last_told[trouble]
        for trouble in troubles
        if trouble in last_told
    }
    return Telling(new=new, still=still, over=over, last_told=after)


def _is_due(mailed: Mailed, *, at: datetime) -> bool:
    """Also where the clock was put back since: better told twice."""
    return at < mailed.at or at - mailed.at >= mail_again_after(mailed.times)
