"""A run moves by its table, and its size and time are told."""

from datetime import UTC, datetime, timedelta

import pytest

from regimens.rules.runs import MOST, MOVES, UNFINISHED, RunState, expected_s, left_s, may_come_from, size_of

S = RunState
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "to"),
    [
        (S.QUEUED, {S.RUNNING, S.FAILED, S.CANCELLED}),
        (S.RUNNING, {S.QUEUED, S.DONE, S.FAILED, S.CANCELLED}),
        (S.DONE, set()),
        (S.FAILED, set()),
        (S.CANCELLED, set()),
    ],
)
def test_a_run_goes_from_each_state_where_the_table_says(state, to):
    assert MOVES[state] == to


def test_every_state_has_its_row_and_an_ended_run_goes_nowhere():
    assert set(MOVES) == set(RunState)
    assert {state for state in RunState if MOVES[state]} == UNFINISHED


def test_whoever_cancels_takes_it_from_where_it_may_be_taken():
    assert may_come_from(S.CANCELLED) == {S.QUEUED, S.RUNNING}
    assert may_come_from(S.DONE) == {S.RUNNING}


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"patients": 10_000, "regimens": [{}, {}, {}]}, 30_000),
        ({"patients": 10_000, "regimens": [{}, {}], "draws": 1_000}, MOST),
        ({"patients": 10_000, "regimens": [{}], "draws": 0}, 10_000),
        ({"patients": 2_000, "doses": []}, 2_000),
        ({"trials": 200, "regimens": [{}, {}]}, 2),
    ],
)
def test_the_size_is_people_by_regimens_by_draws(fields, size):
    assert size_of(fields) == size


def test_the_largest_run_takes_some_five_minutes():
    assert 5 * 60 <= expected_s(MOST) <= 6 * 60
    assert expected_s(1) == 1


@pytest.mark.parametrize(
    ("done", "of", "after_s", "left"),
    [(0, 1000, 5, None), (250, 1000, 5, 15), (1000, 1000, 5, 0), (0, 0, 5, None), (500, 1000, 0, 0)],
)
def test_the_time_left_is_that_of_the_rest_at_the_pace_until_now(done, of, after_s, left):
    assert left_s(done, of, started_at=BEGAN, at=BEGAN + timedelta(seconds=after_s)) == left
