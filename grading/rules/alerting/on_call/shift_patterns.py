"""Shifts that repeat, from a pattern to the instants of each. Pure; clock times are those of the site.

Where the clocks are put back or forward between two shifts, nobody's hours may have a hole: of a time that comes
twice a shift begins at the first and ends at the second, and a time that was skipped is the same instant later for
both. (Convention: docs/conventions.md.)
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from regimens.rules.wall_time import naive, not_before, readings

MOST_DAYS = 366


class Turns(StrEnum):
    """When the next of several people takes over."""

    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One person's hours, in UTC: from `starts_at` up to, not including, `ends_at`."""

    person: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftPattern:
    """The same hours on some days of the week, `people` taking turns in their order.

    `weekdays`: 0 is Monday. `ends` at or before `starts` is on the next day. Both `first` and `last` are included:
    days on which a shift begins.
    """

    weekdays: frozenset[int]
    starts: time
    ends: time
    first: date
    last: date
    people: tuple[int, ...]
    turns: Turns = Turns.WEEK


def hours_of(pattern: ShiftPattern, zone: tzinfo) -> list[Hours]:
    """Every shift of the pattern, oldest first. Empty: none of its days is one of its weekdays."""
    return [
        between(datetime.combine(day, pattern.starts), _end(day, pattern), zone, person=person)
        for day, person in _days(pattern)
    ]


def between(wall_start: datetime, wall_end: datetime, zone: tzinfo, *, person: int) -> Hours:
    """The hours between two naive times on the site's clock."""
    begins = readings(wall_start, zone)
    return Hours(
        person=person,
        starts_at=begins[0] if begins else not_before(wall_start, zone),
        ends_at=not_before(wall_end, zone),
    )


def weeks_later(hours: Hours, weeks: int, zone: tzinfo) -> Hours:
    """The same hours on the clock, so many weeks on."""
    by = timedelta(weeks=weeks)
    return between(naive(hours.starts_at, zone) + by, naive(hours.ends_at, zone) + by, zone, person=hours.person)


def monday_of(day: date) -> date:
    """The first day of its week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def _days(pattern: ShiftPattern) -> Iterator[tuple[date, int]]:
    """The days on which a shift begins, and whose it is."""
    taken = 0
    for ahead in range((pattern.last - pattern.first).days + 1):
        day = pattern.first + timedelta(days=ahead)
        if day.weekday() not in pattern.weekdays:
            continue
        weeks = (monday_of(day) - monday_of(pattern.first)).days // 7
        turn = taken if pattern.turns is Turns.DAY else weeks
        yield day, pattern.people[turn % len(pattern.people)]
        taken += 1


def _end(day: date, pattern: ShiftPattern) -> datetime:
    ends_on = day if pattern.ends > pattern.starts else day + timedelta(days=1)
    return datetime.combine(ends_on, pattern.ends)
