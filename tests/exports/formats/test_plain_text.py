"""Texts in ASCII, and what steps are called there."""

import pytest

from grading.exports.formats.plain_text import SIGNS, in_ascii


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("STEP-UP 1", "STEP-UP 1"), ("10 µg/kg", "10 ug/kg"), ("10 \u03bcg/kg", "10 ug/kg"), ("≥38", ">=38"),
        ("Déxaméthasone", "Dexamethasone"), ("a – b — c", "a - b - c"), ("38\u00a0C", "38 C"), ("Große", "Grosse"),
        ("步驟一", "步驟一"), ("", ""),
    ],
)  # fmt: skip
def test_signs_and_marked_letters_are_written_in_ascii_and_the_rest_stays(text, written):
    assert in_ascii(text) == written


def test_each_sign_has_ascii():
    assert [sign for sign, written in SIGNS.items() if not written.isascii() or sign.isascii()] == []
