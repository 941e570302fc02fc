"""The quick reader of JSON takes nothing that the thorough one refuses, and reads nothing otherwise."""

import json

from hypothesis import given
from hypothesis import strategies as st

from crsmonitor.formats.strict_json import UnreadableJSON, _thoroughly, loads


class _Pairs(list):
    """An object with names that may be given twice."""


PIECES = (
    '{', '}', '[', ']', ':', ',', '"a"', '"b"', '"a:b"', '":"', '"{"', '"\\u0061"', '"病"', "1", "-0", "1.50", "1e400",
    "1e99999999999999999999", "NaN", "-Infinity", "true", "null", " ", "\t", "\r\n", "\x0c", '"\x7f"', '"\x01"', "01",
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.sampled_from(["a", "b:", "{}", "病人", '"', "\x7f"])
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda some: (
        st.lists(some, max_size=4) | st.lists(st.tuples(st.sampled_from("abc:"), some), max_size=4).map(_Pairs)
    ),
    max_leaves=12,
)  # fmt: skip


def _written(value, gap):
    if isinstance(value, _Pairs):
        return "{" + ",".join(f"{json.dumps(name)}{gap}:{gap}{_written(one, gap)}" for name, one in value) + "}"
    if isinstance(value, list):
        return f"[{gap}" + f"{gap},".join(_written(one, gap) for one in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def _answer(read, text):
    try:
        value = read(text)
    except UnreadableJSON as refused:
        return refused.code, refused.detail, refused.twice, refused.owner
    return repr(value)  # with the type of each number and the order of names


@given(value=VALUES, gap=st.sampled_from(["", " ", "\n"]))
def test_what_is_json_is_read_the_same(value, gap):
    text = _written(value, gap)

    assert _answer(loads, text) == _answer(_thoroughly, text)
    assert _answer(loads, text.encode()) == _answer(_thoroughly, text)


@given(pieces=st.lists(st.sampled_from(PIECES), max_size=12))
def test_what_may_be_none_is_refused_the_same(pieces):
    text = "".join(pieces)

    assert _answer(loads, text.encode()) == _answer(_thoroughly, text.encode())
