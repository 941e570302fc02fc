"""A sentence in strokes is of bounded size and of whole numbers; whatever else comes is refused, nothing is read."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.neuro.handwriting import MOST_CHARACTERS, MOST_MS, MOST_POINTS, MOST_SIDE, MOST_STROKES, problem

SENTENCE = {"width": 400, "height": 120, "strokes": [[[10, 20, 0, 500], [14, 22, 16, 510]], [[40, 20, 900, 480]]]}


def test_a_sentence_in_strokes_is_taken():
    assert problem(SENTENCE) is None


def line(points: int, strokes: int = 1) -> list:
    return [[[1, 1, 0, 500]] * points] * strokes


@pytest.mark.parametrize(
    ("strokes", "code"),
    [
        ([], "strokes_not_readable"),
        ([[]], "strokes_not_readable"),
        ([[[1, 1, 0]]], "strokes_not_readable"),
        ([[[1, 1, 0, 500, 1]]], "strokes_not_readable"),
        ([[[1.5, 1, 0, 500]]], "strokes_not_readable"),
        ([[["1", 1, 0, 500]]], "strokes_not_readable"),
        ([[[True, 1, 0, 500]]], "strokes_not_readable"),
        ([[[None, 1, 0, 500]]], "strokes_not_readable"),
        ([[{"x": 1, "y": 1, "time": 0, "pressure": 1}]], "strokes_not_readable"),
        ({"0": [[1, 1, 0, 500]]}, "strokes_not_readable"),
        ("<svg onload=alert(1)>", "strokes_not_readable"),
        ([[[601, 1, 0, 500]]], "strokes_not_readable"),
        ([[[-201, 1, 0, 500]]], "strokes_not_readable"),
        ([[[1, 181, 0, 500]]], "strokes_not_readable"),
        ([[[1, 1, 0, 1001]]], "strokes_not_readable"),
        ([[[1, 1, 0, -1]]], "strokes_not_readable"),
        ([[[1, 1, 0, 500], [1, 1, MOST_MS + 1, 500]]], "strokes_not_readable"),
        ([[[1, 1, 5, 500]]], "strokes_not_in_time"),
        ([[[1, 1, 0, 500], [1, 1, 20, 500]], [[1, 1, 19, 500]]], "strokes_not_in_time"),
        (line(MOST_POINTS + 1), "strokes_too_many"),
        (line(1, MOST_STROKES + 1), "strokes_too_many"),
        (line(MOST_POINTS), None),
        (line(1, MOST_STROKES), None),
        ([[[600, 180, 0, 0], [-200, -60, MOST_MS, 1000]]], None),
    ],
)
def test_strokes_that_no_pad_writes_are_refused(strokes, code):
    assert problem(SENTENCE | {"strokes": strokes}) == code


@pytest.mark.parametrize(
    "sentence",
    [
        None,
        [],
        "",
        {},
        {"strokes": SENTENCE["strokes"]},
        SENTENCE | {"text": "what it says"},  # nothing reads it
        SENTENCE | {"width": 0},
        SENTENCE | {"height": MOST_SIDE + 1},
        SENTENCE | {"width": True},
    ],
)
def test_a_sentence_has_its_sides_and_its_strokes_and_nothing_else(sentence):
    assert problem(sentence) == "strokes_not_readable"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.lists(one) | st.dictionaries(
    st.sampled_from(["width", "height", "strokes"]), one
)))  # fmt: skip
def test_whatever_comes_gets_an_answer(sentence):
    problem(sentence)
    problem(SENTENCE | {"strokes": sentence})


def test_the_largest_sentence_fits_into_its_text():
    most = copy.deepcopy(SENTENCE) | {"width": MOST_SIDE, "height": MOST_SIDE}
    most["strokes"] = [[[-2000, -2000, 0, 1000]], [[-2000, -2000, MOST_MS, 1000]] * (MOST_POINTS - 1)]

    assert problem(most) is None
    assert len(json.dumps(most, separators=(",", ":"))) <= MOST_CHARACTERS
