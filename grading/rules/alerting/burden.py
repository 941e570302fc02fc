"""How many alerts and messages people lived with: by participant-day, nurse shift and night; how many were acted on.

Pure; instants are UTC.

Every share and rate is None where what it is counted over is nothing: "no participant-day yet" is not "no alerts".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

from regimens.rules.wall_time import midnight, on_wall

DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)  # no shift and no day of a zone of today begins or ends within one
# Convention: a site's day in thirds by its own clock, 07-15, 15-23, 23-07. A night counts once, however long it is
# when the clocks change, and belongs to the day on which it begins.
DAY_FROM, EVENING_FROM, NIGHT_FROM = 7, 15, 23


class NurseShift(StrEnum):
    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


SHIFTS = tuple(NurseShift)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Alerts of one quarter of an hour (`at`: when it began), alike in all that is counted of them; `count` of them.

    What they asked (codes), by which version of the policy, whether anybody acted, and by which `channels` anybody was
    told.
    """

    at: datetime
    codes: tuple[str, ...]
    policy: int
    acted_on: bool
    channels: frozenset[str] = frozenset()
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Messages that left in a quarter of an hour, by which channel, of which alerts. A stand-down calls nobody."""

    at: datetime
    channel: str
    stand_down: bool
    codes: tuple[str, ...]
    policy: int
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A participant under observation from the first dose up to the end. `end` None: it goes on."""

    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Burden:
    """Counts of alerts and messages, and what they are counted over: time under observation, the shifts with any.

    `pages` are the messages that call somebody; `stand_downs` are counted beside them.
    """

    alerts: int = 0
    pages: int = 0
    stand_downs: int = 0
    by_night: int = 0
    acted_on: int = 0
    watched: timedelta = timedelta(0)
    shifts: int = 0

    @property
    def participant_days(self) -> Decimal:
        return _decimal(self.watched) / _decimal(DAY)

    @property
    def per_participant_day(self) -> Decimal | None:
        # In one division: days that do not come out even would be rounded twice.
        return _of(self.alerts * _decimal(DAY), _decimal(self.watched))

    @property
    def per_shift(self) -> Decimal | None:
        return _of(self.alerts, self.shifts)

    @property
    def pages_per_participant_day(self) -> Decimal | None:
        return _of(self.pages * _decimal(DAY), _decimal(self.watched))

    @property
    def pages_per_shift(self) -> Decimal | None:
        return _of(self.pages, self.shifts)

    @property
    def share_by_night(self) -> Decimal | None:
        return _of(self.by_night, self.alerts)

    @property
    def share_acted_on(self) -> Decimal | None:
        return _of(self.acted_on, self.alerts)

    def __add__(self, other: "Burden") -> "Burden":
        return Burden(
            alerts=self.alerts + other.alerts,
            pages=self.pages + other.pages,
            stand_downs=self.stand_downs + other.stand_downs,
            by_night=self.by_night + other.by_night,
            acted_on=self.acted_on + other.acted_on,
            watched=self.watched + other.watched,
            shifts=self.shifts + other.shifts,
        )


class Group(StrEnum):
    """What the alerts of a line have in common."""

    ALL = "all"
    SHIFT = "shift"
    ASKED = "asked"
    POLICY = "policy"
    CHANNEL = "channel"


Line = tuple[Group, str]  # a group and which of it; of ALL the name is empty


def _decimal(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1))


def _of(part: Decimal | int, whole: Decimal | int) -> Decimal | None:
    return Decimal(part) / Decimal(whole) if whole else None


def shift_number(at: datetime, zone: ZoneInfo) -> int:
    """Which shift of the site an instant is in: one more with each shift, whatever the clocks do."""
    local = on_wall(at, zone)
    thirds = 3 * local.date().toordinal()
    if local.hour < DAY_FROM:
        return thirds - 1  # still the night that began the day before
    return thirds + (local.hour >= EVENING_FROM) + (local.hour >= NIGHT_FROM)


def shift_of(number: int) -> NurseShift:
    return SHIFTS[number % 3]


def bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The days from `first` to `last`, both included, of a site: from its midnight up to its midnight, as UTC."""
    return midnight(first, zone), midnight(last + DAY, zone)


def _inside(one: Watched, *, start: datetime, end: datetime) -> tuple[datetime, datetime] | None:
    """The part of it from `start` up to `end`. None: there is none."""
    since, until = max(one.start, start), min(one.end or end, end)
    return (since, until) if since < until else None


def burden_of(
    alerts: Iterable[Raised],
    watched: Iterable[Watched],
    messages: Iterable[Sent] = (),
    *,
    zone: ZoneInfo,
    start: datetime,
    end: datetime,
) -> dict[Line, Burden]:
    """The lines of one site from `start` up to `end`; the three shifts are always there, of the rest what occurred.

    Alerts count by when they were raised, the withdrawn ones too: each of them called somebody. Messages count by when
    they left, whenever their alert was raised. A shift counts where somebody was under observation in it. The line of
    a shift is over the shifts of its own kind.
    """
    raised = [one for one in alerts if start <= one.at < end]
    sent = [one for one in messages if start <= one.at < end]
    spans = [span for one in watched if (span := _inside(one, start=start, end=end))]
    time_watched = sum((until - since for since, until in spans), timedelta(0))
    numbers: set[int] = set()
    for since, until in spans:
        just_before = until - timedelta(microseconds=1)
        numbers.update(range(shift_number(since, zone), shift_number(just_before, zone) + 1))

    def line(raised: Sequence[Raised], sent: Sequence[Sent], shifts: int) -> Burden:
        return Burden(
            alerts=sum(one.count for one in raised),
            pages=sum(one.count for one in sent if not one.stand_down),
            stand_downs=sum(one.count for one in sent if one.stand_down),
            by_night=sum(one.count for one in raised if _shift_at(one, zone) is NurseShift.NIGHT),
            acted_on=sum(one.count for one in raised if one.acted_on),
            watched=time_watched,
            shifts=shifts,
        )

    every = len(numbers)
    lines: dict[Line, Burden] = {(Group.ALL, ""): line(raised, sent, every)}

    def add(group: Group, name: str, which: Callable[[Raised | Sent], bool], shifts: int = every) -> None:
        lines[group, name] = line([one for one in raised if which(one)], [one for one in sent if which(one)], shifts)

    for shift in SHIFTS:
        of_kind = sum(shift_of(number) is shift for number in numbers)
        add(Group.SHIFT, shift.value, partial(_is_in, shift, zone), of_kind)
    both: list[Raised | Sent] = [*raised, *sent]
    for code in sorted({code for one in both for code in one.codes}):
        add(Group.ASKED, code, partial(_asks, code))
    for policy in sorted({one.policy for one in both}):
        add(Group.POLICY, str(policy), partial(_is_of, policy))
    for channel in sorted({one.channel for one in sent}):
        add(Group.CHANNEL, channel, partial(_is_by, channel))
    return lines


def _is_in(shift: NurseShift, zone: ZoneInfo, one: Raised | Sent) -> bool:
    return _shift_at(one, zone) is shift


def _asks(code: str, one: Raised | Sent) -> bool:
    return code in one.codes


def _is_of(policy: int, one: Raised | Sent) -> bool:
    return one.policy == policy


def _is_by(channel: str, one: Raised | Sent) -> bool:
    return channel == one.channel if isinstance(one, Sent) else channel in one.channels


def _shift_at(one: Raised | Sent, zone: ZoneInfo) -> NurseShift:
    return shift_of(shift_number(one.at, zone))


def together(sites: Sequence[dict[Line, Burden]]) -> dict[Line, Burden]:
    """The same lines over several sites.

    A line that a site has not is none of its alerts, over all the time and the shifts of that site.
    """
    names = sorted({line for site in sites for line in site}, key=_order)
    total: dict[Line, Burden] = {}
    for name in names:
        total[name] = sum((site.get(name) or _none(site[Group.ALL, ""]) for site in sites), Burden())
    return total


def _none(every: Burden) -> Burden:
    return Burden(watched=every.watched, shifts=every.shifts)


def _order(line: Line) -> tuple[int, int, str]:
    group, name = line
    place = SHIFTS.index(NurseShift(name)) if group is Group.SHIFT else int(name) if group is Group.POLICY else 0
    return list(Group).index(group), place, name
