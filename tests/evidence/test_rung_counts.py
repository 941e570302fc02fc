"""Counts on which the escalation rule answers: one row per sentence of grading/evidence/rung_counts.py."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from grading.evidence.outcomes import OutcomePeriod
from grading.evidence.rung_counts import grade3_of, rows_of, rung_counts
from grading.rules.evidence.dose_outcomes import DoseOutcome

EVENT, CLEAR, OPEN, UNDETERMINABLE = DoseOutcome
RUNGS = {"low": "A", "high": "B"}
STEPS = ["prime", "target"]


def period(participant, place, *, any_grade=CLEAR, grade2=CLEAR, step="prime", cohort="A", grade=0):
    return OutcomePeriod(
        dose=uuid4(), participant=participant, number=f"P-{participant}", site="", cohort=cohort, regimen=1, step=step,
        place=place, started_at=datetime(2026, 3, 2, tzinfo=UTC), ended_at=None, ended_by="", crs_any=any_grade,
        crs_grade2=grade2, grade=grade, onset_h=None, observed_h=None, sets=1, sets_without_doubt=1, tocilizumab=False,
        steroid=False, dose_mg=None, weight_kg=None, rung="", infusion_h=None, window_ends_at=None,
    )  # fmt: skip


def counted(*periods, endpoint="grade2plus", rungs=RUNGS, lengths=None):
    counts = rung_counts(
        periods, rungs=rungs, steps=STEPS, endpoint=endpoint, lengths=lengths or dict.fromkeys(rungs, 2)
    )  # fmt: skip
    return {(one.rung, one.period): one for one in counts}


def test_each_dose_period_of_each_rung_has_its_row_in_the_order_of_the_ladder():
    counts = counted(period(1, 1), period(1, 2, step="target"))

    assert list(counts) == [("low", 1), ("low", 2), ("high", 1), ("high", 2)]
    assert [one.step for one in counts.values()] == ["prime", "target", "prime", "target"]
    assert [one.given for one in counts.values()] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("outcome", "n", "events"),
    [(EVENT, 1, 1), (CLEAR, 1, 0), (OPEN, 0, 0), (UNDETERMINABLE, 0, 0)],
)
def test_the_rule_is_given_what_is_known_and_nothing_else(outcome, n, events):
    one = counted(period(1, 1, grade2=outcome, grade=2))["low", 1]

    assert (one.given, one.known, one.events) == (1, n, events)
    assert rows_of([one]) == ([{"regimen": "low", "period": 1, "n": n, "events": events}] if n else [])


@pytest.mark.parametrize(("endpoint", "events"), [("grade2plus", 0), ("any", 1), ("given", 1)])
def test_an_event_is_what_the_design_calls_one(endpoint, events):
    assert counted(period(1, 1, any_grade=EVENT, grade2=CLEAR, grade=1), endpoint=endpoint)["low", 1].events == events


@pytest.mark.parametrize(("grade", "grade3"), [(2, 0), (3, 1), (4, 1), (None, 1)])
def test_an_event_whose_grade_nobody_knows_counts_as_the_worse(grade, grade3):
    counts = counted(period(1, 1, grade2=EVENT, grade=grade), period(2, 1, grade2=CLEAR, grade=None))

    assert grade3_of(list(counts.values())) == {"events": grade3, "of": 1}


def test_a_step_that_is_given_again_is_shown_apart_and_counted_nowhere():
    delayed = [period(1, 1), period(1, 2, grade2=EVENT, grade=3), period(1, 3, step="target")]

    low = counted(*delayed)["low", 1]
    assert (low.given, low.known, low.events, low.again, low.again_events) == (1, 1, 0, 1, 1)
    assert counted(*reversed(delayed))["low", 1] == low  # whatever order they come in


def test_a_period_of_another_cohort_or_past_the_design_is_in_no_row():
    counts = counted(period(1, 1, cohort="C"), period(2, 1, step="extension"), lengths={"low": 1, "high": 2})

    assert (sum(one.given for one in counts.values()), len(counts)) == (0, 3)


def test_a_plan_without_cohorts_is_one_rung():
    assert counted(period(1, 1, cohort=""), rungs={"only": ""})["only", 1].given == 1
