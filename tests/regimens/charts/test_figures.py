"""Two significant digits, and nothing that is rounded to what is certain."""

import math

import pytest

from regimens.charts.figures import NOTHING, chance, figure, percent, plain, points, span


@pytest.mark.parametrize(("value", "shown"), [
    (0.0677, "0.068"), (2215.3, "2,200"), (48, "48"), (0.0996, "0.10"), (99.6, "100"), (0.000446, "0.00045"),
    (5.475, "5.5"), (0, "0"), (-3.14159, "-3.1"), (None, NOTHING), (math.nan, NOTHING), (math.inf, NOTHING),
])  # fmt: skip
def test_a_figure_has_two_digits_and_what_is_missing_is_a_dash(value, shown):
    assert figure(value) == shown


@pytest.mark.parametrize(("share", "shown"), [
    (0.1190, "12"), (0.0080, "0.80"), (0.25, "25"), (0, "0"), (1, "100"), (0.9991, ">99"), (0.00001, "<0.01"),
    (None, NOTHING),
])  # fmt: skip
def test_a_probability_is_never_rounded_to_certain(share, shown):
    assert percent(share) == shown


def test_a_difference_has_its_sign():
    assert [points(one) for one in (0.0615, -0.031, 0, None)] == ["+6.2", "−3.1", "±0", NOTHING]
    assert span(0.04, 0.1131) == "4.0–11"
    assert span(None, 0.2) == NOTHING


@pytest.mark.parametrize(("value", "shown"), [(48.0, "48"), (0.16, "0.16"), (0.0000001, "0.0000001"), (1e5, "100000")])
def test_what_was_typed_stays_as_it_was(value, shown):
    assert plain(value) == shown


def test_what_is_believed_is_never_certain():
    assert [chance(value) for value in (0.0, 1.0, 0.25, None)] == ["<0.01", ">99", "25", "–"]
