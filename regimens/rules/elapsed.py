"""Elapsed time in hours and minutes: the one place where a span of time becomes a number. Pure."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

_HOUR = Decimal(3_600_000_000)  # microseconds


def exact_hours(span: timedelta) -> Decimal:
    """To be compared: 23 h 59 min 59 s is less than 24."""
    return Decimal(span // timedelta(microseconds=1)) / _HOUR


def hours(span: timedelta) -> Decimal:
    """To be kept and shown: two decimals, halves away from zero, as the export gives them."""
    return two_decimals(exact_hours(span))


def whole_minutes(span: timedelta) -> int:
    """The minutes that are over: 59 s are none."""
    return span // timedelta(minutes=1)


def two_decimals(exact: Decimal) -> Decimal:
    """As the tables keep it: rounded here, so that every way of writing it gives the same."""
    return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
