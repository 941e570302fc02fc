"""The Decimal of the shim against Python's own, under Python: the same file runs in MicroPython."""

import decimal
import importlib.util
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crsmonitor.tablet.bundle import SHIM

spec = importlib.util.spec_from_file_location("decimals_of_a_tablet", SHIM / "decimals.py")
theirs = importlib.util.module_from_spec(spec)
spec.loader.exec_module(theirs)

# As they are typed and measured; a zero with a sign is refused there.
numbers = st.decimals(min_value=-10_000, max_value=10_000, places=3).map(lambda one: str(one + 0))
exponents = st.integers(-6, 2)


@given(numbers, numbers)
def test_they_compare_and_add_up_alike(one, two):
    a, b, x, y = Decimal(one), Decimal(two), theirs.Decimal(one), theirs.Decimal(two)

    assert (x < y, x <= y, x > y, x >= y, x == y, x != y) == (a < b, a <= b, a > b, a >= b, a == b, a != b)
    assert [str(each) for each in (x + y, x - y, x * y, 5 - x, 3 * y)] == [
        str(each + 0 if each == 0 else each) for each in (a + b, a - b, a * b, 5 - a, 3 * b)
    ]
    assert (hash(x) == hash(y)) == (a == b)


@given(numbers, numbers)
def test_they_divide_alike(one, two):
    a, b, x, y = Decimal(one), Decimal(two), theirs.Decimal(one), theirs.Decimal(two)
    if b == 0:
        with pytest.raises(theirs.InvalidOperation):
            x / y
        return

    assert str(x / y).lstrip("-") == str(a / b).lstrip("-")
    assert str(theirs.rounded(x * 5 / 9, 1)) == str(round(a * 5 / 9, 1) + 0)


@given(numbers, exponents)
def test_they_are_rounded_and_written_alike(one, exponent):
    a, x = Decimal(one), theirs.Decimal(one)
    step, there = Decimal(1).scaleb(exponent), theirs._made(1, exponent)
    for rounding in (decimal.ROUND_HALF_EVEN, decimal.ROUND_HALF_UP):
        assert str(x.quantize(there, rounding)).lstrip("-") == str(a.quantize(step, rounding=rounding)).lstrip("-")

    assert (str(x), theirs.formatted(x, "f"), int(x), bool(x)) == (str(a), f"{a:f}", int(a), bool(a))
    assert str(x.normalize()) == str(a.normalize() + 0 if a == 0 else a.normalize())
    assert (x.adjusted(), x.as_tuple().exponent) == (a.adjusted(), a.as_tuple().exponent)


@pytest.mark.parametrize("text", ["", "-0", "-0.0", "1e5", "NaN", "1.2.3", "٣", "1,5"])
def test_what_nobody_types_is_refused(text):
    with pytest.raises(theirs.InvalidOperation):
        theirs.Decimal(text)
