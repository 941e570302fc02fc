"""The canonical record: the same content is the same text, whoever writes it and however; another is another."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from regimens.rules.canonical import hash_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=5))
def test_the_order_of_its_parts_changes_nothing(content):
    assert hash_of(dict(reversed(list(content.items())))) == hash_of(content)


def test_the_same_instant_and_the_same_number_are_the_same():
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    taipei = at.astimezone(timezone(timedelta(hours=8)))
    assert hash_of({"at": at, "t": Decimal("38.0")}) == hash_of({"t": Decimal("38.00"), "at": taipei})


def test_anything_else_is_another():
    contents = [{"a": 1}, {"a": "1"}, {"a": None}, {}, {"a": True}, {"b": 1}, {"a": [1]}, {"a": {"b": 1}}]
    assert len({hash_of(one) for one in contents}) == len(contents)


def test_the_hash_of_a_known_text():
    # printf '{"a":1}' | sha256sum
    assert hash_of({"a": 1}) == "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
