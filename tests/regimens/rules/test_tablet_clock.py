"""What the times of a tablet are worth: elapsed time is believed, where its clock stood is not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.tablet_clock import ClockDoubt, TabletTimes

NIGHT, MORNING = datetime(2026, 3, 2, 18, 10, tzinfo=UTC), datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # 02:10, 08:00 Taipei
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def times(*, off=timedelta(0), **changes):
    """Opened at 02:09, kept at 02:10, sent at 08:00, by a clock that is `off`."""
    clock = {"opened_at": NIGHT - MINUTE + off, "kept_at": NIGHT + off, "sent_at": MORNING + off}
    return TabletTimes(**clock | {"received_at": MORNING} | changes)


def test_a_clock_that_is_right_is_believed():
    one = times()

    assert (one.skew, one.doubts) == (timedelta(0), ())
    assert (one.kept_by_server, one.opened_by_server, one.late_from) == (NIGHT, NIGHT - MINUTE, NIGHT)


@pytest.mark.parametrize("off", [HOUR, -HOUR])
def test_of_a_clock_an_hour_off_the_time_that_went_by_is_believed(off):
    one = times(off=off)

    assert (one.skew, one.doubts) == (off, (ClockDoubt.OFF,))
    assert (one.kept_by_server, one.opened_by_server) == (NIGHT, NIGHT - MINUTE)
    assert one.late_from == min(NIGHT, NIGHT + off)  # what its clock offered is not late by its error


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"kept_at": MORNING + HOUR}, ClockDoubt.KEPT_IN_FUTURE),  # put back by the network before it was sent
        ({"kept_at": NIGHT - HOUR}, ClockDoubt.KEPT_BEFORE_OPENED),
        ({"opened_at": datetime(1970, 1, 1, tzinfo=UTC), "kept_at": datetime(1970, 1, 1, tzinfo=UTC)},
         ClockDoubt.KEPT_LONG_AGO),
    ],
)  # fmt: skip
def test_what_cannot_be_is_named_and_counts_from_when_it_arrived(changes, doubt):
    one = times(**changes)

    assert one.doubts == (doubt,)
    assert one.kept_by_server == one.late_from == MORNING


@pytest.mark.parametrize(("off", "named"), [(2 * MINUTE, False), (2 * MINUTE + timedelta(seconds=1), True)])
def test_two_minutes_between_two_clocks_are_nothing(off, named):
    assert (ClockDoubt.OFF in times(off=off).doubts, ClockDoubt.OFF in times(off=-off).doubts) == (named, named)


def test_a_bedside_time_that_lies_ahead_by_the_skew_is_put_back_and_no_other_is():
    ahead = times(off=HOUR, kept_at=MORNING + HOUR)

    assert ahead.observed(MORNING + HOUR) == MORNING
    assert ahead.observed(MORNING + 3 * HOUR) == MORNING + 3 * HOUR  # the clock does not explain it: it is refused
    assert ahead.observed(NIGHT) == NIGHT  # as it was said, be it off the wall
    assert times().observed(MORNING + HOUR) == MORNING + HOUR


@given(st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(-3000, 3000), st.integers(-90, 90))
def test_nothing_is_kept_after_it_arrived_or_opened_after_it_was_kept(opened, kept, sent, off):
    one = times(
        opened_at=NIGHT + opened * MINUTE, kept_at=NIGHT + kept * MINUTE, sent_at=MORNING + (sent + off) * MINUTE
    )  # fmt: skip

    assert one.opened_by_server <= one.kept_by_server <= one.received_at
    assert one.late_from <= one.received_at
    assert one.received_at - one.opened_by_server <= timedelta(days=28)
