"""The site's clock on the nights it is changed: each instant there and back, nothing guessed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.wall_time import (
    NoSuchTime,
    Turn,
    clock_text,
    day_at,
    day_text,
    days_later,
    instant,
    last_at_clock,
    midnight,
    naive,
    not_before,
    offset_of,
    readings,
    shifted,
    turn_of,
)

PARIS, TAIPEI, LORD_HOWE = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Taipei"), ZoneInfo("Australia/Lord_Howe")
ZONES = [PARIS, TAIPEI, LORD_HOWE, ZoneInfo("America/New_York"), ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Kathmandu")]


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def clock(*parts: int) -> datetime:
    """What a clock on the wall shows."""
    return datetime(*parts)  # noqa: DTZ001


INSTANTS = st.datetimes(min_value=clock(2000, 1, 1), max_value=clock(2099, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.replace(second=0, microsecond=0)
)


@given(at=INSTANTS, zone=st.sampled_from(ZONES))
def test_every_instant_is_found_again_from_what_the_clock_shows_and_its_turn(at, zone):
    assert at in readings(naive(at, zone), zone)
    assert instant(naive(at, zone), zone, turn=turn_of(at, zone)) == at


def test_every_minute_of_both_nights_is_found_again():
    for start in (utc(2026, 10, 25), utc(2026, 3, 29)):
        for minutes in range(180):
            at = start + timedelta(minutes=minutes)
            assert instant(naive(at, PARIS), PARIS, turn=turn_of(at, PARIS)) == at


@pytest.mark.parametrize(
    ("wall", "zone", "at"),
    [
        (clock(2026, 3, 28, 22), PARIS, utc(2026, 3, 28, 21)),
        (clock(2026, 3, 29, 3), PARIS, utc(2026, 3, 29, 1)),
        (clock(2026, 10, 25, 1, 59), PARIS, utc(2026, 10, 24, 23, 59)),
        (clock(2026, 10, 25, 3), PARIS, utc(2026, 10, 25, 2)),
        (clock(2026, 10, 25, 2, 30), TAIPEI, utc(2026, 10, 24, 18, 30)),
    ],
)
def test_a_clock_time_of_the_site_is_one_instant(wall, zone, at):
    assert instant(wall, zone) == at
    assert turn_of(at, zone) is None


@pytest.mark.parametrize("wall", [clock(2026, 3, 29, 2), clock(2026, 3, 29, 2, 30), clock(2026, 3, 29, 2, 59)])
def test_a_clock_time_that_was_skipped_is_refused(wall):
    with pytest.raises(NoSuchTime) as refused:
        instant(wall, PARIS, turn=Turn.FIRST)
    assert refused.value.readings == ()


@pytest.mark.req("R15")
def test_a_clock_time_that_came_twice_is_refused_with_both_readings():
    with pytest.raises(NoSuchTime) as refused:
        instant(clock(2026, 10, 25, 2, 30), PARIS)
    assert refused.value.readings == (utc(2026, 10, 25, 0, 30), utc(2026, 10, 25, 1, 30))


@pytest.mark.parametrize(
    ("turn", "at"), [(Turn.FIRST, utc(2026, 10, 25, 0, 30)), (Turn.SECOND, utc(2026, 10, 25, 1, 30))]
)
def test_who_says_which_gets_that_one(turn, at):
    assert instant(clock(2026, 10, 25, 2, 30), PARIS, turn=turn) == at


def test_what_is_still_to_come_cannot_be_meant():
    """At 02:45 for the first time, 02:30 is the one a quarter of an hour ago."""
    assert instant(clock(2026, 10, 25, 2, 30), PARIS, not_after=utc(2026, 10, 25, 0, 45)) == utc(2026, 10, 25, 0, 30)
    with pytest.raises(NoSuchTime):
        instant(clock(2026, 10, 25, 2, 30), PARIS, not_after=utc(2026, 10, 25, 1, 30))


def test_a_time_that_comes_twice_is_told_with_its_offset_and_any_other_without():
    texts = [clock_text(utc(2026, 10, 25, h, 10), PARIS) for h in range(3)]
    assert texts == ["02:10 (+02:00)", "02:10 (+01:00)", "03:10"]
    assert day_text(utc(2026, 10, 25, 1, 10), PARIS) == "2026-10-25 02:10 (+01:00)"
    assert day_text(utc(2026, 3, 2, 19, 10), TAIPEI) == "2026-03-03 03:10"


def test_half_an_hour_that_comes_twice_is_told_apart_too():
    """Lord Howe Island puts its clocks back by 30 minutes: on 5 April 2026 from 02:00 to 01:30."""
    first, second = utc(2026, 4, 4, 14, 40), utc(2026, 4, 4, 15, 10)
    assert naive(first, LORD_HOWE) == naive(second, LORD_HOWE) == clock(2026, 4, 5, 1, 40)
    assert (offset_of(first, LORD_HOWE), offset_of(second, LORD_HOWE)) == ("+11:00", "+10:30")


@pytest.mark.parametrize("minutes", [-15, -5, 0, 5])
def test_minutes_are_elapsed_minutes_through_both_changes(minutes):
    for at in (utc(2026, 10, 25, 1, 0), utc(2026, 10, 25, 0, 58), utc(2026, 3, 29, 1, 3)):
        assert shifted(at.astimezone(PARIS), timedelta(minutes=minutes)) == at + timedelta(minutes=minutes)


def test_a_day_begins_at_its_own_midnight():
    assert midnight(date(2026, 10, 26), PARIS) == utc(2026, 10, 25, 23)
    assert midnight(date(2026, 10, 25), PARIS) == utc(2026, 10, 24, 22)
    # Cairo skips midnight: Friday 24 April 2026 begins at 01:00.
    assert midnight(date(2026, 4, 24), ZoneInfo("Africa/Cairo")) == utc(2026, 4, 23, 22)


def test_the_day_is_the_sites():
    assert day_at(utc(2026, 3, 2, 16, 30), TAIPEI) == date(2026, 3, 3)


def test_an_order_is_at_the_newest_such_time_before_the_start():
    assert last_at_clock(time(9), TAIPEI, until=utc(2026, 3, 2, 1, 30)) == utc(2026, 3, 2, 1)
    assert last_at_clock(time(23), TAIPEI, until=utc(2026, 3, 2, 1, 30)) == utc(2026, 3, 1, 15)


def test_an_order_in_the_hour_that_came_twice_says_which_and_in_the_one_that_was_skipped_is_refused():
    until = utc(2026, 10, 25, 3)
    with pytest.raises(NoSuchTime) as refused:
        last_at_clock(time(2, 30), PARIS, until=until)
    assert len(refused.value.readings) == 2
    assert last_at_clock(time(2, 30), PARIS, until=until, turn=Turn.FIRST) == utc(2026, 10, 25, 0, 30)
    assert last_at_clock(time(2, 30), PARIS, until=until, turn=Turn.SECOND) == utc(2026, 10, 25, 1, 30)
    assert last_at_clock(time(2, 30), PARIS, until=utc(2026, 10, 25, 0, 50)) == utc(2026, 10, 25, 0, 30)
    with pytest.raises(NoSuchTime) as refused:
        last_at_clock(time(2, 30), PARIS, until=utc(2026, 3, 29, 1, 10))
    assert refused.value.readings == ()
    # Before the gap of today, yesterday's is meant.
    assert last_at_clock(time(2, 30), PARIS, until=utc(2026, 3, 29, 0, 10)) == utc(2026, 3, 28, 1, 30)


def test_days_later_is_the_same_time_of_day_whatever_the_clocks_did():
    assert days_later(utc(2026, 10, 21, 7), 7, PARIS) == utc(2026, 10, 28, 8)
    assert days_later(utc(2026, 10, 18, 0, 30), 7, PARIS) == utc(2026, 10, 25, 1, 30)
    assert days_later(utc(2026, 3, 22, 1, 30), 7, PARIS) == utc(2026, 3, 29, 1, 30)


def test_from_when_never_errs_to_too_early():
    assert not_before(clock(2026, 10, 25, 2, 30), PARIS) == utc(2026, 10, 25, 1, 30)
    assert not_before(clock(2026, 3, 29, 2, 30), PARIS) == utc(2026, 3, 29, 1, 30)  # 03:30 on the wall
