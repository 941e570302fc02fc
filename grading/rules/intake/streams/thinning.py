"""Which temperatures of a series become sets (convention, docs/conventions.md, "Temperature streams").

A reading is confirmed where a neighbour, before or after it, is at least as high: a single spike is a probe that
moved more often than a fever. What is not confirmed is never let in by itself, and a fever among it is never lost: a
person is asked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from grading.rules.grades.entry.limits import TEMPERATURE_IMPLAUSIBLE_BELOW_C

FEVER_FROM_C = Decimal("38.0")  # ASTCT 2019
SLOT = timedelta(minutes=15)
QUIET = timedelta(hours=4)  # as often as a set is due at the least (grading/rules/course/slots.py has the plan's own)
SUSTAINED = 3  # readings at or above 38.0, one after the other: 4 min at one every 2 min
NEAR = timedelta(minutes=5)  # readings farther apart are no neighbours


class ThinnedBy(StrEnum):
    CROSSING = "crossing"  # the first of three in a row at 38.0 or above
    SLOT = "slot"  # the highest confirmed one of a quarter of an hour with a fever, and of the first one without
    QUIET = "quiet"  # the highest confirmed one of four hours without a fever
    SPIKE = "spike"  # 38.0 or above, and no neighbour confirms it


@dataclass(frozen=True, slots=True, order=True)
class StreamReading:
    """One value of a device. `at` in UTC."""

    at: datetime
    celsius: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Thinned:
    """A reading that is proposed as a set. `since`: of its slot: with `by` it is known by that."""

    by: ThinnedBy
    since: datetime
    reading: StreamReading


def thin(series: Sequence[StreamReading], *, until: datetime) -> list[Thinned]:
    """Of one device at one participant, in order of time. A slot counts once it is over at `until`; a crossing at
    once. The series begins with a block of QUIET, so that the same readings give the same whenever they are thinned.
    """
    readings = [one for one in series if one.celsius >= TEMPERATURE_IMPLAUSIBLE_BELOW_C]
    crossings = list(_crossings(readings))
    confirmed = _confirmed(readings)
    slots = list(_slots(readings, confirmed, until))
    crossed = {one.reading for one in crossings}
    rest = [one for one in slots if one.reading not in crossed]
    return sorted([*crossings, *rest, *_quiet(confirmed, slots, until)], key=lambda one: (one.reading.at, one.by))


def start_of(at: datetime, length: timedelta) -> datetime:
    """Of the slot of this length, counted from midnight UTC."""
    midnight = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (at - midnight) // length * length


def _crossings(readings: Sequence[StreamReading]) -> Iterator[Thinned]:
    run: list[StreamReading] = []
    for one in readings:
        if run and one.at - run[-1].at > NEAR:
            run = []
        run = [*run, one] if one.celsius >= FEVER_FROM_C else []
        if len(run) == SUSTAINED:
            yield Thinned(by=ThinnedBy.CROSSING, since=run[0].at, reading=run[0])


def _confirmed(readings: Sequence[StreamReading]) -> list[StreamReading]:
    """In order of time, each once."""
    lower = {
        one if one.celsius <= other.celsius else other
        for one, other in pairwise(readings)
        if other.at - one.at <= NEAR
    } | {
        other for one, other in pairwise(readings) if other.at - one.at <= NEAR and one.celsius == other.celsius
    }  # fmt: skip
    return sorted(lower)


def _highest(readings: Sequence[StreamReading]) -> StreamReading | None:
    """The first of the highest. None of none."""
    return max(readings, key=lambda one: (one.celsius, -one.at.timestamp()), default=None)


def _slots(readings: Sequence[StreamReading], confirmed: Sequence[StreamReading], until: datetime) -> Iterator[Thinned]:
    known, feverish = set(confirmed), False
    for since, some in groupby(readings, key=lambda one: start_of(one.at, SLOT)):
        here = list(some)
        if since + SLOT > until:
            return
        sure, highest = _highest([one for one in here if one in known]), _highest(here)
        if sure is not None and sure.celsius >= FEVER_FROM_C:
            feverish = True
            yield Thinned(by=ThinnedBy.SLOT, since=since, reading=sure)
            continue
        if highest is not None and highest.celsius >= FEVER_FROM_C:
            yield Thinned(by=ThinnedBy.SPIKE, since=since, reading=highest)
        elif feverish and sure is not None:
            feverish = False
            yield Thinned(by=ThinnedBy.SLOT, since=since, reading=sure)


def _quiet(confirmed: Sequence[StreamReading], slots: Sequence[Thinned], until: datetime) -> Iterator[Thinned]:
    loud = {start_of(one.reading.at, QUIET) for one in slots}
    for since, some in groupby(confirmed, key=lambda one: start_of(one.at, QUIET)):
        if since in loud or since + QUIET > until:
            continue
        highest = _highest(list(some))
        if highest is not None and highest.celsius < FEVER_FROM_C:
            yield Thinned(by=ThinnedBy.QUIET, since=since, reading=highest)
