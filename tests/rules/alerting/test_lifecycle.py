"""What becomes of an alert: one row a rule."""

from datetime import UTC, datetime, timedelta

import pytest

from grading.rules.alerting.lifecycle import MOVES, STANDING, WAITING, AlertState, lapses_at, may_become, snooze_until

S = AlertState
AT = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)  # ten minutes before Paris puts its clocks forward


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (S.OPEN, {S.DELIVERED, S.SEEN, S.ACKNOWLEDGED, S.ACTED_ON, S.RESOLVED, S.WITHDRAWN}),
        (S.DELIVERED, {S.SEEN, S.ACKNOWLEDGED, S.ACTED_ON, S.RESOLVED, S.WITHDRAWN}),
        (S.SEEN, {S.ACKNOWLEDGED, S.ACTED_ON, S.RESOLVED, S.WITHDRAWN}),
        (S.ACKNOWLEDGED, {S.ACTED_ON, S.EXPIRED, S.RESOLVED, S.WITHDRAWN}),
        (S.EXPIRED, {S.ACKNOWLEDGED, S.ACTED_ON, S.RESOLVED, S.WITHDRAWN}),
        (S.ACTED_ON, {S.OPEN, S.RESOLVED, S.WITHDRAWN}),
        (S.RESOLVED, {S.WITHDRAWN, S.OPEN}),
        (S.WITHDRAWN, {S.OPEN}),
    ],
)
def test_each_state_leads_to_these_and_no_other(state, to):
    assert MOVES[state] == to


def test_only_an_acknowledgement_expires():
    assert may_become(S.EXPIRED) == {S.ACKNOWLEDGED}


def test_what_was_handled_does_not_lapse():
    assert S.EXPIRED not in MOVES[S.ACTED_ON]


def test_a_lapsed_answer_waits_for_an_answer_again():
    assert S.EXPIRED in WAITING


def test_nothing_that_was_withdrawn_or_resolved_waits():
    assert not WAITING & {S.WITHDRAWN, S.RESOLVED}
    assert not STANDING & {S.WITHDRAWN, S.RESOLVED}


@pytest.mark.parametrize(("grade", "after"), [(1, None), (2, 30), (3, 15), (4, 15), (5, 15), (-1, 30), (0, 30)])
def test_an_acknowledgement_lapses_after_15_min_at_grade_3_and_30_at_grade_2(grade, after):
    assert lapses_at(grade=grade, acknowledged_at=AT) == (None if after is None else AT + minutes(after))


@pytest.mark.parametrize(("grade", "longest"), [(1, 240), (2, 30), (-1, 30), (3, 15), (4, 15)])
def test_a_snooze_is_no_longer_than_an_answer_would_hold(grade, longest):
    until = snooze_until(grade=grade, wanted=AT + minutes(240), next_due=AT + minutes(300), at=AT)

    assert until == AT + minutes(longest)


@pytest.mark.parametrize(
    ("minutes_wished", "next_due", "until"),
    [
        (30, 60, 30),
        (60, 60, 60),
        (90, 60, 60),  # never past the next due set
        (30, None, None),  # nothing would look again
        (30, 0, None),
        (30, -5, None),  # a set is overdue
        (0, 60, None),
    ],
)
def test_a_snooze_lasts_at_most_until_the_next_due_set(minutes_wished, next_due, until):
    due = None if next_due is None else AT + minutes(next_due)

    silent_until = snooze_until(grade=1, wanted=AT + minutes(minutes_wished), next_due=due, at=AT)

    assert silent_until == (None if until is None else AT + minutes(until))
