"""A line of answers is the same text whoever writes it."""

import pytest

from crsmonitor.formats.jsonl_command import ENCODER, lines_of_answers

ANSWERS = [
    {"id": "a", "grade": -1, "reasons": [{"code": "fever", "text": "38.4 °C ≥ 38"}], "flags": [], "error": None},
    {"id": "病人 😀", "grade": 3, "missing": ["spo2"], "rounded": True},
]


@pytest.mark.parametrize("more", ["", "\\", '"', "\x7f", "\x00\n\t", "\u2028", "é\x80", "\ud800"], ids=ascii)
def test_the_quick_writer_writes_what_the_other_does(more):
    answers = [*ANSWERS, {"id": more, "grade": 0}]

    assert lines_of_answers(answers, quickly=True) == "".join(ENCODER.encode(one) + "\n" for one in answers)


def test_fractions_are_left_to_the_other():
    assert lines_of_answers([{"share": 1e-7}], quickly=False) == '{"share":1e-07}\n'
