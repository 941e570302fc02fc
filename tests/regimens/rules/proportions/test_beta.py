"""The incomplete beta function against what is known of it in closed form: no value here comes from its own code."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.proportions.beta import beta_quantile, incomplete_beta

SHAPES = st.integers(1, 60)
SHARES = st.integers(1, 99).map(lambda percent: percent / 100)


def binomial_tail(n: int, k: int, p: Fraction) -> Fraction:
    """P(at least k of n), summed in fractions."""
    return sum((math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)), Fraction(0))


@given(x=SHARES, a=SHAPES)
def test_with_one_shape_of_1_it_is_a_power(x, a):
    """DLMF 8.17.5 for n = 1."""
    assert incomplete_beta(x, a, 1) == pytest.approx(x**a, rel=1e-11)
    assert incomplete_beta(x, 1, a) == pytest.approx(1 - (1 - x) ** a, abs=1e-13)


@given(x=SHARES)
def test_with_two_shapes_of_a_half_it_is_the_arcsine_law(x):
    assert incomplete_beta(x, 0.5, 0.5) == pytest.approx(2 / math.pi * math.asin(math.sqrt(x)), abs=1e-12)


@given(percent=st.integers(1, 99), a=SHAPES, b=SHAPES)
def test_of_whole_shapes_it_is_a_sum_of_binomial_probabilities(percent, a, b):
    """DLMF 8.17.5: I_x(a, b) = P(at least a of a + b - 1)."""
    exact = binomial_tail(a + b - 1, a, Fraction(percent, 100))

    assert incomplete_beta(percent / 100, a, b) == pytest.approx(float(exact), abs=1e-11)


@given(p=SHARES, a=SHAPES, b=SHAPES)
def test_the_quantile_is_its_inverse_and_mirrors(p, a, b):
    x = beta_quantile(p, a - 0.5, b - 0.5)

    assert 0 < x < 1
    assert incomplete_beta(x, a - 0.5, b - 0.5) == pytest.approx(p, abs=1e-9)
    assert beta_quantile(1 - p, b - 0.5, a - 0.5) == pytest.approx(1 - x, abs=1e-9)


@pytest.mark.parametrize(("x", "value"), [(-0.1, 0), (0, 0), (1, 1), (1.5, 1)])
def test_beyond_its_ends_it_is_0_or_1(x, value):
    assert incomplete_beta(x, 2.5, 7.5) == value
