"""The kind `surprise`: its check, against distributions that are counted out, and each field."""

import math
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regimens.design.contract.kinds import answer
from tests.regimens.design.contract.faults import ABSENT, changed, fault

PERIOD = {"label": "dose 1", "n": 20, "events": 5, "p": [0.01, 0.02, 0.05]}


def surprise(**changes):
    return answer("surprise", {"periods": [PERIOD | changes]})["periods"][0]


def counted_out(draws):
    """The probability of each number of events, over every way it can come about. `draws`: a list a person each."""
    n = len(draws[0])
    found_at = [0.0] * (n + 1)
    for people in draws:
        for outcome in product((0, 1), repeat=n):
            chances = (p if event else 1 - p for p, event in zip(people, outcome, strict=True))
            found_at[sum(outcome)] += math.prod(chances) / len(draws)
    return found_at


def test_5_of_20_where_one_in_100_to_one_in_20_was_predicted():
    row = surprise()

    assert row["expected"] == pytest.approx(0.5333, abs=1e-4)
    assert row["u"] == pytest.approx(0.99951, abs=1e-4)
    assert row["bits"] == pytest.approx(9.992, abs=1e-3)
    assert row["direction"] == "more"


def test_it_can_fail():
    assert surprise(p=[0.01, 0.02, 0.06])["bits"] != pytest.approx(9.992, abs=1e-3)


@pytest.mark.parametrize("events", range(5))
def test_people_with_a_probability_each(events):
    draws = [[0.1, 0.5, 0.9, 0.3], [0.2, 0.2, 0.2, 0.2]]
    chances = counted_out(draws)
    row = surprise(n=4, events=events, p=draws)
    below = sum(chances[:events]) + chances[events] / 2

    assert row["expected"] == pytest.approx((1.8 + 0.8) / 2)
    assert row["u"] == pytest.approx(below)
    assert row["bits"] == pytest.approx(-math.log2(min(1, 2 * min(below, 1 - below))))
    assert row["interval"] == [0, 3]  # .201, .604, .866, .983: reached at 0 and at 3


def test_a_number_is_the_same_as_that_number_for_everybody():
    one, each = surprise(), surprise(p=[[p] * 20 for p in PERIOD["p"]])
    mixed = surprise(p=[0.01, [0.02] * 20, 0.05])

    assert each["u"] == pytest.approx(one["u"])
    assert mixed["bits"] == pytest.approx(one["bits"])
    assert each["interval"] == mixed["interval"] == one["interval"] == [0, 2]


@pytest.mark.parametrize(("n", "events", "p", "direction"), [
    (2, 1, 0.5, "as"), (2, 2, 0.5, "more"), (2, 0, 0.5, "fewer"), (0, 0, 0.5, "as")
])  # fmt: skip
def test_the_direction(n, events, p, direction):
    assert surprise(n=n, events=events, p=[p])["direction"] == direction


def test_what_was_foretold_is_no_surprise():
    row = surprise(n=2, events=1, p=[0.5])

    assert (row["u"], row["bits"]) == (pytest.approx(0.5), pytest.approx(0))
    assert math.copysign(1, row["bits"]) == 1


@pytest.mark.parametrize(("events", "p", "u"), [(1, 0, 1.0), (19, 1, 0.0)])
def test_what_cannot_be_has_no_number_of_bits(events, p, u):
    row = surprise(events=events, p=[p])

    assert (row["u"], row["bits"]) == (u, None)


def test_a_surprise_beyond_what_a_share_can_show_keeps_its_bits():
    """10 of 10 at one in 100: u is within 1e-16 of 1, and half of (1/100)^10 is left: 10 log2(100) bits."""
    assert surprise(n=10, events=10, p=[0.01])["bits"] == pytest.approx(10 * math.log2(100))


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.integers(0, 30))
def test_more_events_are_never_more_as_foretold(p, n):
    rows = [surprise(n=n, events=x, p=p) for x in range(n + 1)]

    assert all(0 <= row["u"] <= 1 for row in rows)
    assert all(a["u"] <= b["u"] + 1e-9 for a, b in pairwise(rows))
    assert len({tuple(row["interval"]) for row in rows}) == 1


@settings(max_examples=25)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=4), st.integers(1, 30))
def test_more_events_than_foretold_are_never_fewer_bits(p, n):
    rows = [surprise(n=n, events=x, p=p) for x in range(n + 1)]
    bits = [math.inf if row["bits"] is None else row["bits"] for row in rows if row["direction"] == "more"]

    assert all(more >= fewer - 1e-9 for fewer, more in pairwise(bits))


@pytest.mark.parametrize(("changes", "expected"), [
    ({"label": ABSENT}, ("missing_field", "periods[0].label")),
    ({"label": 1}, None),
    ({"n": ABSENT}, ("missing_field", "periods[0].n")),
    ({"events": ABSENT}, ("missing_field", "periods[0].events")),
    ({"events": None}, ("missing_field", "periods[0].events")),
    ({"events": 20}, None),
    ({"events": 21}, ("contradictory", "periods[0].events")),
    ({"events": -1}, ("out_of_range", "periods[0].events")),
    ({"n": 10_001}, ("out_of_range", "periods[0].n")),
    ({"p": ABSENT}, ("missing_field", "periods[0].p")),
    ({"p": []}, ("invalid_value", "periods[0].p")),
    ({"p": 0.1}, ("invalid_type", "periods[0].p")),
    ({"p": [1.01]}, ("out_of_range", "periods[0].p[0]")),
    ({"p": [0, 1]}, None),
    ({"p": [0.1, -0.1]}, ("out_of_range", "periods[0].p[1]")),
    ({"p": [0.1, "a"]}, ("invalid_type", "periods[0].p[1]")),
    ({"p": [[0.1] * 19 + [2]]}, ("out_of_range", "periods[0].p[0][19]")),
    ({"p": [[0.1] * 19]}, ("contradictory", "periods[0].p[0]")),
    ({"p": [[0.1] * 20]}, None),
    ({"p": [0.1] * 1000}, None),
    ({"p": [0.1] * 1001}, ("out_of_range", "periods[0].p")),
    ({"q": 1}, ("unknown_field", "periods[0].q")),
])  # fmt: skip
def test_a_period_that_is_wrong(changes, expected):
    assert fault("surprise", {"periods": [changed(PERIOD, **changes)]}) == expected


@pytest.mark.parametrize(("case", "expected"), [
    ({}, ("missing_field", "periods")),
    ({"periods": []}, ("invalid_value", "periods")),
    ({"periods": [PERIOD] * 24}, None),
    ({"periods": [PERIOD] * 25}, ("out_of_range", "periods")),
    ({"periods": PERIOD}, ("invalid_type", "periods")),
])  # fmt: skip
def test_a_case_that_is_wrong(case, expected):
    assert fault("surprise", case) == expected
