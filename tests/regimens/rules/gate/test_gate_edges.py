"""Edges of the gate: what decides where several windows, rules or clocks speak (contract of the gate)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from regimens.rules.gate.answer import Standing
from regimens.rules.gate.criteria import longest
from regimens.rules.plan import After, Cycles, ObservationClock, Outcome, Washout
from tests.regimens.rules.gate.plans import (
    ALL,
    BOOK,
    STEPS,
    TABLE,
    WELL,
    D,
    ask,
    decision_and_step,
    interval,
    observed,
    plan,
    row,
    rule,
    standing,
    step,
    variant,
)

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN, Standing.NOT_APPLICABLE
CRS, WAITS = After.CRS, Outcome.WHEN_RESOLVED
ONE = ("one", 0)


def criterion(answer, code):
    return next(one for one in answer.criteria if one.code == code)


# --- Windows ---


@pytest.mark.parametrize(
    ("hours", "expected"),
    [((24, 48), 48), ((48, 24), 48), ((24, None), None), ((None, 24), None), ((0, 24), 24), ((24,), 24)],
)
def test_of_several_windows_the_one_that_ends_last(hours, expected):
    """One whose length is not known may end after any other."""
    window = longest([observed("one", hours=one) for one in hours])

    assert window.hours == expected


def test_of_no_windows_there_is_none():
    assert longest([]) is None


def test_the_window_that_begins_with_the_end_of_the_infusion_ends_later():
    """48 h in both regions, and which is followed is not known: over when both are."""
    regions = (variant("CH", observed(*ALL, clock=ObservationClock.INFUSION_END)), variant("US", observed(*ALL)))
    steps = (replace(STEPS[0], infusion_h=Decimal(4)), *STEPS[1:])
    made = plan(variants=regions, steps=steps)

    def line_at(now):
        return ask(ONE, now=now, of=made, region=None, state=replace(WELL, window_complete=False))

    assert (line_at(51).earliest_h, line_at(52).earliest_h) == (52, None)  # at 52 it is over, and no clock cures it


def test_no_window_and_one_of_no_hours_are_the_same():
    regions = (variant("CH", observed("two")), variant("US", observed(*ALL, hours=0)))

    assert standing(ask(ONE, now=3 * D, of=plan(variants=regions), region=None), "window_complete") is NOT_APPLICABLE


@pytest.mark.parametrize(
    ("region", "named"),
    [(None, "CH, US"), ("CH", "US")],  # which there are; of a region without windows, which have some
)
def test_a_region_without_windows_is_told_which_have_them(region, named):
    line = criterion(
        ask(ONE, now=3 * D, of=plan(variants=(variant("CH"), variant("US", observed(*ALL)))), region=region),
        "window_complete",
    )

    assert line.state is UNKNOWN
    assert (line.values["variants"], line.values["variant"]) == (named, region or "")


# --- Clocks ---


def test_nothing_is_possible_before_hour_0():
    """An interval of 0 days was over at the midnight before the dose."""
    steps = (STEPS[0], replace(STEPS[1], interval=interval(0, 3, 7)), *STEPS[2:])
    answer = ask(ONE, now=1, of=plan(steps=steps, variants=(variant("US", observed("two")),)))

    assert (decision_and_step(answer), answer.earliest_h) == (("go", "two"), 0)


@pytest.mark.parametrize(
    ("washout", "field"),
    [
        (Washout(tocilizumab_h=Decimal(48), steroid_h=None, source=BOOK), "hours_since_tocilizumab"),
        (Washout(tocilizumab_h=None, steroid_h=Decimal(48), source=BOOK), "hours_since_steroid_treatment"),
    ],
)
def test_a_wash_out_ends_by_the_clock_and_asks_for_nothing_else(washout, field):
    state = replace(WELL, **{field: Decimal(10)})
    answer = ask(ONE, now=3 * D, of=plan(washout=washout), state=state)

    assert (answer.decision, answer.earliest_h) == ("hold", 3 * D + 48 - 10)
    codes = {"tocilizumab_washout", "steroid_washout"}
    assert {one.state for one in answer.criteria if one.code in codes} == {NOT_MET, NOT_APPLICABLE}


# --- Rules by grade ---

SWISS = rule(CRS, (1, 1), WAITS, resolved_h=Decimal(72), variants=("CH",))
REGIONS = (variant("CH", observed(*ALL)), variant("US", observed(*ALL)))


@pytest.mark.parametrize(("since", "state"), [(0, UNKNOWN), ("71.9", UNKNOWN), (72, MET), (73, MET)])
def test_hours_that_one_region_asks_for_are_not_known_until_all_are_over(since, state):
    known = replace(WELL, last_crs_grade=1, hours_since_crs_resolved=Decimal(str(since)))
    answer = ask(ONE, now=5 * D, of=plan(variants=REGIONS, grade_rules=(SWISS,)), region=None, state=known)

    assert standing(answer, "crs_resolved") is state
    if state is UNKNOWN:
        assert criterion(answer, "crs_resolved").values["grade"] == "1"


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_rules_for_one_event_the_most_hours_count(order):
    rules = (
        rule(CRS, (1, 2), WAITS, resolved_h=Decimal(24), inpatient_h=Decimal(48)),
        rule(CRS, (1, 2), WAITS, resolved_h=Decimal(72), inpatient_h=Decimal(96), variants=("US",)),
    )[::order]
    known = replace(WELL, last_crs_grade=1, hours_since_crs_resolved=Decimal(48))
    answer = ask(ONE, now=5 * D, of=plan(grade_rules=rules), state=known)

    assert (standing(answer, "crs_resolved"), answer.inpatient_hours) == (NOT_MET, 96)


@pytest.mark.parametrize(("crs_h", "icans_h"), [(72, 96), (96, 72)])
def test_of_two_events_the_longer_stay_counts(crs_h, icans_h):
    rules = (
        rule(CRS, (1, 1), WAITS, inpatient_h=Decimal(crs_h)),
        rule(After.ICANS, (1, 1), WAITS, inpatient_h=Decimal(icans_h)),
    )
    known = replace(
        WELL, last_crs_grade=1, hours_since_crs_resolved=Decimal(99), last_icans_grade=1,
        hours_since_icans_resolved=Decimal(99),
    )  # fmt: skip

    assert ask(ONE, now=5 * D, of=plan(grade_rules=rules), state=known).inpatient_hours == 96


@pytest.mark.parametrize(("grade", "state"), [(1, MET), (2, MET), (3, UNKNOWN)])
def test_a_rule_of_recurrence_that_waits_is_no_other_answer_for_a_low_grade(grade, state):
    """Whether it recurs is not known. Grade 1 and 2 wait either way (convention G5); without a row grade 3 does not."""
    rules = (rule(CRS, (grade, grade), WAITS, recurrent=True),)
    known = replace(WELL, last_crs_grade=grade, hours_since_crs_resolved=Decimal(99), grade3_plus_crs_events=None)

    assert standing(ask(ONE, now=5 * D, of=plan(grade_rules=rules), state=known), "crs_grade_rule") is state


# --- Delays ---


def test_before_the_first_row_of_the_table_it_goes_on_and_says_from_which_day_the_table_speaks():
    rows = (row("one", 29, None, "one"), row("one", 8, 28, "one"))
    line = criterion(ask(ONE, now=3 * D, of=plan(restart=rows)), "restart_table")

    assert (line.state, line.values["from"], line.values["days"]) == (MET, "8", "3")


@pytest.mark.parametrize(("interruption", "words"), [(True, "interruption"), (False, "neither the planned day")])
def test_where_no_day_is_known_it_says_what_is_not_known(interruption, words):
    steps = (STEPS[0], replace(STEPS[1], interval=interval(2, None), day=None), *STEPS[2:])
    made = plan(steps=steps, restart=TABLE if interruption else None, restart_from_interruption=interruption)
    line = criterion(ask(ONE, now=3 * D, of=made), "restart_table_unknown")

    assert line.state is UNKNOWN
    assert words in line.text


def test_a_delay_names_the_dose_before_and_the_step_that_waits():
    line = criterion(ask(ONE, now=9 * D, of=plan(restart=None)), "restart_table_unknown")

    assert (line.values["last"], line.values["step"]) == ("one", "two")


@pytest.mark.parametrize(
    ("doses", "planned"),
    [
        ((("lead", 0),), 21),  # day 1 of cycle 2 is day 22
        ((("lead", 0), ("cycled", 21 * D)), 7),  # day 1 and day 8 of one cycle
        ((("lead", 0), ("cycled", 21 * D), ("cycled", 28 * D)), 14),  # from day 8 to day 1 of the next
        ((("lead", 0), ("cycled", 21 * D), ("cycled", 28 * D), ("cycled", 42 * D)), 21),
    ],
)
def test_planned_days_follow_the_printed_days_of_cycles(doses, planned):
    """A cycle of 21 days: one lead-in dose on day 1 of cycle 1, then twice in cycle 2 and once in each after it."""
    cycles = (Cycles(first=2, last=2, days=(1, 8)), Cycles(first=3, last=None, days=(1,)))
    steps = (
        step("lead", 1, day=1, interval=interval(None, None)),
        step("cycled", 2, repeats=True, cycles=cycles, interval=interval(None, None)),
    )
    made = plan(steps=steps, restart=None, cycle_d=21, variants=(variant("US", observed("lead", "cycled", hours=0)),))
    last = doses[-1][1]
    on_the_day, too_early, too_late = (ask(*doses, now=last + (planned + more) * D, of=made) for more in (0, -1, 2))

    assert [one.decision.value for one in (on_the_day, too_early, too_late)] == ["go", "hold", "hold"]
