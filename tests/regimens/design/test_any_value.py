"""Whatever stands in a case, the answer is an answer or a precise error, and a probability is between 0 and 1."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crsmonitor.formats.jsonl_command import ENCODER
from regimens.management.commands.design import answer_line
from tests.regimens.design.cases import CASES
from tests.sizes import sized

CODES = {
    "missing_field", "invalid_type", "invalid_value", "out_of_range", "unknown_value", "unknown_field", "contradictory",
    "invalid_json", "duplicate_key", "not_verified",
}  # fmt: skip
# As JSON writes them. None of them makes a case large.
VALUES = [
    "null", "true", "false", "0", "-0.0", "1", "-1", "2", "3.5", "0.5", "1e-320", "1e-9", "1e999", "-1e999", "1e13",
    "NaN", "-Infinity", "9" * 400, '""', '"a"', '"mg"', '"\\u0000"', '"\\ud800"', "[]", "[0]", "[1, 2]", "[null]", "{}",
    '{"a": 1}', '{"t_d": 1, "t_d": 2}', "[[[[[[]]]]]]",
]  # fmt: skip
PROBABILITIES = {
    "p", "p_total", "p_below", "p_any", "p_max", "u", "free", "share", "over_share", "over_grade2", "over_grade3",
    "none",
}  # fmt: skip
HOLE = "the value that is drawn"


def places(value: Any, at: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a case, from the outside in."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at, *(place for name, one in inner for place in places(one, (*at, name)))]


def put(value: Any, place: tuple[str | int, ...], new: Any) -> Any:
    if not place:
        return new
    copy = value.copy()
    if place[0] in copy or isinstance(copy, list):
        copy[place[0]] = put(copy[place[0]], place[1:], new)
    else:
        copy[place[0]] = new
    return copy


def written(kind: str, place: tuple[str | int, ...], fragment: str) -> bytes:
    case = {"id": "a", "kind": kind} | put(CASES[kind], place, HOLE)
    return json.dumps(case).replace(json.dumps(HOLE), fragment).encode()


def check(line: bytes) -> None:
    answer, valid = answer_line(line)
    again = json.loads(ENCODER.encode(answer), parse_constant=pytest.fail)
    if valid:
        assert not list(impossible(again))
        return
    error = again["error"]
    assert error["code"] in CODES
    assert error["detail"]
    assert error["field"] is None or isinstance(error["field"], str)


def impossible(value: Any, name: str = "") -> Any:
    """What is called a probability and is none."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from impossible(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from impossible(one, name)
    elif name in PROBABILITIES and isinstance(value, float) and not 0 <= value <= 1:
        yield name, value


@settings(
    max_examples=sized(300, sample=60), derandomize=True, database=None, deadline=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(st.data())
def test_any_value_anywhere_in_a_case(data):
    kind = data.draw(st.sampled_from(sorted(CASES)))
    place = data.draw(st.sampled_from([*places(CASES[kind])[1:], ("no such field",)]))
    check(written(kind, place, data.draw(st.sampled_from(VALUES))))


@pytest.mark.long
@settings(max_examples=sized(100, sample=20), derandomize=True, database=None, deadline=None)
@given(
    st.sampled_from(sorted(CASES)),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=5,
    ),
)
def test_any_json_as_a_case(kind, value):
    fields = value if isinstance(value, dict) else {"a": value}
    check(json.dumps({"id": "a", "kind": kind} | fields).encode())
    check(json.dumps(value).encode())


def test_the_guard_sees_what_is_no_probability():
    assert list(impossible({"periods": [{"p": 1.0000001, "mean": 7.0}, {"u": -1e-9}]})) == [
        ("p", 1.0000001), ("u", -1e-9)
    ]  # fmt: skip
