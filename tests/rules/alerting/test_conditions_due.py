"""What the conditions of a policy call for: a row on both sides of every number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.policies.library import DEFAULT, read_policy
from grading.rules.alerting.conditions_due import called_for, next_instant, stands
from grading.rules.alerting.policy.conditions import Condition
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.course.now import CourseNow, DrugGiven, DueObservation, GradedSet, NeuroSet, OpenEpisode, Running

AT = datetime(2026, 3, 28, 12, tzinfo=UTC)  # Paris puts its clocks forward in the night that follows
DRUGS = read_policy(DEFAULT).drugs
C = ConditionCode


def hour(h: float) -> datetime:
    return AT + timedelta(hours=h)


def condition(code: C, **numbers) -> Condition:
    return Condition(code=code, source="test", **numbers)


def graded(*sets: tuple[float, int]) -> tuple[GradedSet, ...]:
    """Sets as (hour, grade); -1: not settled, between 0 and 4."""
    return tuple(
        GradedSet(at=hour(h), root=f"set {h}", at_least=max(grade, 0), at_most=4 if grade < 0 else grade)
        for h, grade in sets
    )


def episode(*sets: tuple[float, int], kind: str = "crs", standing: int | None = None) -> OpenEpisode:
    last = sets[-1][1] if standing is None else standing
    return OpenEpisode(kind=kind, root="onset", started_at=hour(sets[0][0]), standing=last, sets=graded(*sets))


def course(*episodes: OpenEpisode, drugs: tuple[DrugGiven, ...] = (), **more) -> CourseNow:
    last = max((one.sets[-1].at for one in episodes), default=None)
    return CourseNow(**{"last_at": last, "episodes": episodes, "drugs": drugs} | more)


def toci(h: float, indication: str = "crs") -> DrugGiven:
    return DrugGiven(at=hour(h), root=f"toci {h}", is_tocilizumab=True, is_steroid=False, indication=indication)


def steroid(h: float, indication: str = "crs") -> DrugGiven:
    return DrugGiven(at=hour(h), root=f"steroid {h}", is_tocilizumab=False, is_steroid=True, indication=indication)


def calls(one: Condition, now: CourseNow, *, at: float) -> list[str]:
    """The anchors of what holds at an hour."""
    return [call.anchor for call in called_for([one], now, DRUGS) if call.holds(hour(at))]


FEVER = condition(C.FEVER_PERSISTING, hours=Decimal(24))


# --- Fever at grade 1 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("h", "expected"), [(23.99, []), (24, ["set 0"]), (40, ["set 0"])])
def test_a_fever_at_grade_1_is_told_once_its_hours_are_over(h, expected):
    assert calls(FEVER, course(episode((0, 1), (20, 1))), at=h) == expected


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        (((0, 1), (20, 2)), []),  # another threshold speaks
        (((0, 1), (10, 0), (20, 1)), []),  # gone at 10 h: it has lasted since 20 h
        (((0, 1), (10, -1), (20, 1)), ["set 0"]),  # nobody looked: not known to be gone
        (((0, 2), (10, 1), (20, 1)), ["set 0"]),  # it began with the onset
    ],
)
def test_it_lasts_from_the_first_set_after_the_last_that_was_free(sets, expected):
    assert calls(FEVER, course(episode(*sets)), at=26) == expected


def test_where_nobody_looked_for_a_day_after_the_newest_set_nothing_is_told():
    now = course(episode((0, 1), (20, 1)))

    assert (calls(FEVER, now, at=43.99), calls(FEVER, now, at=44)) == (["set 0"], [])


def test_while_the_window_goes_on_it_is_told_however_old_the_newest_set_is():
    now = course(episode((0, 1), (1, 1)), running=Running(dose_root="dose", window_ends_at=hour(48)))

    assert (calls(FEVER, now, at=47.99), calls(FEVER, now, at=48)) == (["set 0"], [])


# --- After a steroid -------------------------------------------------------------------------------------------

STEROID = condition(C.NO_IMPROVEMENT_AFTER_STEROID, hours=Decimal(12), from_grade=2)


@pytest.mark.parametrize(("h", "expected"), [(12.99, []), (13, ["steroid 1"])])
def test_no_better_12_h_after_the_first_steroid(h, expected):
    now = course(episode((0, 2), (9, 2)), drugs=(steroid(1), steroid(7)))

    assert calls(STEROID, now, at=h) == expected


@pytest.mark.parametrize(
    ("sets", "drugs", "expected"),
    [
        (((0, 3), (9, 2)), (steroid(1),), []),  # better
        (((0, 2), (9, 3)), (steroid(1),), ["steroid 1"]),  # worse
        (((0, 2),), (steroid(1),), ["steroid 1"]),  # nobody looked since: not known to be better
        (((0, 1), (9, 1)), (steroid(1),), []),  # below the grade that must stand
        (((0, 2), (9, 2)), (steroid(1, "premedication"),), []),
        (((0, 2), (9, 2)), (steroid(-1),), []),  # before the onset
        (((0, 2), (9, 2)), (steroid(1), toci(5)), []),  # what is asked for was given
        (((0, 2), (9, 2)), (), []),
    ],
)
def test_when_a_steroid_did_not_help(sets, drugs, expected):
    assert calls(STEROID, course(episode(*sets), drugs=drugs), at=14) == expected


# --- Refractory to tocilizumab: the numbers of drugs.refractory -------------------------------------------------

REFRACTORY, NEXT_GRADE = condition(C.STEROID_AFTER_ANTI_IL6), condition(C.MANAGE_AS_NEXT_GRADE)


@pytest.mark.parametrize(
    ("sets", "drugs", "expected"),
    [
        (((0, 2), (3, 2)), (toci(1),), ["toci 1"]),  # after one dose
        (((0, 2), (9.5, 2)), (toci(1), toci(9)), ["toci 9"]),  # after the second it is asked anew
        (((0, 2),), (toci(1),), []),  # nobody looked since
        (((0, 2), (3, 1)), (toci(1),), []),  # better
        (((0, 2), (3, 2), (4, -1)), (toci(1),), ["toci 1"]),  # a set with data missing lowers nothing
        (((0, 2), (3, -1)), (toci(1),), ["toci 1"]),
        (((0, 2), (3, -1), (4, 1)), (toci(1),), []),  # and a whole one does
        (((0, 2), (3, 2)), (toci(1), steroid(2)), []),  # given
        (((0, 2), (3, 2)), (toci(1, "prophylaxis"),), []),
        (((0, 2), (3, 2)), (toci(-1),), []),
    ],
)
def test_a_steroid_is_asked_for_after_tocilizumab_that_did_not_help(sets, drugs, expected):
    assert calls(REFRACTORY, course(episode(*sets), drugs=drugs), at=10) == expected


def test_icans_has_its_own_refractory_rule():
    now = course(episode((0, 2), (3, 2), kind="icans"), drugs=(toci(1, "icans"),))

    assert [call.kind for call in called_for([REFRACTORY, NEXT_GRADE], now, DRUGS)] == ["icans"]


@pytest.mark.parametrize(("h", "expected"), [(24.99, []), (25, ["toci 1"])])
def test_no_better_24_h_after_tocilizumab(h, expected):
    assert calls(NEXT_GRADE, course(episode((0, 2), (20, 2)), drugs=(toci(1),)), at=h) == expected


# --- Next dose, last dose: the numbers of drugs.tocilizumab -----------------------------------------------------

ELIGIBLE, MAXIMUM = condition(C.TOCILIZUMAB_ELIGIBLE), condition(C.TOCILIZUMAB_MAXIMUM)


@pytest.mark.parametrize(("h", "expected"), [(8.99, []), (9, ["toci 1"])])
def test_the_next_dose_is_told_when_the_interval_is_over(h, expected):
    assert calls(ELIGIBLE, course(episode((0, 2), (8, 2)), drugs=(toci(1),)), at=h) == expected


@pytest.mark.parametrize(("grade", "expected"), [(1, []), (2, ["toci 1"]), (3, ["toci 1"])])
def test_only_while_grade_2_or_more_stands(grade, expected):
    assert calls(ELIGIBLE, course(episode((0, 2), (8, grade)), drugs=(toci(1),)), at=9) == expected


@pytest.mark.parametrize(
    ("drugs", "at", "expected"),
    [
        ((), 9, []),
        ((toci(-9),), 9, []),  # before this episode
        ((toci(0), toci(8), toci(16)), 23.99, []),  # three in 24 h: the fourth waits for the first to be a day old
        ((toci(0), toci(8), toci(16)), 24, ["toci 16"]),
        ((toci(0), toci(8), toci(16), toci(24)), 33, []),  # all are used up
    ],
)
def test_which_dose_is_the_next(drugs, at, expected):
    assert calls(ELIGIBLE, course(episode((0, 2), (30, 2)), drugs=drugs), at=at) == expected


@pytest.mark.parametrize(
    ("count", "grade", "expected"), [(3, 2, []), (4, 2, ["toci 24"]), (5, 2, ["toci 24"]), (4, 0, [])]
)
def test_the_last_of_the_doses_is_told_while_crs_is_open(count, grade, expected):
    drugs = tuple(toci(8 * n) for n in range(count))

    assert calls(MAXIMUM, course(episode((0, 2), (40, grade)), drugs=drugs), at=41) == expected


# --- Mind ------------------------------------------------------------------------------------------------------

SEIZURE, DROP = condition(C.SEIZURE_OR_POSTURING), condition(C.ICE_DROP, points=1)


def neuro(h: float, *alarming: str, looked: bool = True, ice: int | None = 10) -> NeuroSet:
    return NeuroSet(at=hour(h), root=f"neuro {h}", alarming=alarming, looked=looked, ice=ice)


def mind(*sets: NeuroSet, baseline: int | None = 10) -> CourseNow:
    return CourseNow(last_at=sets[-1].at, neuro=sets, ice_baseline=baseline)


@pytest.mark.parametrize(
    ("sets", "expected"),
    [
        ((neuro(0, "brief_resolved"),), ["neuro 0"]),
        ((neuro(0, "decerebrate_posturing"),), ["neuro 0"]),
        ((neuro(0),), []),
        ((neuro(0, "brief_resolved"), neuro(1)), []),  # not now
        ((neuro(0, "brief_resolved"), neuro(1, looked=False)), ["neuro 0"]),  # nobody looked again
        ((neuro(0, "brief_resolved"), neuro(1, "prolonged_over_5_min")), ["neuro 0"]),  # told once
        ((neuro(0, "brief_resolved"), neuro(1), neuro(2, "brief_resolved")), ["neuro 2"]),  # another one
    ],
)
def test_a_seizure_or_posturing_now(sets, expected):
    assert calls(SEIZURE, mind(*sets), at=3) == expected


def test_without_a_grade_it_counts_as_one_that_is_not_known():
    [call] = called_for([SEIZURE], mind(neuro(0, "brief_resolved")), DRUGS)

    assert (call.grade, call.due_at) == (-1, None)


@pytest.mark.parametrize(
    ("baseline", "points", "ice", "expected"),
    [
        (10, 1, 10, []),
        (10, 1, 9, ["neuro 0"]),
        (10, 2, 9, []),
        (10, 2, 8, ["neuro 0"]),
        (8, 1, 8, []),  # the participant's own
        (8, 1, 7, ["neuro 0"]),
        (None, 1, 0, []),  # a baseline is never guessed
        (10, 1, None, []),
    ],
)
def test_an_ice_drop_counts_from_the_own_baseline(baseline, points, ice, expected):
    assert calls(replace(DROP, points=points), mind(neuro(0, ice=ice), baseline=baseline), at=1) == expected


# --- Observation -----------------------------------------------------------------------------------------------

OVERDUE, ENDING = condition(C.OBSERVATION_OVERDUE, minutes=0), condition(C.WINDOW_ENDING, hours=Decimal(4))


def running(due: float = 4, *, ends: float | None = 24, missed: tuple[float, ...] = ()) -> CourseNow:
    look = DueObservation(kind="vitals", due_at=hour(due), late_from=hour(due + 0.5), over_at=hour(due + 3.5))
    return CourseNow(running=Running(
        dose_root=str(UUID(int=1)), window_ends_at=None if ends is None else hour(ends), due=(look,),
        missed=tuple(map(hour, missed)),
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("minutes", "h", "expected"), [(0, 4.49, 0), (0, 4.5, 1), (15, 4.74, 0), (15, 4.75, 1), (0, 23.99, 1), (0, 24, 0)]
)
def test_a_look_is_overdue_after_its_grace_and_until_the_window_ends(minutes, h, expected):
    assert len(calls(replace(OVERDUE, minutes=minutes), running(), at=h)) == expected


def test_the_last_slot_may_be_looked_at_until_its_own_time_is_over():
    now = running(24)

    assert [len(calls(OVERDUE, now, at=h)) for h in (24.49, 24.5, 27.49, 27.5)] == [0, 1, 1, 0]


def test_a_window_without_a_known_end_goes_on():
    assert len(calls(OVERDUE, running(ends=None), at=500)) == 1


def test_another_slot_is_another_call():
    assert calls(OVERDUE, running(4), at=9) != calls(OVERDUE, running(8), at=9)


@pytest.mark.parametrize(
    ("missed", "h", "expected"),
    [
        ((8,), 19.99, 0), ((8,), 20, 1), ((8,), 23.99, 1), ((8,), 24, 0),
        ((), 20, 0),  # nothing is missing
        ((22,), 21.99, 0), ((22,), 22, 1),  # missing only later
        ((24,), 23.99, 0),  # over with the window
    ],
)  # fmt: skip
def test_a_window_about_to_end_with_observations_missing(missed, h, expected):
    assert len(calls(ENDING, running(missed=missed), at=h)) == expected


# --- Clock -----------------------------------------------------------------------------------------------------


def test_a_condition_whose_number_is_empty_calls_for_nothing():
    assert called_for([condition(C.FEVER_PERSISTING)], course(episode((0, 1))), DRUGS) == ()


def test_the_next_instant_is_the_first_that_is_still_to_come():
    due = called_for([OVERDUE, ENDING], running(missed=(8,)), DRUGS)

    assert [next_instant(due, after=hour(h)) for h in (0, 4.5, 20, 24)] == [hour(4.5), hour(20), hour(24), None]


@pytest.mark.parametrize(("one", "now", "h"), [(OVERDUE, running(), 24), (ENDING, running(missed=(8,)), 24)])
def test_what_did_not_come_is_over_with_the_window(one, now, h):
    [call] = called_for([one], now, DRUGS)

    assert (stands(call, hour(h - 0.01)), stands(call, hour(h))) == (True, False)


def test_what_was_told_stands_after_that_while_nobody_says_otherwise():
    [call] = called_for([FEVER], course(episode((0, 1), (1, 1))), DRUGS)

    assert (stands(call, hour(23.9)), stands(call, hour(500)), call.holds(hour(500))) == (False, True, False)


# --- Lower numbers ----------------------------------------------------------------------------------------------

EVERY = [
    (C.FEVER_PERSISTING, "hours", 1, 72),
    (C.NO_IMPROVEMENT_AFTER_STEROID, "hours", 1, 48),
    (C.NO_IMPROVEMENT_AFTER_STEROID, "from_grade", 1, 4),
    (C.ICE_DROP, "points", 1, 10),
    (C.OBSERVATION_OVERDUE, "minutes", 0, 240),
]
hours = st.integers(0, 30).map(float)
courses = st.builds(
    lambda sets, drugs, scores, base, look: replace(
        course(episode(*sorted(sets)), drugs=tuple(sorted(drugs, key=lambda drug: drug.at))),
        neuro=tuple(neuro(h, ice=ice) for h, ice in sorted(scores)),
        ice_baseline=base, running=look.running,
    ),
    st.lists(st.tuples(hours, st.integers(-1, 4)), min_size=1, max_size=6, unique_by=lambda pair: pair[0]),
    st.lists(st.one_of(hours.map(toci), hours.map(steroid)), max_size=3),
    st.lists(st.tuples(hours, st.integers(0, 10)), max_size=5, unique_by=lambda pair: pair[0]),
    st.integers(0, 10),
    st.builds(running, hours),
)  # fmt: skip


@given(one=st.sampled_from(EVERY), now=courses, data=st.data(), at=st.integers(0, 120))
def test_a_lower_number_never_calls_for_less(one, now, data, at):
    code, number, low, high = one
    base = {"hours": Decimal(6), "from_grade": 2} if code is C.NO_IMPROVEMENT_AFTER_STEROID else {}
    less, more = sorted([data.draw(st.integers(low, high)), data.draw(st.integers(low, high))])

    def count(value: int) -> int:
        return len(calls(condition(code, **base | {number: value}), now, at=at))

    assert count(less) >= count(more)


@given(now=st.builds(running, hours, missed=st.lists(hours, max_size=4).map(tuple)), at=hours, data=st.data())
def test_more_hours_before_the_end_of_a_window_never_call_for_less(now, at, data):
    fewer, more = sorted([data.draw(st.integers(1, 24)), data.draw(st.integers(1, 24))])

    def count(value: int) -> int:
        return len(calls(replace(ENDING, hours=Decimal(value)), now, at=at))

    assert count(more) >= count(fewer)
