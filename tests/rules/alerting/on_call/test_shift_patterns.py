"""Shifts that repeat: whose, when, and on the nights on which the clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.on_call.rota import OnCallRole, Shift, gaps
from grading.rules.alerting.on_call.shift_patterns import (
    Hours,
    ShiftPattern,
    Turns,
    between,
    hours_of,
    weeks_later,
)

PARIS, TAIPEI = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Taipei")
ALL_WEEK = frozenset(range(7))
MONDAY = date(2026, 3, 2)


def pattern(**changes) -> ShiftPattern:
    typed = {
        "weekdays": ALL_WEEK, "starts": time(8), "ends": time(20), "first": MONDAY,
        "last": MONDAY + timedelta(days=13), "people": (1,),
    }  # fmt: skip
    return ShiftPattern(**typed | changes)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_shift_is_at_the_clock_of_the_site():
    """Taipei is 8 h ahead of UTC all year."""
    [first, *others] = hours_of(pattern(), TAIPEI)

    assert first == Hours(person=1, starts_at=utc("2026-03-02T00:00"), ends_at=utc("2026-03-02T12:00"))
    assert len(others) == 13


@pytest.mark.parametrize(
    ("starts", "ends", "elapsed_h"), [("08:00", "20:00", 12), ("20:00", "08:00", 12), ("08:00", "08:00", 24)]
)
def test_an_end_at_or_before_the_start_is_on_the_next_day(starts, ends, elapsed_h):
    made = hours_of(pattern(starts=time.fromisoformat(starts), ends=time.fromisoformat(ends)), TAIPEI)

    assert {one.ends_at - one.starts_at for one in made} == {timedelta(hours=elapsed_h)}


def test_only_the_days_that_are_asked_for():
    weekend = hours_of(pattern(weekdays=frozenset({5, 6})), TAIPEI)

    assert [one.starts_at.date().isoformat() for one in weekend] == [
        "2026-03-07", "2026-03-08", "2026-03-14", "2026-03-15"
    ]  # fmt: skip
    assert hours_of(pattern(weekdays=frozenset({5}), last=MONDAY), TAIPEI) == []


@pytest.mark.parametrize(
    ("turns", "whose"), [(Turns.DAY, [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2]), (Turns.WEEK, [1] * 7 + [2] * 7)]
)
def test_people_take_turns_in_their_order(turns, whose):
    assert [one.person for one in hours_of(pattern(people=(1, 2, 3), turns=turns), TAIPEI)] == whose


def test_a_week_begins_on_monday_wherever_the_pattern_begins():
    made = hours_of(pattern(first=date(2026, 3, 4), last=date(2026, 3, 10), people=(1, 2)), TAIPEI)

    assert [one.person for one in made] == [1] * 5 + [2] * 2  # Wednesday to Sunday, then the next Monday


# In Paris 02:00-03:00 came twice on 25 October 2026 and never on 29 March 2026.
@pytest.mark.parametrize("night", [date(2026, 10, 25), date(2026, 3, 29)])
@given(start_minute=st.integers(0, 24 * 60 - 1), length_min=st.integers(1, 24 * 60))
def test_who_hands_over_to_whom_leaves_no_hole_on_the_nights_of_the_clocks(night, start_minute, length_min):
    """Two patterns that follow each other around the clock cover every instant of these nights."""
    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    starts, ends = ((midnight + timedelta(minutes=m)).time() for m in (start_minute, start_minute + length_min))
    first, last = night - timedelta(days=2), night + timedelta(days=2)
    shifts = [
        Shift(on_call_role=OnCallRole.CHARGE_NURSE, person=one.person, starts_at=one.starts_at, ends_at=one.ends_at)
        for day_or_night in (
            pattern(first=first, last=last, starts=starts, ends=ends),
            pattern(first=first, last=last, starts=ends, ends=starts, people=(2,)),
        )
        for one in hours_of(day_or_night, PARIS)
    ]
    start, end = (datetime.combine(day, time(12), PARIS).astimezone(UTC) for day in (night - timedelta(days=1), night))

    assert gaps(shifts, [OnCallRole.CHARGE_NURSE], start=start, end=end) == []


def test_a_shift_always_ends_after_it_begins():
    start, end = (datetime.combine(date(2026, 3, 29), time(2, minute)) for minute in (10, 50))
    skipped = between(start, end, PARIS, person=1)

    assert (skipped.starts_at, skipped.ends_at) == (utc("2026-03-29T01:10"), utc("2026-03-29T01:50"))


def test_a_week_later_is_the_same_time_on_the_clock():
    """From 22 March, before summer time in Paris (UTC+1), to 29 March, after it began (UTC+2)."""
    shift = Hours(person=1, starts_at=utc("2026-03-22T07:00"), ends_at=utc("2026-03-22T19:00"))

    assert weeks_later(shift, 1, PARIS) == Hours(
        person=1, starts_at=utc("2026-03-29T06:00"), ends_at=utc("2026-03-29T18:00")
    )
