"""Alert burden: every figure worked out by hand from the convention (thirds 07-15, 15-23, 23-07 of the site's day)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.burden import (
    Burden,
    Group,
    NurseShift,
    Raised,
    Sent,
    Watched,
    bounds,
    burden_of,
    shift_number,
    shift_of,
    together,
)

PARIS, TAIPEI = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Taipei")
ALL = (Group.ALL, "")


def utc(day: int, hour: int = 0, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def raised(at: datetime, *codes: str, policy: int = 1, acted_on: bool = False) -> Raised:
    return Raised(at=at, codes=codes or ("new_grade",), policy=policy, acted_on=acted_on)


def sent(at: datetime, channel: str = "email", *codes: str, stand_down: bool = False) -> Sent:
    return Sent(at=at, channel=channel, stand_down=stand_down, codes=codes or ("new_grade",), policy=1)


def test_messages_are_counted_beside_alerts_by_when_they_left_and_stand_downs_apart():
    """Two days in Taipei from 08:00 on the 2nd (six shifts and what is left of the first): one alert at 10:00."""
    start, end = utc(2), utc(4)
    alerts = [Raised(at=utc(2, 2), codes=("new_grade",), policy=1, acted_on=True, channels=frozenset({"email"}))]
    messages = [
        sent(utc(2, 2)), sent(utc(2, 2), "webhook"), sent(utc(2, 10)), sent(utc(2, 17)),  # day, evening, night
        sent(utc(2, 18), stand_down=True), sent(utc(5)),  # the last is after the end
    ]  # fmt: skip

    lines = burden_of(alerts, [Watched(start=start, end=None)], messages, zone=TAIPEI, start=start, end=end)

    every = lines[ALL]
    assert (every.alerts, every.pages, every.stand_downs) == (1, 4, 1)
    assert (every.pages_per_participant_day, every.shifts) == (2, 7)
    assert every.pages_per_shift == Decimal(4) / 7
    assert [lines[Group.SHIFT, one.value].pages for one in NurseShift] == [2, 1, 1]
    assert [lines[Group.SHIFT, one.value].stand_downs for one in NurseShift] == [0, 0, 1]
    by_channel = {name: (one.alerts, one.pages, one.stand_downs) for (group, name), one in lines.items()
                  if group is Group.CHANNEL}  # fmt: skip
    assert by_channel == {"email": (1, 3, 1), "webhook": (0, 1, 0)}
    assert lines[Group.ASKED, "new_grade"].pages == lines[Group.POLICY, "1"].pages == 4


def test_without_a_participant_day_there_is_no_rate_of_messages():
    one = burden_of([], [], [sent(utc(2))], zone=TAIPEI, start=utc(1), end=utc(3))[ALL]

    assert (one.pages, one.pages_per_participant_day, one.pages_per_shift) == (1, None, None)


@pytest.mark.parametrize(
    ("clock", "shift"),
    [
        ("06:59", NurseShift.NIGHT), ("07:00", NurseShift.DAY), ("14:59", NurseShift.DAY),
        ("15:00", NurseShift.EVENING), ("22:59", NurseShift.EVENING), ("23:00", NurseShift.NIGHT),
        ("00:00", NurseShift.NIGHT),
    ],
)  # fmt: skip
def test_the_thirds_of_a_day_of_the_site(clock, shift):
    local = datetime.fromisoformat(f"2026-03-10T{clock}").replace(tzinfo=TAIPEI)

    assert shift_of(shift_number(local.astimezone(UTC), TAIPEI)) is shift


# In Paris clocks go forward at 01:00 UTC on 29 March 2026 and back at 01:00 UTC on 25 October 2026.
@pytest.mark.parametrize(
    ("evening", "since", "until", "hours"),
    [
        (utc(28, 21, 59), utc(28, 22), utc(29, 5), 7),  # 23:00 +1 to 07:00 +2
        (utc(24, 20, 59, month=10), utc(24, 21, month=10), utc(25, 6, month=10), 9),  # 23:00 +2 to 07:00 +1
    ],
)
def test_a_night_in_which_the_clocks_change_is_one_shift(evening, since, until, hours):
    night = shift_number(since, PARIS)

    assert until - since == timedelta(hours=hours)
    assert shift_of(night) is NurseShift.NIGHT
    assert shift_number(evening, PARIS) == night - 1
    assert {shift_number(since + timedelta(minutes=m), PARIS) for m in range(hours * 60)} == {night}
    assert shift_number(until, PARIS) == night + 1
    [one] = [burden_of([], [Watched(start=since, end=until)], zone=PARIS, start=since, end=until)[ALL]]
    assert (one.watched, one.shifts) == (timedelta(hours=hours), 1)


@pytest.mark.parametrize(("day", "month", "hours"), [(29, 3, 23), (25, 10, 25), (10, 3, 24)])
def test_the_days_of_a_site_run_from_midnight_to_midnight(day, month, hours):
    start, end = bounds(date(2026, month, day), date(2026, month, day), PARIS)

    assert end - start == timedelta(hours=hours)
    assert start.astimezone(PARIS).hour == end.astimezone(PARIS).hour == 0


def test_the_figures_of_a_site():
    # Taipei is 8 h ahead: 2 March 08:00 to 4 March 08:00 there is two participant-days and seven shifts
    # (day, evening, night of the 2nd and of the 3rd, day of the 4th); the second participant adds 12 h inside them.
    watched = [Watched(start=utc(2), end=utc(4)), Watched(start=utc(2, 12), end=utc(3))]
    alerts = [
        raised(utc(2, 1), "new_grade", acted_on=True),  # 09:00, day
        raised(utc(2, 16), "new_grade", "tocilizumab"),  # 00:00, night
        raised(utc(3, 22), "tocilizumab", policy=2, acted_on=True),  # 06:00, night
        raised(utc(3, 9), "new_grade", policy=2),  # 17:00, evening
        raised(utc(3, 10), "new_grade", policy=10),  # 18:00, evening
    ]

    lines = burden_of(alerts, watched, zone=TAIPEI, start=utc(1), end=utc(10))

    every = lines[ALL]
    assert every.participant_days == Decimal("2.5")
    assert every.per_participant_day == 2
    assert (every.alerts, every.shifts) == (5, 7)
    assert every.per_shift == Decimal(5) / 7
    assert (every.share_by_night, every.share_acted_on) == (Decimal("0.4"), Decimal("0.4"))
    night, day, evening = (lines[Group.SHIFT, s] for s in ("night", "day", "evening"))
    assert (night.alerts, night.shifts, night.per_shift) == (2, 2, 1)
    assert (day.alerts, day.shifts, day.acted_on) == (1, 3, 1)
    assert (evening.alerts, evening.shifts) == (2, 2)
    assert lines[Group.ASKED, "new_grade"].alerts == 4
    assert lines[Group.ASKED, "tocilizumab"].share_acted_on == Decimal("0.5")
    assert [(line, one.alerts) for line, one in lines.items() if line[0] is Group.POLICY] == [
        ((Group.POLICY, "1"), 2), ((Group.POLICY, "2"), 2), ((Group.POLICY, "10"), 1),
    ]  # fmt: skip


def test_a_period_takes_its_own_part_only():
    watched = [Watched(start=utc(2), end=None), Watched(start=utc(1), end=utc(2)), Watched(start=utc(5), end=None)]
    alerts = [raised(utc(2)), raised(utc(3) - timedelta(seconds=1)), raised(utc(3)), raised(utc(1))]

    every = burden_of(alerts, watched, zone=TAIPEI, start=utc(2), end=utc(3))[ALL]

    assert (every.participant_days, every.alerts) == (1, 2)


def test_no_participant_day_is_no_division():
    lines = burden_of([raised(utc(2))], [], zone=TAIPEI, start=utc(1), end=utc(3))

    assert lines[ALL] == Burden(alerts=1)
    assert (lines[ALL].per_participant_day, lines[ALL].per_shift) == (None, None)
    assert lines[ALL].share_acted_on == 0


def test_no_alert_is_no_share_but_a_rate_of_nothing():
    every = burden_of([], [Watched(start=utc(1), end=utc(2))], zone=TAIPEI, start=utc(1), end=utc(2))[ALL]

    assert (every.share_by_night, every.share_acted_on, every.per_participant_day) == (None, None, 0)


def test_a_period_that_is_over_before_it_begins_is_empty():
    assert burden_of([raised(utc(2))], [Watched(start=utc(1), end=None)], zone=TAIPEI, start=utc(4), end=utc(3))[
        ALL
    ] == Burden()  # fmt: skip


def test_sites_together_count_the_time_of_those_without_such_an_alert():
    one = burden_of(
        [raised(utc(1, 1), "x")], [Watched(start=utc(1), end=utc(2))], zone=TAIPEI, start=utc(1), end=utc(2)
    )
    other = burden_of([], [Watched(start=utc(1), end=utc(4))], zone=PARIS, start=utc(1), end=utc(4))

    both = together([one, other])

    assert both[Group.ASKED, "x"].participant_days == 4
    assert both[Group.ASKED, "x"].per_participant_day == Decimal("0.25")
    assert both[ALL].shifts == one[ALL].shifts + other[ALL].shifts


@given(st.integers(0, 2 * 365 * 24 * 60), st.integers(0, 24 * 60))
def test_shifts_never_run_backwards(start, minutes):
    at = utc(1, month=1) + timedelta(minutes=start)
    assert shift_number(at + timedelta(minutes=minutes), PARIS) >= shift_number(at, PARIS)
