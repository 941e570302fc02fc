"""The alerts that a course calls for, held against those on file: what each comes to, sentence by sentence."""

from dataclasses import replace

import pytest

from grading.rules.alerting.lifecycle import STANDING
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.alerting.reconcile import (
    Amend,
    Leave,
    Raise,
    Reopen,
    Resolve,
    Withdraw,
    reconcile,
)
from tests.rules.alerting.alert_lists import BEFORE_DOSING, NOW, S, condition, decided, hour, kept, outcome, rise

# --- One and one ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("one", [rise(), condition()], ids=["rise", "condition"])
def test_what_is_called_for_and_not_on_file_is_raised(one):
    assert decided([one], []) == [Raise(wanted=one)]


@pytest.mark.parametrize(
    ("why", "one"),
    [
        ("the policy asks nothing at this grade", rise(thresholds=())),
        ("grade 1 again soon after it was told", rise(grade=1, quiet=True)),
        ("not yet", condition(due_h=11)),
        ("no more", condition(due_h=5, until_h=10)),
    ],
)
def test_what_is_raised_by_nothing(why, one):
    assert decided([one], []) == []


@pytest.mark.parametrize("state", sorted(STANDING))
@pytest.mark.parametrize("one", [rise(), condition()], ids=["rise", "condition"])
def test_what_is_on_file_is_left_with_its_answer(one, state):
    assert decided([one], [kept(one, state)]) == []


@pytest.mark.parametrize("state", sorted(STANDING))
def test_a_corrected_set_amends_its_alert_and_leaves_its_answer(state):
    alert, corrected = kept(rise(), state), rise(reason="low_flow_oxygen")

    assert decided([corrected], [alert]) == [Amend(alert=alert, wanted=corrected)]


@pytest.mark.parametrize("one", [rise(), condition()], ids=["rise", "condition"])
def test_what_was_withdrawn_and_is_called_for_after_all_is_opened_again(one):
    alert = kept(one, S.WITHDRAWN)
    assert decided([one], [alert]) == [Reopen(alert=alert, wanted=one)]


@pytest.mark.parametrize("one", [rise(), condition()], ids=["rise", "condition"])
def test_what_was_over_and_goes_on_is_opened_again(one):
    alert = kept(one, S.RESOLVED)
    assert decided([one], [alert]) == [Reopen(alert=alert, wanted=one)]


def test_a_rise_of_an_episode_that_is_over_stays_over():
    one = rise(is_open=False)
    assert decided([one], [kept(one, S.RESOLVED)]) == []


def test_where_the_policy_asks_nothing_any_more_what_stands_is_left():
    assert decided([rise(thresholds=())], [kept(rise())]) == []


def test_a_fever_that_turns_out_to_be_crs_is_withdrawn_and_opened_again():
    alert, crs = kept(rise(thresholds=BEFORE_DOSING), S.ACKNOWLEDGED), rise()
    assert decided([crs], [alert]) == [Reopen(alert=alert, wanted=crs, turned=True)]


def test_an_alert_kept_before_there_was_an_urgency_is_of_any():
    provisional = rise(grade=-1, urgency=3)
    alert, withdrawn = kept(rise(grade=-1)), kept(rise(grade=-1), S.WITHDRAWN)
    assert decided([provisional], [alert]) == [Amend(alert=alert, wanted=provisional)]
    assert decided([provisional], [withdrawn]) == [Reopen(alert=withdrawn, wanted=provisional)]


def test_what_was_withdrawn_is_opened_again_though_its_episode_is_over():
    """The record says again that it was so; a late entry of it pages nobody (applying.py)."""
    one = rise(is_open=False)
    alert = kept(one, S.WITHDRAWN)
    assert decided([one], [alert]) == [Reopen(alert=alert, wanted=one)]


def test_what_was_withdrawn_is_not_opened_where_the_policy_asks_nothing_any_more():
    assert decided([rise(thresholds=(), reason="oxygen")], [kept(rise(), S.WITHDRAWN)]) == []


def test_a_condition_that_is_over_stays_as_it_was_told():
    late = condition(4, newest=6, due_h=5, until_h=9)
    alert = kept(replace(late, content=replace(late.content, reasons=())), S.RESOLVED)
    assert decided([late], [alert]) == []


def test_a_rise_of_an_episode_that_is_over_still_says_what_its_set_says_now():
    one = rise(reason="oxygen", is_open=False)
    alert = kept(rise(), S.RESOLVED)
    assert decided([one], [alert]) == [Amend(alert=alert, wanted=one)]


def test_a_condition_says_what_decides_it_now_and_a_newer_set_that_shows_the_same_is_no_news():
    alert, newer = kept(condition(4)), condition(4, newest=6)
    other = replace(newer, content=replace(newer.content, reasons=({"code": "ice_drop", "values": {}},)))

    assert decided([newer], [alert]) == []
    assert decided([other], [alert]) == [Amend(alert=alert, wanted=other)]


# --- Not called for any more ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [*sorted(STANDING), S.RESOLVED])
def test_a_rise_that_is_none_is_withdrawn(state):
    alert = kept(rise(), state)
    assert decided([], [alert]) == [Withdraw(alert=alert)]


def test_a_condition_is_over_or_withdrawn_by_whether_the_record_was_made_to_say_something_else():
    alert = kept(condition(4))

    assert decided([], [alert]) == [Resolve(alert=alert)]  # the clock asks
    assert decided([], [alert], rewritten_from=hour(5)) == [Resolve(alert=alert)]  # a newer set
    assert decided([], [alert], rewritten_from=hour(4)) == [Withdraw(alert=alert)]  # a correction of its own


def test_a_look_that_did_not_come_is_over_with_the_window_and_a_fever_is_not():
    overdue = condition(4, ConditionCode.OBSERVATION_OVERDUE, due_h=5, until_h=10)
    fever = condition(4, ConditionCode.FEVER_PERSISTING, kind="crs", due_h=5, until_h=10)

    assert decided([overdue, fever], [kept(overdue), kept(fever)]) == [Resolve(alert=kept(overdue))]


def test_out_of_scope_is_seen_and_left():
    alert = kept(rise(), in_scope=False)
    assert reconcile([], [alert], at=NOW) == (Leave(alert=alert),)


# --- Both at one set ---------------------------------------------------------------------------------------------


def test_a_condition_at_the_set_of_a_rise_is_one_alert_with_it():
    grade, seizure = rise(2, 3, kind="icans"), condition(2)

    [both] = decided([seizure, grade], [])

    assert both == Raise(wanted=replace(grade, thresholds=("new_grade", "seizure_or_posturing")))
    assert decided([seizure, grade], outcome([], [both])) == []


def test_and_is_an_alert_of_its_own_once_that_is_withdrawn():
    grade, seizure = rise(2, 3, kind="icans"), condition(2)
    on_file = outcome([], decided([seizure, grade], []))

    assert decided([seizure], on_file, rewritten_from=hour(0)) == [
        Withdraw(alert=on_file[0]), Raise(wanted=seizure)
    ]  # fmt: skip


def test_nor_does_a_withdrawn_alert_tell_of_it():
    both = replace(rise(2, 3, kind="icans"), thresholds=("new_grade", "seizure_or_posturing"))

    assert decided([condition(2)], [kept(both, in_scope=False)]) == []
    assert decided([condition(2)], [kept(both, S.WITHDRAWN, in_scope=False)]) == [Raise(wanted=condition(2))]


# --- It began before --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(STANDING))
@pytest.mark.parametrize(("one", "late"), [(rise(4), rise(2)), (condition(4), condition(2, newest=5))])
def test_an_alert_of_what_began_before_moves_with_its_answer(one, late, state):
    alert = kept(one, state)
    assert decided([late], [alert], rewritten_from=hour(2)) == [Amend(alert=alert, wanted=late)]


def test_of_two_sets_at_one_instant_too():
    alert, twin = kept(condition(4)), replace(condition(4), root="twin")
    assert decided([twin], [alert], rewritten_from=hour(4)) == [Amend(alert=alert, wanted=twin)]


def test_one_that_is_over_with_its_episode_moves_too():
    alert, late = kept(rise(4), S.RESOLVED), rise(2, is_open=False, runs_until=hour(4))
    assert decided([late], [alert]) == [Amend(alert=alert, wanted=late)]


@pytest.mark.parametrize(
    ("why", "late", "changes"),
    [
        ("another grade", rise(2, 3), {}),
        ("its own set does not show it any more", rise(2), {"is_shown": False}),
        ("another episode", rise(2, runs_until=hour(3)), {}),
        ("of no episode", rise(2, began_at=None), {}),
        ("of another syndrome", rise(2, kind="icans"), {}),
        ("another axis grade", rise(2, -1, urgency=2), {"grade": -1, "content": rise(4, -1, urgency=3).content}),
        ("a fever before the first dose is no CRS", rise(2, thresholds=BEFORE_DOSING), {}),
        ("what was withdrawn is nobody's", rise(2), {"state": S.WITHDRAWN}),
        ("what is over begins anew", rise(2), {"state": S.RESOLVED}),
    ],
)
def test_one_of_something_else_does_not_move(why, late, changes):
    alert = replace(kept(rise(4)), **changes)
    assert Raise(wanted=late) in decided([late], [alert])


def test_of_two_that_began_before_the_later_moves_and_the_other_is_raised():
    alert = kept(rise(4))
    assert decided([rise(1), rise(2)], [alert]) == [Raise(wanted=rise(1)), Amend(alert=alert, wanted=rise(2))]


def test_of_two_alerts_of_what_turns_out_to_be_one_that_which_nobody_answered_is_kept():
    """A late set shows that both began with it: one row can tell of it, and it must be one that still calls."""
    answered, waiting = kept(condition(4), S.ACKNOWLEDGED), kept(condition(5))
    late = condition(2, newest=5)

    assert decided([late], [answered, waiting], rewritten_from=hour(2)) == [
        Amend(alert=waiting, wanted=late), Withdraw(alert=answered)
    ]  # fmt: skip


def test_each_takes_its_own_alert_before_one_of_any_urgency():
    """A rise that asks nothing would take the alert of its neighbour, and the neighbour's would be raised again."""
    wanted = [rise(1, 1, urgency=None), rise(1, 1, urgency=2, thresholds=())]

    assert decided(wanted, outcome([], reconcile(wanted, [], at=NOW))) == []
