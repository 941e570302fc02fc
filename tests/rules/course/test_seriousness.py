"""Which criteria of ICH E2A an episode meets by its facts, and how it came out (E2B(R3) E.i.3.2, E.i.7)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.course.periods.seriousness import (
    Criterion,
    EventCourse,
    EventOutcome,
    has_sheet,
    outcome,
    seriousness,
)

T = datetime(2026, 3, 2, tzinfo=UTC)


def hours(h: int) -> datetime:
    return T + timedelta(hours=h)


def course(**changes) -> EventCourse:
    values = {"grade": 3, "started_at": T, "ended_at": hours(24), "died": False, "in_bed_at_onset": True}
    return EventCourse(**values | changes)


@pytest.mark.parametrize(("name", "changes", "criteria", "came_out"), [
    ("grade 3 in a bed meets none by itself", {}, set(), "1"),
    ("grade 4 is life-threatening", {"grade": 4}, {"E.i.3.2b"}, "1"),
    ("not over at the last look", {"ended_at": None}, set(), "3"),
    ("a recorded death", {"died": True, "ended_at": None}, {"E.i.3.2a"}, "5"),
    ("grade 5", {"grade": 5, "ended_at": None}, {"E.i.3.2a"}, "5"),
    ("admitted after the onset", {"in_bed_at_onset": False, "admitted_at": [hours(2)]}, {"E.i.3.2c"}, "1"),
    ("admitted at its end", {"in_bed_at_onset": False, "admitted_at": [hours(24)]}, set(), "1"),
    ("of no bed anything is known", {"in_bed_at_onset": None, "admitted_at": [hours(2)]}, set(), "1"),
    ("moved to another bed", {"admitted_at": [hours(2)]}, set(), "1"),
])  # fmt: skip
def test_criteria_and_outcome(name, changes, criteria, came_out):
    one = course(**changes)

    assert {criterion.value for criterion in seriousness(one)} == criteria
    assert outcome(one) is EventOutcome(came_out)


GRADES = st.integers(0, 5)


@given(computed=GRADES, final=GRADES, axis=GRADES, judged=st.booleans())
def test_a_worse_grade_never_loses_the_sheet(computed, final, axis, judged):
    for provisional in (False, True):
        here = {"provisional": provisional, "judged": judged}
        if has_sheet(computed=computed, final=final, axis=axis, **here):
            assert has_sheet(computed=min(computed + 1, 5), final=min(final + 1, 5), axis=min(axis + 1, 5), **here)


def test_what_is_below_3_by_the_rules_alone_or_by_a_person_alone_still_has_one():
    assert has_sheet(computed=3, final=1, axis=0, provisional=False, judged=True)
    assert has_sheet(computed=2, final=3, axis=0, provisional=False, judged=True)
    assert not has_sheet(computed=2, final=2, axis=0, provisional=False, judged=False)
    assert has_sheet(computed=0, final=0, axis=3, provisional=True, judged=False)
    assert not has_sheet(computed=0, final=0, axis=3, provisional=True, judged=True)  # another cause


def test_a_criterion_is_never_denied():
    assert set(seriousness(course(grade=4, died=True))) == {Criterion.DEATH}
