"""A site's wall clock and the instants it shows. The one place where the two are turned into each other.

Arithmetic is done on instants in UTC; a wall time is only read and shown. (Python adds to an aware local datetime
on its wall clock and forgets `fold`: on the night the clocks go back every result of that is an hour early, and in
spring it may be a minute that never was.) `tests/project/shape/test_wall_time.py` refuses such arithmetic elsewhere.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum


class Turn(StrEnum):
    """Which of the two instants is meant by a wall time that comes twice."""

    FIRST = "1"
    SECOND = "2"


class NoSuchTime(ValueError):
    """A wall time that does not name one instant. `readings`: the instants it could mean; empty: it never was."""

    def __init__(self, readings: Sequence[datetime]) -> None:
        super().__init__("this time came twice" if readings else "this time did not exist")
        self.readings = tuple(readings)


def readings(wall: datetime, zone: tzinfo) -> tuple[datetime, ...]:
    """The instants (UTC, oldest first) at which the clock shows `wall`, which is naive: none, one or two."""
    both = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return tuple(sorted(one for one in both if _shown(one, zone) == wall.replace(fold=0)))


def instant(wall: datetime, zone: tzinfo, *, turn: Turn | None = None, not_after: datetime | None = None) -> datetime:
    """The instant in UTC that a naive wall time names. Raises NoSuchTime where that is none, or either of two.

    `turn` says which of two is meant. `not_after`: the later of two cannot be meant where it lies beyond.
    """
    instants = readings(wall, zone)
    if len(instants) == 2 and not_after is not None and instants[1] > not_after:
        instants = instants[:1]
    if len(instants) == 2 and turn is not None:
        instants = (instants[0 if turn is Turn.FIRST else 1],)
    if len(instants) != 1:
        raise NoSuchTime(instants)
    return instants[0]


def not_before(wall: datetime, zone: tzinfo) -> datetime:
    """An instant that certainly has reached a naive wall time: the later of two, one after the gap that it lies in."""
    instants = readings(wall, zone)
    return instants[-1] if instants else wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def days_later(at: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time of day so many calendar days on, whatever the clocks did between: of two the later."""
    return not_before(_shown(at, zone) + timedelta(days=days), zone)


def on_wall(at: datetime, zone: tzinfo) -> datetime:
    """What the site's clock shows at an instant: to be shown and compared by its day, never to be added to."""
    return at.astimezone(zone)


def naive(at: datetime, zone: tzinfo) -> datetime:
    """The wall time at an instant, without its zone: for rules that count the hours of a wall clock (G10)."""
    return _shown(at, zone)


def day_at(at: datetime, zone: tzinfo) -> date:
    """The calendar day of the site."""
    return at.astimezone(zone).date()


def turn_of(at: datetime, zone: tzinfo) -> Turn | None:
    """Which time it is that the clock shows this. None: it shows it once only."""
    instants = readings(_shown(at, zone), zone)
    if len(instants) == 1:
        return None
    return Turn.FIRST if at.astimezone(UTC) == instants[0] else Turn.SECOND


def offset_of(at: datetime, zone: tzinfo) -> str:
    """`+01:00`, as the clock runs at that instant."""
    written = f"{at.astimezone(zone):%z}"
    return f"{written[:3]}:{written[3:5]}"


def shifted(at: datetime, by: timedelta) -> datetime:
    """An instant so much elapsed time later, in UTC."""
    return at.astimezone(UTC) + by


def midnight(day: date, zone: tzinfo) -> datetime:
    """When the day begins at the site, in UTC: where its midnight was skipped, with its first minute."""
    start = datetime.combine(day, time())
    instants = readings(start, zone)
    return instants[0] if instants else start.replace(tzinfo=zone, fold=0).astimezone(UTC)


def last_at_clock(clock: time, zone: tzinfo, *, until: datetime, turn: Turn | None = None) -> datetime:
    """The newest instant up to `until` at which the clock showed this time of day. Raises NoSuchTime as `instant`."""
    for back in (0, 1):
        wall = datetime.combine(day_at(until, zone) - timedelta(days=back), clock)
        reached = [one for one in readings(wall, zone) if one <= until]
        if len(reached) == 2 and turn is not None:
            return reached[0 if turn is Turn.FIRST else 1]
        if reached or (wall <= _shown(until, zone) and not readings(wall, zone)):
            break
    if len(reached) != 1:
        raise NoSuchTime(reached)
    return reached[0]


def clock_text(at: datetime, zone: tzinfo) -> str:
    """`03:10`; `02:10 (+01:00)` where the clock shows it twice, so that both are told apart."""
    text = f"{at.astimezone(zone):%H:%M}"
    return text if turn_of(at, zone) is None else f"{text} ({offset_of(at, zone)})"


def day_text(at: datetime, zone: tzinfo) -> str:
    """`2026-03-03 03:10`, told apart in the same way."""
    return f"{at.astimezone(zone):%Y-%m-%d} {clock_text(at, zone)}"


def _shown(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)
