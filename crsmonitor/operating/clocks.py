"""Clocks that are compared: the database's, ours, and what the kernel knows of NTP. No browser's is believed."""

import ctypes
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

# Project's rules (21 CFR 11.10(e): trustworthy times): above the first it is told, above the second nobody signs.
WARNS = timedelta(seconds=2)
SIGNS_NOTHING = timedelta(seconds=60)


def is_far_off(offset: timedelta) -> bool:
    return abs(offset) > WARNS


def is_too_far_to_sign(offset: timedelta) -> bool:
    return abs(offset) > SIGNS_NOTHING


def database_offset(now: datetime | None = None) -> timedelta:
    """The database's clock less ours, halfway through asking. `now`: ours, where a caller has it. DatabaseError."""
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [database_at] = cursor.fetchone()
    took = datetime.now(UTC) - before
    offset: timedelta = database_at - (now or before) - took / 2
    return offset


class _Timex(ctypes.Structure):
    """struct timex of Linux as far as it is read, with room for the rest."""

    _fields_ = [
        ("modes", ctypes.c_uint), ("offset", ctypes.c_long), ("freq", ctypes.c_long), ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long), ("status", ctypes.c_int), ("rest", ctypes.c_long * 32),
    ]  # fmt: skip


UNSYNCHRONISED = 0x0040  # STA_UNSYNC, adjtimex(2)


@dataclass(frozen=True, slots=True)
class Ntp:
    """What the kernel says of the machine's clock. `most`: the largest error it reckons with."""

    synchronised: bool
    most: timedelta


def ntp() -> Ntp | None:
    """None: this kernel does not say. Reads only, which needs no right."""
    try:
        call = ctypes.CDLL(None, use_errno=True).adjtimex
    except (AttributeError, OSError, TypeError):
        return None
    timex = _Timex(modes=0)
    if call(ctypes.byref(timex)) < 0:
        return None
    return Ntp(
        synchronised=not timex.status & UNSYNCHRONISED, most=timedelta(microseconds=max(timex.maxerror, 0))
    )  # fmt: skip
