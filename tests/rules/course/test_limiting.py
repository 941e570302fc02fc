"""Dose-limiting by the study's rule: a grade or above for so many hours, with what was not looked at in between."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.rules.course.periods.limiting import SetBounds, is_limiting, limits_by_any

ZERO = datetime(2026, 3, 2, tzinfo=UTC)


def at(h: float) -> datetime:
    return ZERO + timedelta(hours=h)


def sets(*graded: tuple[float, int, int]) -> list[SetBounds]:
    return [SetBounds(at=at(h), at_least=least, at_most=most) for h, least, most in graded]


@pytest.mark.parametrize(
    ("what", "graded", "ended_h", "limits"),
    [
        ("grade 3 at both ends of 72 h", [(0, 3, 3), (40, 3, 3), (72, 3, 3), (76, 1, 1)], 100, True),
        ("a minute less, and the set after it lies beyond", [(0, 3, 3), (71.98, 3, 3), (76, 1, 1)], 100, None),
        ("over before, whatever lay between", [(0, 1, 1), (4, 3, 3), (60, 2, 2)], 100, False),
        ("a fall to 2 begins it anew", [(0, 3, 3), (40, 2, 2), (44, 3, 3), (80, 1, 1)], 100, False),
        ("a set that may be 3 in between cannot be told", [(0, 3, 3), (40, 1, 3), (80, 3, 3), (84, 1, 1)], 100, None),
        ("it goes on, and may yet", [(0, 3, 3), (4, 3, 3)], None, None),
        ("never 3", [(0, 2, 2), (80, 2, 2)], None, False),
        ("grade 4 is above", [(0, 4, 4), (72, 3, 3)], None, True),
        ("death limits at once", [(0, 2, 2), (4, 5, 5)], 4, True),
        ("nobody looked at anything", [], None, False),
    ],
)
def test_each_sentence_of_the_rule(what, graded, ended_h, limits):
    ended_at = None if ended_h is None else at(ended_h)

    assert is_limiting(sets(*graded), grade=3, hours=72, ended_at=ended_at) is limits, what


def test_a_study_writes_its_own_rule():
    graded = sets((0, 2, 2), (24, 2, 2), (28, 0, 0))

    assert is_limiting(graded, grade=2, hours=24, ended_at=at(48)) is True
    assert is_limiting(graded, grade=2, hours=0, ended_at=at(48)) is True


@pytest.mark.parametrize(
    ("what", "graded", "ended_h", "limits"),
    [
        ("grade 4 in one set", [(0, 3, 3), (4, 4, 4), (8, 2, 2)], 40, True),
        ("grade 3 for 48 h", [(0, 3, 3), (48, 3, 3), (50, 1, 1)], 80, True),
        ("grade 3 for less, and never 4", [(0, 1, 1), (1, 3, 3), (40, 1, 1)], 80, False),
        ("what may have been 4 cannot be told", [(0, 1, 1), (1, 3, 4), (40, 1, 1)], 80, None),
    ],
)
def test_any_of_several_rules_limits(what, graded, ended_h, limits):
    assert limits_by_any(sets(*graded), [(4, 0), (3, 48)], ended_at=at(ended_h)) is limits, what
