"""No CRS begins before the first dose of a record that has one (Rulings 2); a fever then is told as such."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.policy.thresholds import ThresholdCode, asked_at
from grading.rules.contract.contract import answer
from grading.rules.course.events import Event, Parameters
from grading.rules.course.state import State, read_state, write_state
from grading.rules.course.timeline import BEFORE_DOSING, Course, derive, step
from grading.rules.treatment.masking_hours import Masking
from tests.rules.course.courses import FEVER, LOW, SHOCK, at, dose, drug, episode_rows, look, mind

AWAITED = Parameters(awaits_dose=True)


def course(*events: Event) -> Course:
    return derive(events, AWAITED)


def rises(the_course: Course) -> list[tuple[str, int, bool]]:
    return [(one.observation_root, one.grade, one.before_dosing) for one in the_course.rises]


ROWS = [
    ("a fever before the first dose opens none", [look(-2, **FEVER), dose(0)], []),
    ("the first set after it that fulfils the rule does", [look(-2, **FEVER), dose(0), look(4, **FEVER)],
     [(4, None, 1)]),
    ("whatever was well in between", [look(-2, **FEVER), dose(0), look(1), look(4, **LOW), look(5, **FEVER)],
     [(5, None, 1)]),
    ("a fever before it is no history of one", [look(-2, **FEVER), dose(0), look(4, **LOW)], []),
    ("a dose of the same instant comes first", [look(0, **FEVER), dose(0)], [(0, None, 1)]),
    ("nobody dosed yet: none", [look(-2, **FEVER), look(4, **FEVER | SHOCK)], []),
    ("only the first dose divides", [dose(0), look(4, **FEVER), dose(24), look(30, **FEVER)], [(4, None, 1)]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "episodes"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_no_crs_begins_before_the_first_dose(events, episodes):
    assert episode_rows(course(*events)) == episodes


def test_the_episode_belongs_to_the_dose():
    (episode,) = course(look(-2, **FEVER), dose(0), look(4, **FEVER)).episodes

    assert episode.dose_root == "dose-0"


def test_a_record_without_a_dose_is_graded_as_before():
    assert episode_rows(derive([look(-2, **FEVER), look(4, **FEVER | LOW)], Parameters())) == [(-2, None, 2)]


def test_the_set_keeps_the_grade_of_its_look_and_says_that_it_is_none():
    before, after = course(look(-2, **FEVER | SHOCK), dose(0), look(4, **FEVER)).graded

    assert (before.graded.grade, before.graded.flags) == (3, (BEFORE_DOSING,))
    assert (after.graded.grade, after.graded.flags) == (1, ())


def test_a_fever_of_another_cause_is_not_told():
    the_course = course(look(-2, fever_attributed_to_other_cause=True, **FEVER))

    assert (the_course.graded[0].graded.flags, the_course.rises) == ((), ())


def test_it_is_told_as_a_fever_and_told_anew_as_crs_after_the_dose():
    the_course = course(look(-2, **FEVER), dose(0), look(4, **FEVER))

    assert rises(the_course) == [("set--2", 1, True), ("set-4", 1, False)]
    assert asked_at((), kind="crs", grade=1, before_dosing=True) == (ThresholdCode.BEFORE_DOSING,)


def test_a_worse_look_before_dosing_is_told_as_urgent_as_it_is():
    assert rises(course(look(-2, **FEVER), look(-1, **FEVER | SHOCK))) == [("set--2", 1, True), ("set--1", 3, True)]


def test_hypotension_without_a_fever_before_dosing_still_opens_a_provisional_episode():
    the_course = course(look(-2, **LOW), look(-1, **FEVER | LOW))

    assert [(e.provisional, e.ended_at) for e in the_course.episodes] == [("unexplained_hypotension_or_hypoxia", None)]
    assert [(one.grade, one.before_dosing) for one in the_course.rises] == [(-1, False), (2, True)]


def test_what_hides_a_fever_hides_it_across_the_dose():
    the_course = course(look(-2, **FEVER), drug(-1, Masking.ANTIPYRETIC), dose(0), look(4, **LOW))

    assert the_course.graded[-1].graded.flags == ("possible_masked_fever",)


def test_icans_is_graded_before_the_first_dose_as_after_it():
    assert episode_rows(course(mind(-2, points=4), dose(0)), "icans") == [(-2, None, 2)]


def test_death_due_to_crs_is_a_person_s_word_also_before_a_dose():
    the_course = course(look(-2, died_of_crs=True))

    assert [(e.max_grade, e.ended_at) for e in the_course.episodes] == [(5, at(-2))]


def test_cf5s():
    well = {"sbp": 120, "hypotension": False, "fluid_bolus": False, "vasopressors": [], "spo2": 97,
            "oxygen_device": "room_air"}  # fmt: skip
    series = answer({"id": "CF5s", "kind": "series", "events": [
        {"t_hours": -2, "type": "crs", "temperature_c": Decimal("38.5")} | well,
        {"t_hours": 0, "type": "dose", "dose_index": 1, "product": "x"},
        {"t_hours": 4, "type": "crs", "temperature_c": Decimal("38.6")} | well,
    ]})  # fmt: skip

    assert series["episodes"] == [
        {"start_h": 4, "end_h": None, "max_grade": 1, "onset_from_dose_h": 4, "dose_index": 1}
    ]
    assert series["flags"] == [BEFORE_DOSING]


SEEN = st.sampled_from([{}, FEVER, LOW, SHOCK, FEVER | LOW, {"temperature_c": None}, {"temperature_c": None} | LOW])
LOOKS = st.dictionaries(st.integers(-48, 48), SEEN, max_size=12)  # by hour


@given(LOOKS)
def test_after_the_dose_the_course_is_that_of_the_sets_after_it(looks):
    """No drug hides anything and no provisional episode is open: what was before the dose leaves nothing."""
    sets = [look(h, **seen) for h, seen in looks.items()]
    after = [one for one in sets if one.at >= at(0)]

    whole, cut = course(dose(0), *sets), course(dose(0), *after)

    def crs(expected):
        return [e for e in expected.episodes if not e.provisional]

    assert crs(whole) == crs(cut)
    assert all(e.started_at >= at(0) for e in crs(whole))


@given(LOOKS, st.integers(0, 12))
def test_a_course_continued_from_what_was_written_down_is_the_same(looks, place):
    events: list[Event] = sorted([dose(0), *(look(h, **seen) for h, seen in looks.items())], key=lambda e: e.at)
    state, rises = State(), []
    for number, event in enumerate(events):
        if number == place:
            state = read_state(write_state(state))
        state, outcome = step(state, event, AWAITED)
        rises += [outcome.rise] if outcome.rise else []

    whole = course(*events)
    assert (state, rises) == (whole.state, list(whole.rises))


@given(LOOKS)
def test_a_dose_moved_behind_every_set_leaves_no_crs(looks):
    the_course = course(
        *(look(h, **seen) for h, seen in looks.items()), replace(dose(0), at=at(48) + timedelta(hours=1))
    )

    assert episode_rows(the_course) == []
