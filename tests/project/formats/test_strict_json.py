"""JSON read exactly: nothing is guessed, and what is wrong is named."""

import json
from decimal import Decimal

import pytest

from crsmonitor.formats.strict_json import UnreadableJSON, loads


@pytest.mark.parametrize("written", ["37.95", "38.0", "3.86e1", "37.999999999999999999999", "-0.0", "1e400"])
def test_a_number_with_a_point_or_an_exponent_is_kept_as_written(written):
    assert str(loads(f"[{written}]")[0]) == str(Decimal(written))


def test_a_whole_number_is_whole():
    assert [(type(n), n) for n in loads("[0, -1, 120]")] == [(int, 0), (int, -1), (int, 120)]


@pytest.mark.parametrize("value", [None, True, False, "", "病人", [], {}, {"a": [{"b": None}]}], ids=repr)
@pytest.mark.parametrize("written", [json.dumps, lambda value: json.dumps(value, ensure_ascii=False).encode()])
def test_all_else_is_what_json_says_as_text_or_as_utf_8(value, written):
    assert loads(written(value)) == value


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("", "invalid_json", "this is not JSON: Expecting value at column 1"),
        ('{"a": 1,}', "invalid_json", "this is not JSON: "),
        ("{} {}", "invalid_json", "this is not JSON: Extra data at column 4"),
        ("[NaN]", "invalid_json", "NaN is not a JSON number"),
        ("[Infinity]", "invalid_json", "Infinity is not a JSON number"),
        ("[-Infinity]", "invalid_json", "-Infinity is not a JSON number"),
        ("[1e9999999999999999999]", "invalid_json", "a number is too large to read"),
        ("[0." + "1" * 1000 + "]", "invalid_json", "a number is too large to read"),
        ("[" + "9" * 10_000 + "]", "invalid_json", "this is not JSON"),
        ("[" * 100_000, "invalid_json", "this is nested too deeply"),
        (b'"\xff"', "invalid_utf8", "this is not UTF-8"),
        ('{"a": 1, "a": 1}', "duplicate_key", "a name is given twice"),
    ],
    ids=lambda value: value[:30],
)
def test_what_cannot_be_read_exactly_is_refused_and_said(text, code, detail):
    with pytest.raises(UnreadableJSON) as refused:
        loads(text)

    assert (refused.value.code, refused.value.detail[: len(detail)]) == (code, detail)


@pytest.mark.parametrize(
    "text", ['{"b": 1, "sbp": 120, "sbp": 80}', '{"id": "a", "inputs": [{"sbp": 120, "sbp": 80}]}']
)
def test_a_name_given_twice_is_named_with_the_object_that_has_it(text):
    with pytest.raises(UnreadableJSON) as refused:
        loads(text)

    assert (refused.value.twice, refused.value.owner["sbp"]) == ("sbp", 80)


def test_one_name_in_two_objects_is_no_duplicate():
    assert loads('[{"a": 1}, {"a": {"a": 2}}]') == [{"a": 1}, {"a": {"a": 2}}]
