"""Hours inside a dose period, counted by hand; what goes on in an open period counts from an instant on."""

from datetime import timedelta
from decimal import Decimal as D

from hypothesis import given
from hypothesis import strategies as st

from grading.rules.course.spans import Span, Spent, inside, spent
from tests.builders import hour

HOURS = st.integers(0, 48)


def span(start, end=None):
    return Span(hour(start), None if end is None else hour(end))


def time(*spans, ended=None, started=0):
    end = None if ended is None else hour(ended)
    return spent(inside(spans, started_at=hour(started), ended_at=end), is_open=ended is None)


def test_two_at_once_count_once():
    assert time(span(10, 14), span(12, 16)) == Spent(hours=D("6.00"))


def test_only_what_lies_in_the_half_open_period_counts():
    assert time(span(-5, 2), span(22, 30), ended=24) == Spent(hours=D("4.00"))
    assert time(span(-5, 0), span(24, 30), ended=24) == Spent()


def test_what_goes_on_in_an_open_period_counts_from_its_begin_less_the_hours_before_it():
    assert time(span(2, 4), span(10)) == Spent(counts_from=hour(8))
    assert time(span(2, 12), span(10), span(11, 13)) == Spent(counts_from=hour(2))


def test_an_end_that_nobody_recorded_leaves_a_period_that_is_over_unknown():
    assert time(span(2, 4), span(10), ended=24) == Spent()


@given(st.lists(st.tuples(HOURS, HOURS).map(sorted), max_size=6))
def test_it_is_the_number_of_hours_in_which_one_went_on(pairs):
    went_on = {h for start, end in pairs for h in range(start, end)}

    hours_on = time(*(span(start, end) for start, end in pairs))

    assert (hours_on.hours or 0) == len(went_on)


@given(st.lists(st.tuples(HOURS, HOURS).map(sorted), max_size=6), HOURS)
def test_counted_to_an_instant_it_is_the_same_whether_it_went_on_or_was_stopped_then(pairs, since):
    stopped = [span(start, end) for start, end in pairs]

    going = time(*stopped, span(since))
    ended = time(*stopped, span(since, 49))

    assert (hour(49) - going.counts_from) / timedelta(hours=1) == ended.hours
