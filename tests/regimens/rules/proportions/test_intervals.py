"""Intervals of a proportion, against published limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.proportions.intervals import proportion

# Newcombe RG. Stat Med 1998;17:857-872, table I: score method without correction, and exact.
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]
# Tarlatamab, events of 133 with the Wilson limits that were published, in percent.
TARLATAMAB = [(54, (32.63, 49.10)), (39, (22.25, 37.55)), (10, (4.14, 13.29))]


def limits(interval, places=4):
    return (round(interval.low, places), round(interval.high, places))


@pytest.mark.parametrize(("x", "n", "score", "exact"), NEWCOMBE)
def test_newcombes_four_examples(x, n, score, exact):
    assert limits(proportion(x, n).wilson) == score
    assert limits(proportion(x, n).exact) == exact


@pytest.mark.parametrize(("x", "percent"), TARLATAMAB)
def test_wilson_limits_of_a_published_trial(x, percent):
    assert limits(proportion(x, 133).wilson) == pytest.approx([one / 100 for one in percent], abs=1e-4)


def test_2_of_50_all_three():
    """The design workbench's check: two implementations agreed on it. Talquetamab's label has 4 % of 50 at dose 4."""
    two = proportion(2, 50)

    assert round(two.jeffreys_mean, 4) == 0.0490
    assert limits(two.jeffreys) == (0.0084, 0.1222)
    assert limits(two.exact) == (0.0049, 0.1371)
    assert limits(two.wilson) == (0.0110, 0.1346)
    assert (round(two.chance_below(0.05), 2), round(two.chance_below(0.1), 2)) == (0.59, 0.93)


def test_the_exact_limits_of_a_textbook():
    """Conover WJ. Practical Nonparametric Statistics, 3rd ed. 1999: 5 of 25."""
    assert limits(proportion(5, 25).exact, 3) == (0.068, 0.407)


@given(n=st.integers(1, 200))
def test_of_none_and_of_all_the_exact_limits_are_a_power_of_the_tail(n):
    """0 of n: (1 - p)^n = 0.025."""
    none, all_of = proportion(0, n), proportion(n, n)

    assert none.exact.high == pytest.approx(1 - 0.025 ** (1 / n), abs=1e-9)
    assert all_of.exact.low == pytest.approx(0.025 ** (1 / n), abs=1e-9)
    for name in ("jeffreys", "exact", "wilson"):
        assert (getattr(none, name).low, getattr(all_of, name).high) == (0, 1)


@given(st.integers(1, 150).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_limits_lie_in_order_around_what_was_seen_and_mirror(counts):
    x, n = counts
    one, mirror = proportion(x, n), proportion(n - x, n)

    for name in ("jeffreys", "exact", "wilson"):
        interval, other = getattr(one, name), getattr(mirror, name)
        assert 0 <= interval.low <= one.share <= interval.high <= 1
        assert other.low == pytest.approx(1 - interval.high, abs=1e-9)
    assert one.exact.low <= one.jeffreys.low  # Brown, Cai, DasGupta 2001, section 4.3: it lies inside
    assert one.jeffreys.high <= one.exact.high


def test_of_nobody_nothing_is_known():
    assert proportion(0, 0) is None


@pytest.mark.parametrize(("x", "n"), [(3, 2), (-1, 4), (0, -1)])
def test_more_than_all_is_refused(x, n):
    with pytest.raises(ValueError):
        proportion(x, n)


def test_another_confidence_is_narrower():
    assert limits(proportion(2, 50, 0.8).exact) != limits(proportion(2, 50).exact)
    assert proportion(2, 50, 0.8).exact.high < proportion(2, 50).exact.high
