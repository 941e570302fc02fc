"""What a page may say of itself, and how it is spread: by hand."""

from decimal import Decimal

import pytest

from grading.effort.figures import Counts, Spread, read_counts, spread_of


def test_three_counts_are_read():
    assert read_counts("26,1,0") == Counts(taps=26, corrections=1, retypes=0)


@pytest.mark.parametrize(
    "text", ["", "26", "26,1", "26,1,0,0", "-1,0,0", "1e3,0,0", "1000,0,0", "a,b,c", "２６,1,0", " 1,2,3", "1,,2"]
)
def test_anything_else_is_not_believed(text):
    assert read_counts(text) is None


def test_the_median_and_the_quartiles():
    """20, 30, 40, 50, 60: a quarter lies at 30, half at 40, three quarters at 50."""
    assert spread_of([60, 20, 40, 30, 50]) == Spread(count=5, low=Decimal(30), median=Decimal(40), high=Decimal(50))


def test_one_value_is_all_three():
    assert spread_of([43]) == Spread(count=1, low=Decimal(43), median=Decimal(43), high=Decimal(43))


def test_nobody_counted_is_not_nothing():
    assert spread_of([None, None]) is None
    assert spread_of([None, 0]) == Spread(count=1, low=Decimal(0), median=Decimal(0), high=Decimal(0))
