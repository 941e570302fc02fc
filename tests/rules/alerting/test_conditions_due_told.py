"""What a call of a condition tells, and the minutes at which two things happen at once (docs/conventions.md)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from grading.rules.alerting.conditions_due import called_for, next_instant, stands
from grading.rules.course.now import CourseNow, GradedSet, NeuroSet, OpenEpisode
from grading.rules.treatment.drug_rules import DrugRules
from grading.rules.treatment.refractory import RefractoryCode, RefractoryRule
from tests.rules.alerting.test_conditions_due import (
    DROP,
    DRUGS,
    ELIGIBLE,
    ENDING,
    FEVER,
    MAXIMUM,
    NEXT_GRADE,
    OVERDUE,
    REFRACTORY,
    SEIZURE,
    STEROID,
    calls,
    course,
    episode,
    hour,
    mind,
    neuro,
    running,
    steroid,
    toci,
)

# --- Two things in one minute: what is charted with a drug is what stood at it, and led to it ---


@pytest.mark.parametrize(
    ("one", "sets", "drugs", "at", "expected"),
    [
        # S2: a treatment at the start of the episode is one of the episode
        (STEROID, ((0, 2), (9, 2)), (steroid(0),), 12, ["steroid 0"]),
        (REFRACTORY, ((0, 2), (3, 2)), (toci(0),), 10, ["toci 0"]),
        (ELIGIBLE, ((0, 2), (7, 2)), (toci(0),), 8, ["toci 0"]),
        # the grade "at the drug" is that of the set of the same minute: 3, and 2 since is better
        (STEROID, ((0, 2), (1, 3), (9, 2)), (steroid(1),), 14, []),
        (STEROID, ((0, 3), (1, 2), (9, 2)), (steroid(1),), 14, ["steroid 1"]),
        # given together, nothing is left to ask for
        (STEROID, ((0, 2), (9, 2)), (steroid(1), toci(1)), 14, []),
        (REFRACTORY, ((0, 2), (3, 2)), (toci(1), steroid(1)), 10, []),
    ],
)
def test_in_the_same_minute(one, sets, drugs, at, expected):
    assert calls(one, course(episode(*sets), drugs=drugs), at=at) == expected


@pytest.mark.parametrize(
    ("sets", "drugs", "expected"),
    [
        # no better than 2 at the second dose, although better than 3 at the first: each dose counts anew
        (((0, 3), (5, 2), (9.5, 2)), (toci(1), toci(9)), ["toci 9"]),
        # a steroid since the first of these doses is the one that is asked for
        (((0, 2), (9.5, 2)), (toci(1), steroid(2), toci(9)), []),
        # not below the grade at the drug and not 0: grade 1 too
        (((0, 1), (3, 1)), (toci(1),), ["toci 1"]),
        # well before the dose, and nobody looked since
        (((0, 2), (0.5, 0)), (toci(1),), []),
    ],
)
def test_each_dose_of_tocilizumab_counts_anew(sets, drugs, expected):
    assert calls(REFRACTORY, course(episode(*sets), drugs=drugs), at=10) == expected


def test_well_at_the_last_look_is_not_managed_as_the_next_grade():
    assert calls(NEXT_GRADE, course(episode((0, 2), (0.5, 0)), drugs=(toci(1),)), at=30) == []


def test_of_two_rules_the_one_with_fewer_hours_speaks():
    def no_better_after(hours: int) -> RefractoryRule:
        code = RefractoryCode.MANAGE_AS_NEXT_GRADE
        return RefractoryRule(code=code, kind="crs", source="test", hours=Decimal(hours))

    drugs = replace(DRUGS, refractory=(no_better_after(24), no_better_after(12)))
    [call] = called_for([NEXT_GRADE], course(episode((0, 2), (9, 2)), drugs=(toci(1),)), drugs)

    assert (call.due_at, call.values["hours"]) == (hour(13), "12")


# --- Fever ---


@pytest.mark.parametrize(
    ("sets", "since"),
    [
        (((0, 1), (20, 1)), 0),
        (((0, 1), (10, 0), (12, -1), (20, 1)), 20),  # 12: nobody looked, so nothing was seen to last
        (((0, 1), (10, -1), (20, 1)), 0),
    ],
)
def test_since_when_a_fever_lasts(sets, since):
    [call] = called_for([FEVER], course(episode(*sets)), DRUGS)

    assert (call.values, call.grade) == ({"since": hour(since).isoformat(), "hours": "24"}, 1)
    assert call.observed_at == hour(20)  # the newest set decides that it still does


def test_grade_1_that_may_be_more_is_a_fever_that_lasts():
    """A set with data missing has its lower bound: 1, and up to 4."""
    sets = tuple(GradedSet(at=hour(h), root=f"set {h}", at_least=1, at_most=4) for h in (0, 20))
    one = OpenEpisode(kind="crs", root="onset", started_at=hour(0), standing=1, sets=sets)

    assert calls(FEVER, course(one), at=24) == ["set 0"]


# --- What is told ---


@pytest.mark.parametrize(
    ("one", "now", "expected"),
    [
        (
            STEROID,
            course(episode((0, 3), (2, 2), (9, 3)), drugs=(steroid(4), steroid(7))),
            (3, 9, {"given": 4, "hours": "12", "then": "2", "now": "3"}),
        ),
        (
            STEROID,  # nobody looked since: the grade now is empty, not 0
            course(episode((0, 2), (3, 2)), drugs=(steroid(4),)),
            (2, 3, {"given": 4, "hours": "12", "then": "2", "now": ""}),
        ),
        (
            REFRACTORY,
            course(episode((0, 2), (3, 3), (9, 4)), drugs=(toci(1), toci(4))),
            (4, 9, {"given": 4, "doses": "2", "then": "3", "now": "4"}),
        ),
        (
            NEXT_GRADE,
            course(episode((0, 2), (3, 2)), drugs=(toci(1),)),
            (2, 3, {"given": 1, "doses": "1", "then": "2", "now": "2", "hours": "24"}),
        ),
        (
            ELIGIBLE,
            course(episode((0, 2), (3, 3), (9, 2)), drugs=(toci(1), toci(4))),
            (2, 9, {"given": 4, "from": 12, "left": "2", "now": "2"}),
        ),
        (
            MAXIMUM,  # the fourth is the last, whatever is given after it
            course(episode((0, 2), (40, 3)), drugs=tuple(toci(8 * n) for n in range(5))),
            (3, 24, {"given": 24, "doses": "5", "most": "4"}),
        ),
    ],
)
def test_what_a_call_about_a_drug_tells(one, now, expected):
    grade, observed_at, values = expected
    [call] = called_for([one], now, DRUGS)

    written = {name: hour(value).isoformat() if isinstance(value, int) else value for name, value in values.items()}
    assert (call.grade, call.observed_at, call.values) == (grade, hour(observed_at), written)


def test_what_a_call_about_the_mind_tells():
    sets = (neuro(0, "brief_resolved"), neuro(1, "brief_resolved", "decorticate_posturing"))
    [seizure] = called_for([SEIZURE], mind(*sets), DRUGS)
    [drop] = called_for([DROP], mind(neuro(0, ice=8), neuro(1, ice=7), neuro(2, ice=None)), DRUGS)

    assert (seizure.observed_at, seizure.grade) == (hour(1), -1)
    assert seizure.values == {"since": hour(0).isoformat(), "what": "brief_resolved, decorticate_posturing"}
    assert (drop.observed_at, drop.grade) == (hour(1), -1)  # the newest set with a score
    assert drop.values == {"since": hour(0).isoformat(), "ice": "7", "baseline": "10", "points": "1"}


@pytest.mark.parametrize("one", [SEIZURE, DROP])
def test_a_standing_grade_of_icans_is_told(one):
    now = replace(mind(neuro(0, "brief_resolved", ice=9)), icans_standing=3)

    assert [call.grade for call in called_for([one], now, DRUGS)] == [3]


def test_a_set_that_shows_an_alarm_counts_although_not_everything_was_looked_at():
    assert calls(SEIZURE, mind(neuro(0, "brief_resolved", looked=False)), at=1) == ["neuro 0"]


def test_a_score_at_baseline_between_two_drops_begins_anew():
    assert calls(DROP, mind(neuro(0, ice=8), neuro(1, ice=10), neuro(2, ice=8)), at=3) == ["neuro 2"]


def test_what_a_call_about_a_look_tells():
    [overdue] = called_for([OVERDUE], running(4), DRUGS)
    [ending] = called_for([ENDING], running(missed=(8, 20, 22)), DRUGS)

    assert (overdue.kind, overdue.grade, overdue.observed_at) == ("vitals", 0, hour(4))
    assert overdue.values == {"due": hour(4).isoformat()}
    assert (ending.grade, ending.observed_at, ending.due_at) == (0, hour(20), hour(20))
    # 20: missed by then; 22 is still to come
    assert ending.values == {"ends": hour(24).isoformat(), "missed": "2"}


def test_a_look_of_another_dose_is_another_one():
    now = running(4)
    other = replace(now, running=replace(now.running, dose_root="another dose"))

    assert calls(OVERDUE, now, at=9) != calls(OVERDUE, other, at=9)


# --- Nothing to go by ---


def test_a_window_without_a_known_end_is_never_about_to_end():
    assert called_for([ENDING], running(ends=None, missed=(8,)), DRUGS) == ()


@pytest.mark.parametrize("one", [STEROID, REFRACTORY, NEXT_GRADE, ELIGIBLE, MAXIMUM])
@pytest.mark.parametrize(
    "now",
    [
        course(drugs=(steroid(1), *(toci(8 * n) for n in range(4)))),  # no CRS is open
        course(episode((0, 2), (9, 2))),  # nothing was given
        CourseNow(),
    ],
)
def test_without_an_episode_or_a_drug_nothing_is_asked(one, now):
    assert called_for([one], now, DRUGS) == ()


@pytest.mark.parametrize("one", [REFRACTORY, NEXT_GRADE, ELIGIBLE, MAXIMUM])
@pytest.mark.parametrize("drugs", [DrugRules(), None])
def test_a_pack_without_rules_for_drugs_asks_for_none(one, drugs):
    now = course(episode((0, 2), (40, 2)), drugs=tuple(toci(8 * n) for n in range(4)))

    assert called_for([one], now, drugs) == ()


def test_without_a_set_and_a_window_a_call_has_no_end():
    now = CourseNow(neuro=(NeuroSet(at=hour(0), root="neuro", alarming=("brief_resolved",), looked=True, ice=None),))

    assert [call.until for call in called_for([SEIZURE], now, DRUGS)] == [None]


# --- Clock ---


def test_what_comes_due_stands_from_that_minute_on():
    [call] = called_for([FEVER], course(episode((0, 1), (1, 1))), DRUGS)

    assert (stands(call, hour(23.99)), stands(call, hour(24))) == (False, True)


def test_the_next_instant_is_after_the_one_that_is_asked_about():
    due = called_for([FEVER], course(episode((0, 1), (20, 1))), DRUGS)

    assert [next_instant(due, after=hour(h)) for h in (23.99, 24)] == [hour(24), None]


def test_calls_are_known_by_code_kind_and_what_they_rest_on():
    [call] = called_for([FEVER], course(episode((0, 1), (20, 1))), DRUGS)

    assert call.key == ("fever_persisting", "crs", "set 0")
