"""Which PINs may be set: the rule, one row a sentence of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crsmonitor.devices.credentials.pins import weakness


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ("481937", None),
        ("905263", None),
        ("48193", "pin_six_digits"),
        ("4819370", "pin_six_digits"),
        ("48193a", "pin_six_digits"),
        ("４８１９３７", "pin_six_digits"),  # the pad types plain digits, and so does who sets it
        ("", "pin_six_digits"),
        ("000000", "pin_trivial"),
        ("111112", "pin_trivial"),
        ("123456", "pin_trivial"),
        ("890123", "pin_trivial"),
        ("654321", "pin_trivial"),
        ("210987", "pin_trivial"),
        ("483483", "pin_trivial"),  # a half twice
        ("483384", "pin_trivial"),  # a half and its mirror
        ("448833", "pin_trivial"),  # pairs
        ("147258", "pin_trivial"),  # columns of the pad
        ("789456", "pin_trivial"),  # rows of the pad
        ("310585", "pin_is_date"),  # 31 May 1985
        ("053185", "pin_is_date"),  # May 31, 1985
        ("850531", "pin_is_date"),  # 1985-05-31
        ("740531", "pin_is_date"),  # year 74 of the Republic
        ("290284", "pin_is_date"),  # 29 February, of a leap year
        ("300284", None),  # 30 February is no day, in no order
    ],
)
def test_a_pin_is_refused_with_why(pin, code):
    assert weakness(pin) == code


@given(st.text(max_size=8))
def test_whatever_else_is_typed_has_an_answer(text):
    assert weakness(text) in (None, "pin_six_digits", "pin_trivial", "pin_is_date")


def test_most_pins_may_be_set():
    """Or people would write them down: a date or a pattern is at most one in eight."""
    assert sum(weakness(f"{number:06d}") is None for number in range(0, 10**6, 997)) > 1003 * 7 / 8
