"""Which bytes are asked for: the examples of RFC 9110, 14.1.2, of a file of 10,000 bytes, and its rules."""

import pytest

from grading.exports.cuts.ranges import ByteRange, Unsatisfiable, asked_range

SIZE = 10_000


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [("bytes=0-499", 0, 499), ("bytes=500-999", 500, 999), ("bytes=-500", 9500, 9999), ("bytes=9500-", 9500, 9999),
     ("bytes=0-20000", 0, 9999), ("bytes=-20000", 0, 9999), ("bytes=9999-9999", 9999, 9999)],
)  # fmt: skip
def test_one_range(header, first, last):
    given = asked_range(header, SIZE)

    assert given == ByteRange(first, last)
    assert given.length == last - first + 1


@pytest.mark.parametrize("header", ["", "bytes=", "bytes=-", "bytes=5-4", "lines=1-2", "bytes=0-0,-1", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole(header):
    assert asked_range(header, SIZE) is None


@pytest.mark.parametrize("header", ["bytes=10000-", "bytes=20000-20001", "bytes=-0"])
def test_no_byte_lies_in_it(header):
    with pytest.raises(Unsatisfiable):
        asked_range(header, SIZE)
