"""A query's moves: every state leads on, an answer is never the end, and a closed one can be opened again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.queries.thread import LEAVES, MOVES, NOT_CLOSED, QueryMove, QueryState, state_after

OPENED, ANSWERED, CLOSED, REOPENED = QueryMove


def test_every_state_has_a_row_and_can_be_closed_and_opened_again():
    assert set(MOVES) == {None, *QueryState}
    assert set(LEAVES) == set(QueryMove)
    assert {state for state in QueryState if CLOSED in MOVES[state]} == {QueryState.OPEN, QueryState.ANSWERED}
    assert MOVES[QueryState.CLOSED] == {REOPENED}


@pytest.mark.parametrize(
    ("moves", "state"),
    [
        ([], None),
        ([OPENED], QueryState.OPEN),
        ([OPENED, ANSWERED], QueryState.ANSWERED),
        ([OPENED, ANSWERED, ANSWERED], QueryState.ANSWERED),
        ([OPENED, ANSWERED, REOPENED], QueryState.OPEN),
        ([OPENED, CLOSED], QueryState.CLOSED),
        ([OPENED, ANSWERED, CLOSED, REOPENED], QueryState.OPEN),
    ],
)
def test_where_moves_lead(moves, state):
    assert state_after(moves) is state


@pytest.mark.parametrize("moves", [[ANSWERED], [OPENED, OPENED], [OPENED, REOPENED], [OPENED, CLOSED, ANSWERED]])
def test_a_move_that_does_not_follow_is_refused(moves):
    with pytest.raises(ValueError, match="does not follow"):
        state_after(moves)


@given(st.lists(st.sampled_from([ANSWERED, CLOSED, REOPENED])))
def test_a_query_waits_until_its_last_move_closes_it(later):
    try:
        state = state_after([OPENED, *later])
    except ValueError:
        return
    last = [OPENED, *later][-1]
    assert (state is QueryState.CLOSED) == (last is CLOSED) == (last not in NOT_CLOSED)
