"""A late dose: the restart table, a row per sentence; hour 0 is 09:00 unless a row says otherwise."""

from dataclasses import replace

import pytest

from regimens.rules.gate.answer import Standing
from tests.regimens.rules.gate.plans import (
    ALL,
    STEPS,
    WELL,
    D,
    ask,
    decision_and_step,
    interval,
    observed,
    plan,
    row,
    standing,
    variant,
)

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN, Standing.NOT_APPLICABLE
ONE = ("one", 0)

TABLE = [  # last step, days since, decision, step
    ("one", 7, "go", "two"), ("one", 8, "restart", "one"),
    ("two", 7, "go", "three"), ("two", 8, "restart", "two"), ("two", 28, "restart", "two"),
    ("two", 29, "restart", "one"),
    ("three", 28, "go", "weekly"), ("three", 29, "restart", "two"), ("three", 56, "restart", "two"),
    ("monthly", 63, "go", "monthly"), ("monthly", 64, "restart", "one"),
]  # fmt: skip


@pytest.mark.parametrize(("last", "days", "decision", "expected"), TABLE)
def test_both_sides_of_every_row(last, days, decision, expected):
    assert decision_and_step(ask((last, 0), now=days * D)) == (decision, expected)


def test_a_row_whose_words_were_not_found_holds():
    answer = ask(("three", 0), now=57 * D)

    assert (decision_and_step(answer), standing(answer, "restart_row_unknown")) == (("hold", "weekly"), UNKNOWN)


def test_a_due_restart_outranks_a_hold_for_the_step():
    answer = ask(ONE, now=8 * D, state=replace(WELL, active_infection=True))

    assert decision_and_step(answer) == ("hold", "one")


def test_a_due_restart_needs_no_interval():
    assert standing(ask(ONE, now=8 * D), "minimum_interval") is NOT_APPLICABLE


SLACK = [  # the step planned next, last day that is no delay
    ("the regimen's own: until day 7", ("one", 0), 7),
    ("none known: one day after day 7", ("three", 0), 8),
]


@pytest.mark.parametrize(("dose", "last_day"), [r[1:] for r in SLACK], ids=[r[0] for r in SLACK])
def test_without_a_table_it_holds_beyond_the_slack(dose, last_day):
    unknown = plan(restart=None)
    within, beyond = ask(dose, now=last_day * D, of=unknown), ask(dose, now=(last_day + 1) * D, of=unknown)

    assert (within.decision, standing(within, "restart_table_unknown")) == ("go", MET)
    assert (beyond.decision, standing(beyond, "restart_table_unknown")) == ("hold", UNKNOWN)
    assert beyond.step == within.step


def test_without_a_table_and_a_planned_day_it_holds():
    steps = (*STEPS[:3], replace(STEPS[3], interval=interval(6, None)), STEPS[4])

    assert ask(("three", 0), now=7 * D, of=plan(steps=steps, restart=None)).decision == "hold"


@pytest.mark.parametrize(("region", "last_day"), [("US", 4), ("EU", 3), (None, 3)])
def test_a_region_s_own_days_change_the_planned_day(region, last_day):
    """US day 4, EU day 3, a day of slack; where the region is not known the earlier one."""
    steps = (STEPS[0], replace(STEPS[1], interval=interval(2, 3)), *STEPS[2:])
    regions = (variant("EU", observed(*ALL), one=1, two=3), variant("US", observed(*ALL)))
    made = plan(steps=steps, restart=None, variants=regions)

    assert ask(ONE, now=last_day * D, of=made, region=region).decision == "go"
    assert ask(ONE, now=(last_day + 1) * D, of=made, region=region).decision == "hold"


def test_a_step_the_table_does_not_name_holds_beyond_the_slack():
    made = plan(restart=(row("two", 8, None, "one"),))

    assert ask(ONE, now=7 * D, of=made).decision == "go"
    assert standing(ask(ONE, now=8 * D, of=made), "restart_row_unknown") is UNKNOWN


def test_a_table_that_counts_from_an_interruption_is_not_used_for_the_last_dose():
    answer = ask(ONE, now=8 * D, of=plan(restart_from_interruption=True))

    assert (decision_and_step(answer), standing(answer, "restart_table_unknown")) == (("hold", "two"), UNKNOWN)
