"""Any alerts called for and any on file: nothing lost, nothing twice, in whatever order."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from grading.rules.alerting.lifecycle import AlertState
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.alerting.reconcile import (
    AlertOnFile,
    Amend,
    Raise,
    Resolve,
    Withdraw,
    reconcile,
)
from grading.rules.alerting.wanted import WantedAlert
from tests.rules.alerting.alert_lists import BEFORE_DOSING, NOW, S, condition, decided, hour, kept, outcome, rise

hours = st.integers(1, 6)
rises = st.builds(
    rise,
    hours,
    st.sampled_from([-1, 1, 2]),
    kind=st.sampled_from(["crs", "icans"]),
    urgency=st.sampled_from([None, 2]),
    reason=st.sampled_from(["hypotension", "oxygen"]),
    thresholds=st.sampled_from([(), ("new_grade",), ("new_grade", "tocilizumab"), BEFORE_DOSING]),
    quiet=st.booleans(),
    is_open=st.booleans(),
    runs_until=st.none() | hours.map(hour),
)
conditions = st.builds(
    condition,
    hours,
    st.sampled_from([ConditionCode.SEIZURE_OR_POSTURING, ConditionCode.ICE_DROP, ConditionCode.OBSERVATION_OVERDUE]),
    newest=st.integers(6, 8),
    due_h=st.sampled_from([None, 9, 11]),
    until_h=st.sampled_from([None, 9.5, 12]),
)
alerts = st.builds(
    kept,
    rises | conditions,
    st.sampled_from(AlertState),
    is_shown=st.booleans(),
    in_scope=st.sampled_from([True, True, True, False]),
)
wanted_lists = st.lists(rises | conditions, max_size=6, unique_by=lambda one: one.key)
on_file_lists = st.lists(alerts, max_size=6, unique_by=lambda alert: alert.key)
instants = st.none() | hours.map(hour)


def in_scope(wanted: list[WantedAlert], on_file: list[AlertOnFile]) -> list[WantedAlert]:
    """Without what stands on file out of scope: one more fact brings nothing that was there."""
    beyond = {alert.key for alert in on_file if not alert.in_scope}
    return [one for one in wanted if one.key not in beyond and (*one.key[:4], None) not in beyond]


@given(wanted_lists, on_file_lists, instants)
def test_once_it_is_done_nothing_is_left_to_do(wanted, on_file, rewritten_from):
    wanted = in_scope(wanted, on_file)
    decisions = reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from)

    assert decided(wanted, outcome(on_file, decisions), rewritten_from=rewritten_from) == []


@given(st.data(), wanted_lists, on_file_lists, instants)
def test_the_order_of_either_list_does_not_matter(data, wanted, on_file, rewritten_from):
    decisions = reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from)
    shuffled = data.draw(st.permutations(wanted)), data.draw(st.permutations(on_file))

    assert reconcile(*shuffled, at=NOW, rewritten_from=rewritten_from) == decisions


@given(wanted_lists, on_file_lists, instants)
def test_of_each_alert_on_file_one_decision_says_what_becomes_of_it(wanted, on_file, rewritten_from):
    decisions = reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from)

    assert Counter(d.alert.id for d in decisions if not isinstance(d, Raise)) == Counter(a.id for a in on_file)


@given(wanted_lists, on_file_lists, instants)
def test_whatever_is_called_for_and_goes_on_stands_afterwards_and_once(wanted, on_file, rewritten_from):
    wanted = in_scope(wanted, on_file)
    after = outcome(on_file, reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from))

    standing = Counter(alert.key for alert in after if alert.stands)
    within = {
        (a.kind, a.root, code) for a in after if not a.condition and a.state != S.WITHDRAWN for code in a.thresholds
    }
    for one in wanted:
        if one.thresholds and one.is_open and not one.quiet and one.holds(NOW):
            is_within = bool(one.condition) and (one.kind, one.root, one.condition) in within
            assert is_within or standing[one.key] or standing[*one.key[:4], None]
    assert max(Counter(alert.key for alert in after).values(), default=1) == 1


@given(wanted_lists, on_file_lists, instants)
def test_nothing_that_stands_and_is_called_for_is_ended(wanted, on_file, rewritten_from):
    called_for = {one.key for one in wanted if one.keeps_standing(NOW)}
    decisions = reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from)

    assert [d for d in decisions if isinstance(d, Withdraw | Resolve) and d.alert.key in called_for] == []


@given(wanted_lists, on_file_lists, instants)
def test_what_is_ended_stands_no_more_and_what_is_amended_keeps_its_state(wanted, on_file, rewritten_from):
    after = {a.id: a for a in outcome(on_file, reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from))}
    for decision in reconcile(wanted, on_file, at=NOW, rewritten_from=rewritten_from):
        match decision:
            case Amend(alert=alert):
                assert after[alert.id].state == alert.state
            case Withdraw(alert=alert) | Resolve(alert=alert):
                assert not after[alert.id].stands
