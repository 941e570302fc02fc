"""What became of a grade over a shift. Expected values by hand; a grade that cannot be told never counts as better."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.course.handover import Direction, GradeSeen, grade_course

BEGAN = datetime(2026, 3, 2, 19, 0, tzinfo=UTC)


def seen(hours: float, grade: int, at_least: int | None = None, at_most: int | None = None) -> GradeSeen:
    least, most = (grade if bound is None else bound for bound in (at_least, at_most))
    return GradeSeen(at=BEGAN + timedelta(hours=hours), grade=grade, at_least=least, at_most=most)


def unknown(hours: float, at_least: int, at_most: int) -> GradeSeen:
    return seen(hours, -1, at_least, at_most)


def course(*grades: GradeSeen):
    return grade_course(grades, since=BEGAN, until=BEGAN + timedelta(hours=12))


@pytest.mark.parametrize(
    ("grades", "direction"),
    [
        ([seen(-1, 0), seen(2, 2)], Direction.UP),
        ([seen(-1, 2), seen(2, 0)], Direction.DOWN),
        ([seen(-1, 2), seen(2, 2)], Direction.SAME),
        ([seen(-1, 2)], Direction.SAME),  # no new set
        ([seen(2, 2)], Direction.UNKNOWN),  # nobody had looked before
        ([seen(-1, 2), unknown(2, 0, 2)], Direction.UNKNOWN),  # it may still be 2
        ([seen(-1, 3), unknown(2, 0, 2)], Direction.DOWN),
        ([unknown(-1, 0, 2), seen(2, 3)], Direction.UP),
        ([unknown(-1, 0, 2), seen(2, 2)], Direction.UNKNOWN),
        ([unknown(-1, 0, 2), unknown(2, 0, 2)], Direction.UNKNOWN),
    ],
)
def test_which_way_it_went(grades, direction):
    assert course(*grades).direction is direction


def test_the_instant_itself_belongs_to_the_shift_before_and_what_comes_later_to_none():
    one = course(seen(0, 1), seen(12, 2), seen(12.1, 4))

    assert (one.was, one.now, one.peak) == (seen(0, 1), seen(12, 2), seen(12, 2))


def test_the_first_of_the_worst_is_told_where_it_was_worse_between():
    one = course(seen(-1, 0), seen(2, 3), seen(4, 3), seen(6, 1))

    assert one.peak == seen(2, 3)
    assert one.is_higher_between


@pytest.mark.parametrize("last", [seen(6, 3), unknown(6, 0, 3)])
def test_a_worst_that_may_go_on_is_not_told_as_past(last):
    assert not course(seen(-1, 0), seen(2, 3), last).is_higher_between


def test_nobody_looked():
    one = course()

    assert (one.was, one.now, one.peak, one.is_higher_between) == (None, None, None, False)


def any_grade(hours: int, bounds: tuple[int, int]) -> GradeSeen:
    least, most = sorted(bounds)
    return seen(hours, most) if least == most else unknown(hours, least, most)


GRADES = st.builds(any_grade, st.integers(-24, 24), st.tuples(st.integers(0, 4), st.integers(0, 4)))


@given(st.lists(GRADES, max_size=8, unique_by=lambda one: one.at), st.randoms())
def test_the_order_in_which_facts_came_makes_no_difference(grades, random):
    shuffled = list(grades)
    random.shuffle(shuffled)

    assert course(*shuffled) == course(*grades)
