"""A version beside the policy in force: which of the real alerts it would have raised, which more, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.policy.looks import PlannedLooks
from grading.rules.alerting.policy.replay import Rules, replayed_alerts
from grading.rules.alerting.policy.silent import Calls, RealAlert, SilentRules, SilentVerdict, calls_of, compared_alerts
from grading.rules.course.slots import Plans
from regimens.rules.schedule import SlotPlan
from tests.rules.alerting.policy.test_replay import (
    EARLY,
    FEVER_24,
    SETS,
    SIMPLE,
    examinations,
    made,
    neuro,
    policy,
)
from tests.rules.course.courses import FEVER, LOW, at, dose, hours, look

NURSE_FIRST = (
    PlannedEscalation(on_call_role=OnCallRole.ASSIGNED_NURSE, wait=timedelta(minutes=5)),
    PlannedEscalation(on_call_role=OnCallRole.CHARGE_NURSE, wait=timedelta(minutes=5)),
)
FROM_2 = EARLY | {"from_grade": 2}
OVERDUE = {"code": "observation_overdue", "minutes": 0, "source": "x"}


def raised(kind="crs", h=12.0, grade=1, *codes, root=None, condition="", **more) -> RealAlert:
    return RealAlert(
        id=f"{kind}-{h}-{condition}", kind=kind, root=root or f"set-{h}", grade=grade, condition=condition,
        codes=codes or (condition or "new_grade",), observed_at=at(h), raised_at=at(h),
        calls=Calls(pages=3, on_call=1, escalations=1), **more,
    )  # fmt: skip


def lines(events, real, silent: Rules, in_force: Rules | None = None, *, since=0.0, until=48.0, entered=None):
    rules = SilentRules(in_force=in_force or policy(), silent=silent, steps=NURSE_FIRST)
    came = {root: at(h) for root, h in (entered or {}).items()}
    return compared_alerts(made(*events), real, rules, entered=came, since=at(since), until=at(until))


def verdicts(*args, **kwargs):
    return [(one.verdict.value, hours(one.at), one.grade) for one in lines(*args, **kwargs)]


# --- Which of the real ones ---------------------------------------------------------------------------------------


def test_a_rise_below_its_threshold_would_not_have_been_raised_and_one_above_it_would():
    events = [look(12, **FEVER), look(20, **FEVER, **LOW)]
    real = [raised(h=12.0), raised("crs", 20.0, 2, "new_grade", "tocilizumab")]

    assert verdicts(events, real, policy(FROM_2, SIMPLE[1])) == [("fewer", 12, 1), ("same", 20, 2)]
    assert verdicts(events, real, policy(FROM_2)) == [("fewer", 12, 1), ("otherwise", 20, 2)]


def test_a_rise_that_a_correction_took_away_is_judged_by_what_was_told():
    assert verdicts([look(12)], [raised(withdrawn=True)], policy(FROM_2)) == [("fewer", 12, 1)]
    assert verdicts([look(12)], [raised(withdrawn=True)], policy()) == [("same", 12, 1)]


@pytest.mark.parametrize(
    ("grade", "code", "condition"),
    [
        (-1, "unexplained_hypotension_or_hypoxia", ""),
        (1, "fever_before_first_dose", ""),
        (-1, "danger_value", "danger_value"),
    ],
)
def test_what_every_study_tells_no_version_leaves_out(grade, code, condition):
    [line] = lines([look(12, **LOW)], [raised("crs", 12.0, grade, code, condition=condition)], policy(FROM_2))

    assert (line.verdict, line.silent_codes, line.silent) == (SilentVerdict.SAME, (code,), line.real)


def test_the_calls_of_a_real_one_are_those_of_the_version_and_one_alone_is_called_once():
    events = [look(12, **FEVER), look(20, **FEVER, **LOW)]
    [first, second] = lines(events, [raised("crs", 20.0, 2)], policy(), policy(FROM_2))

    assert (first.verdict, first.silent, first.real) == (SilentVerdict.MORE, Calls(pages=1), Calls())
    assert second.silent == second.real == Calls(pages=3, on_call=1, escalations=1)
    # from grade 2 nurse and investigator are paged together
    [alone] = lines([look(20, **FEVER, **LOW)], [], policy(), policy(EARLY | {"from_grade": 3}))
    assert alone.silent == Calls(pages=2, on_call=1)


def test_calls_are_counted_by_roles_and_without_one_everybody_is_called():
    nurse, investigator = OnCallRole.ASSIGNED_NURSE.value, OnCallRole.ON_CALL_INVESTIGATOR.value

    assert calls_of([[nurse, investigator], [nurse], []]) == Calls(pages=4, on_call=2, escalations=2)
    assert calls_of([]) == Calls()


# --- When ----------------------------------------------------------------------------------------------------------

FEVERISH = [look(float(h), **FEVER) for h in (10, 16, 22, 28, 34, 40)]
PERSISTS = raised("crs", 34.0, 1, root="set-10.0", condition="fever_persisting")


@pytest.mark.parametrize(("asked_h", "later"), [(12, -12 * 60), (25, 60), (24, 0)])
def test_minutes_earlier_or_later_are_by_the_bedside(asked_h, later):
    real = [raised(h=10.0), replace(PERSISTS, raised_at=at(34.5))]
    [_rise, line] = lines(FEVERISH, real, policy(EARLY, FEVER_24 | {"hours": asked_h}), policy(EARLY, FEVER_24))

    assert line.minutes_later == later
    assert line.verdict is (SilentVerdict.OTHERWISE if later else SilentVerdict.SAME)
    assert (line.real_at, line.raised_at) == (at(34), at(34.5))


def test_what_comes_later_than_now_is_missing_until_then():
    later, events = policy(EARLY, FEVER_24 | {"hours": 30}), FEVERISH[:5]

    assert verdicts(events, [raised(h=10.0), PERSISTS], later, policy(EARLY, FEVER_24), until=36)[1][0] == "fewer"
    assert verdicts(events, [raised(h=10.0), PERSISTS], later, policy(EARLY, FEVER_24), until=41)[1][0] == "otherwise"


def test_only_what_was_from_its_beginning_on_counts():
    events = [look(12, **FEVER), look(20, **FEVER, **LOW)]
    real = [raised(h=12.0), raised("crs", 20.0, 2, "new_grade", "tocilizumab")]

    assert verdicts(events, real, policy(), since=12) == [("same", 12, 1), ("same", 20, 2)]
    assert verdicts(events, real, policy(), since=12.5) == [("same", 20, 2)]
    assert verdicts(events, [], policy(), policy(EARLY | {"from_grade": 4}), since=12.5) == [("more", 20, 2)]


# --- What nobody was told -----------------------------------------------------------------------------------------


def test_what_both_say_and_nobody_was_told_is_of_neither():
    assert lines([look(12, **FEVER)], [], policy()) == ()


def test_what_was_over_when_it_was_entered_is_not_more():
    events, in_force = [look(12, **FEVER), look(16)], policy(FROM_2)

    assert verdicts(events, [], policy(), in_force, entered={"set-12": 12}) == [("more", 12, 1)]
    assert verdicts(events, [], policy(), in_force, entered={"set-12": 15}) == [("more", 12, 1)]  # nothing later known
    assert verdicts(events, [], policy(), in_force, entered={"set-12": 17}) == []
    still = [look(12, **FEVER), look(16, **FEVER)]
    assert verdicts(still, [], policy(), in_force, entered={"set-12": 17}) == [("more", 12, 1)]


def test_a_condition_that_was_over_when_its_set_was_entered_is_not_more():
    events = [*FEVERISH, look(41)]
    silent, in_force = policy(EARLY, FEVER_24), policy()

    assert verdicts(events, [raised(h=10.0)], silent, in_force, entered={"set-10.0": 10})[1:] == [("more", 34, 1)]
    assert verdicts(events, [raised(h=10.0)], silent, in_force, entered={"set-10.0": 42})[1:] == []


# --- Conditions ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("silent", "verdict"),
    [
        (policy(EARLY), "fewer"),
        (policy(EARLY, OVERDUE), "same"),  # with the same number nobody need have looked
        (policy(EARLY, OVERDUE | {"minutes": 30}), "not_compared"),
        (policy(EARLY, OVERDUE | {"minutes": None}), "fewer"),
    ],
)
def test_looks_that_did_not_come_are_compared_where_the_numbers_say_it(silent, verdict):
    real = raised("vitals", 4.0, 0, root="slot", condition="observation_overdue")

    assert verdicts([look(1)], [real], silent, policy(EARLY, OVERDUE)) == [(verdict, 4, 0)]


EVERY_4_H = PlannedLooks(
    plans=Plans(vitals=SlotPlan(starts_at=at(0), every=timedelta(hours=4), grace=timedelta(minutes=30), ends_at=at(12)))
)


@pytest.mark.parametrize(
    ("looks", "expected"),
    [
        ([4, 8.4, 12], []),  # each within half an hour of its time
        ([4], [8.75]),  # half an hour after 8 h, and the quarter that the version waits; once, whoever comes when
        ([4, 9, 12], [8.75]),
        ([4, 8.7, 12], []),
        ([], [4.75]),  # until somebody looks it is one card, also past 8 h
        ([7.8, 12], [4.75]),  # the look of 7.8 h is that of 8 h
        ([4, 8.4], [12.75]),  # the last one may be looked at until its own time is over
    ],
)
def test_a_look_that_did_not_come_is_told_by_a_version_that_alone_asks_for_it(looks, expected):
    waits = OVERDUE | {"minutes": 15}
    course = made(dose(0), *(look(h) for h in looks), windows={"dose-0": at(12)}, planned={"dose-0": EVERY_4_H})
    rules = SilentRules(in_force=policy(EARLY), silent=policy(EARLY, waits), steps=NURSE_FIRST[::-1])

    missed = compared_alerts(course, [], rules, entered={"dose-0": at(0)}, since=at(0), until=at(48))

    assert [(one.verdict.value, one.kind, hours(one.at)) for one in missed] == [
        ("more", "vitals", h) for h in expected
    ]  # fmt: skip
    assert {one.silent for one in missed} <= {Calls(pages=1)}


def test_looks_that_did_not_come_before_a_dose_was_entered_are_of_neither_unless_one_is_due_then():
    course = made(dose(0), look(9), windows={"dose-0": at(12)}, planned={"dose-0": EVERY_4_H})
    rules = SilentRules(in_force=policy(EARLY), silent=policy(EARLY, OVERDUE), steps=NURSE_FIRST)

    def silent_at(entered_h: float) -> list[float | None]:
        came = {"dose-0": at(entered_h)}
        return [hours(one.at) for one in compared_alerts(course, [], rules, entered=came, since=at(0), until=at(11))]

    assert silent_at(0) == [4.5]
    assert silent_at(9.5) == []  # somebody had looked by then


@pytest.mark.parametrize(("minutes", "verdict"), [(0, "same"), (30, "otherwise"), (90, "fewer")])
def test_a_real_one_about_a_missing_look_has_its_twin_by_the_time_it_came(minutes, verdict):
    """Due at 4 h, told by the policy in force at 4.5 h, and somebody came at 6 h."""
    course = made(dose(0), look(6), windows={"dose-0": at(12)}, planned={"dose-0": EVERY_4_H})
    in_force = policy(EARLY, OVERDUE)
    rules = SilentRules(in_force=in_force, silent=policy(EARLY, OVERDUE | {"minutes": minutes}))
    [card] = replayed_alerts(course, in_force, until=at(7), with_looks=True)
    real = raised("vitals", 4.5, 0, root=card.root, condition="observation_overdue")

    [line] = compared_alerts(course, [real], rules, entered={"dose-0": at(0)}, since=at(0), until=at(7))

    assert (hours(card.at), line.verdict.value) == (4.5, verdict)


@pytest.mark.parametrize(("hours_asked", "verdict"), [(24, "same"), (30, "not_compared"), (None, "fewer")])
def test_a_condition_that_was_taken_back_is_compared_where_the_numbers_say_it(hours_asked, verdict):
    silent = policy(EARLY, FEVER_24 | {"hours": hours_asked})

    assert [one[0] for one in verdicts([look(10)], [replace(PERSISTS, withdrawn=True)], silent,
                                       policy(EARLY, FEVER_24))] == [verdict]  # fmt: skip


def test_a_condition_within_the_card_of_a_rise_is_one_card_with_its_own():
    ice_drop = {"code": "ice_drop", "points": 1, "source": "x"}
    course = examinations(neuro(4), neuro(8, ice=9), baselines=[(at(-1), 10)])
    rules = SilentRules(in_force=policy(EARLY | {"kind": "icans"}, ice_drop), silent=policy(EARLY, ice_drop))
    real = raised("icans", 8.0, 3, "new_grade", "ice_drop", root="mind-8")

    [line] = compared_alerts(course, [real], rules, entered={}, since=at(0), until=at(48))

    assert (line.verdict, line.silent_codes) == (SilentVerdict.OTHERWISE, ("ice_drop",))


# --- For any course -----------------------------------------------------------------------------------------------


@given(SETS, st.integers(1, 4), st.integers(1, 60), st.integers(1, 4), st.integers(1, 60))
def test_beside_itself_nothing_differs_and_each_side_adds_up(sets, grade, fever, other, later):
    events = [look(4.0 * place, **changes) for place, changes in enumerate(sets)]
    in_force = policy(EARLY | {"from_grade": grade}, FEVER_24 | {"hours": fever})
    silent = policy(EARLY | {"from_grade": other}, FEVER_24 | {"hours": later})
    real = [
        RealAlert(id=str(place), kind=one.kind, root=one.root, grade=one.grade, codes=one.codes,
                  condition=one.condition, observed_at=one.at, raised_at=one.at)
        for place, one in enumerate(replayed_alerts(made(*events), in_force, until=at(48)))
    ]  # fmt: skip

    itself = lines(events, real, in_force, in_force)
    beside = lines(events, real, silent, in_force)

    assert {one.verdict for one in itself} <= {SilentVerdict.SAME}
    assert len(itself) == len(real)
    assert sum(one.real_at is not None for one in beside) == len(real)
    of_silent = replayed_alerts(made(*events), silent, until=at(48))
    assert sum(one.silent_at is not None for one in beside) == len(of_silent)
    assert {one.silent_at for one in beside} - {None} == {one.at for one in of_silent}
