"""The rules of a first-in-human cohort, a row per rule and both sides of each boundary."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from regimens.rules.cohort import Other, cohort_criteria, with_cohort
from regimens.rules.gate.answer import Standing
from regimens.rules.plan import Cohort
from tests.regimens.rules.gate.plans import D, ask, plan

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN, Standing.NOT_APPLICABLE
NOW = datetime(2026, 3, 10, 9, tzinfo=UTC)


def other(hours_ago, complete=None):
    return Other(first_dose_at=NOW - timedelta(hours=hours_ago), window_complete=complete)


def states(*others, sentinel=True, staggering=48, first=True, cleared="two", step="one"):
    cohort = Cohort(
        name="A", ladder={}, staggering_h=None if staggering is None else Decimal(staggering), sentinel=sentinel
    )  # fmt: skip
    cohort_lines = cohort_criteria(
        cohort, plan=plan(), step=step, is_first_dose=first, dose_at=NOW, others=others, cleared_to=cleared
    )
    return {one.code: one.state for one in cohort_lines}


SENTINEL = [(True, MET), (False, NOT_MET), (None, UNKNOWN)]


@pytest.mark.parametrize(("complete", "state"), SENTINEL)
def test_the_sentinel_s_window_is_waited_for(complete, state):
    assert states(other(100, complete), other(60, True))["sentinel_window"] is state


def test_the_sentinel_waits_for_nobody():
    assert states()["sentinel_window"] is NOT_APPLICABLE


def test_later_doses_wait_for_no_sentinel():
    assert states(other(100, False), first=False)["sentinel_window"] is NOT_APPLICABLE


def test_a_cohort_without_a_sentinel():
    assert "sentinel_window" not in states(other(100, False), sentinel=False)


@pytest.mark.parametrize(("hours", "state"), [("47.9", NOT_MET), ("48", MET)])
def test_first_doses_are_staggered(hours, state):
    """From the newest first dose, not from the first one."""
    assert states(other(500, True), other(float(hours), None))["staggering"] is state


def test_no_staggering_where_none_is_set_or_nobody_was_dosed():
    assert "staggering" not in states(other(1, True), staggering=None)
    assert "staggering" not in states()
    assert "staggering" not in states(other(1, True), first=False)


CLEARED = [("one", "two", MET), ("two", "two", MET), ("three", "two", NOT_MET), ("one", None, UNKNOWN)]


@pytest.mark.parametrize(("step", "cleared", "state"), CLEARED)
def test_no_step_above_the_highest_that_is_cleared(step, cleared, state):
    assert states(step=step, cleared=cleared)["highest_cleared_step"] is state


@pytest.mark.parametrize(("cleared", "decision"), [("two", "go"), ("one", "hold"), (None, "hold")])
def test_what_holds_in_the_cohort_holds_the_dose(cleared, decision):
    answer = ask(("one", 0), now=3 * D)
    cohort_lines = cohort_criteria(
        Cohort(name="A", ladder={}, staggering_h=None, sentinel=False), plan=plan(), step="two", is_first_dose=False,
        dose_at=NOW, others=(), cleared_to=cleared,
    )  # fmt: skip

    assert with_cohort(answer, cohort_lines).decision == decision
    assert (with_cohort(answer, cohort_lines).earliest_h is None) == (decision == "hold")
