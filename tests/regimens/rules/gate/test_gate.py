"""The contract of the gate, a row per sentence; hour 0 is 09:00 unless a row says otherwise."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from regimens.rules.gate.answer import Standing
from regimens.rules.gate.case import State
from regimens.rules.plan import ObservationClock, Washout
from tests.regimens.rules.gate.plans import (
    ALL,
    BOOK,
    STEPS,
    WELL,
    D,
    ask,
    decision_and_step,
    interval,
    observed,
    on_site,
    plan,
    standing,
    step,
    variant,
)

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN, Standing.NOT_APPLICABLE
ONE = ("one", 0)


def test_go_when_every_criterion_is_met():
    answer = ask(ONE, now=3 * D)

    assert decision_and_step(answer) == ("go", "two")
    assert {one.state for one in answer.criteria} == {MET, NOT_APPLICABLE}


def test_an_unknown_that_matters_is_hold():
    assert decision_and_step(ask(ONE, now=3 * D, state=State())) == ("hold", "two")


# --- Which step ---------------------------------------------------------------------------------------------

NEXT = [
    ("before the first dose the first", (), "one"),
    ("then the next", (ONE,), "two"),
    ("a repeated step follows itself", (("three", 0), ("weekly", 7 * D)), "weekly"),
    ("two of three", (("weekly", 0), ("weekly", 7 * D)), "weekly"),
    ("as often as planned, then the next one", (("weekly", 0), ("weekly", 7 * D), ("weekly", 14 * D)), "monthly"),
    ("without end where the plan says no number", (("monthly", 0),), "monthly"),
    ("a restart begins the count again", (("weekly", 0), ("weekly", 7 * D), ("two", 14 * D), ("three", 16 * D),
                                          ("weekly", 23 * D)), "weekly"),
    ("by time, not by place", (("two", 3 * D), ONE), "three"),
]  # fmt: skip


@pytest.mark.parametrize(("doses", "expected"), [r[1:] for r in NEXT], ids=[r[0] for r in NEXT])
def test_which_step_is_next(doses, expected):
    last = max((at for _, at in doses), default=0)

    assert ask(*doses, now=last + 3 * D).step == expected


def test_a_step_with_a_condition_is_never_moved_to():
    steps = (*STEPS[:4], replace(STEPS[4], condition="a response"))

    answer = ask(("weekly", 0), ("weekly", 7 * D), ("weekly", 14 * D), now=21 * D, of=plan(steps=steps))

    assert decision_and_step(answer) == ("go", "weekly")


def test_after_the_last_step_there_is_none_and_it_holds():
    answer = ask(("two", 0), now=3 * D, of=plan(steps=STEPS[:2], restart=None))

    assert (decision_and_step(answer), answer.earliest_h) == (("hold", None), None)
    assert standing(answer, "next_step") is NOT_MET


# --- Calendar days ------------------------------------------------------------------------------------------

DAYS = [  # zero, hour of the dose, now: at least 2 days of dates are needed
    ("the last minute of the day before", "2026-03-02T09:00", 0, 38.9, "hold"),
    ("from midnight on", "2026-03-02T09:00", 0, 39, "go"),
    ("a dose shortly before midnight", "2026-03-02T23:30", 0, 24.5, "go"),
    ("a dose shortly after midnight", "2026-03-02T00:30", 0, 47, "hold"),
    ("counted from the dose and not from hour 0", "2026-03-02T09:00", 16, 48, "hold"),
    ("an offset does not matter", "2026-03-02T09:00+08:00", 0, 39, "go"),
    ("a month of 28 days", "2026-02-28T09:00", 0, 39, "go"),
    ("a leap day", "2028-02-28T09:00", 0, 38.9, "hold"),
]


@pytest.mark.parametrize(("zero", "dose_h", "now", "decision"), [r[1:] for r in DAYS], ids=[r[0] for r in DAYS])
def test_days_are_those_of_the_calendar(zero, dose_h, now, decision):
    assert ask(("one", dose_h), now=now, zero=datetime.fromisoformat(zero)).decision == decision


INTERVAL = [  # days since, whether two are met where 2 are needed
    (0, NOT_MET), (1, NOT_MET), (2, MET), (3, MET),
]  # fmt: skip


@pytest.mark.parametrize(("days", "state"), INTERVAL)
def test_both_sides_of_the_minimum_interval(days, state):
    assert standing(ask(ONE, now=days * D), "minimum_interval") is state


NO_MINIMUM = [(0, "hold", UNKNOWN), (2, "hold", UNKNOWN), (3, "go", MET), (4, "go", MET), (7, "go", MET)]


@pytest.mark.parametrize(("days", "decision", "state"), NO_MINIMUM)
def test_without_a_printed_minimum_the_planned_day_is_one(days, decision, state):
    """Planned on day 4 after day 1. Whether a day before would do is not known; midnight of that day ends the hold."""
    steps = (STEPS[0], replace(STEPS[1], interval=interval(None, 3, 7)), *STEPS[2:])

    answer = ask(ONE, now=days * D, of=plan(steps=steps))

    assert (answer.decision, standing(answer, "minimum_interval")) == (decision, state)
    assert answer.earliest_h == 3 * D - 9


def test_a_printed_minimum_is_shorter_than_the_planned_day_and_counts():
    """`two` is planned after 3 days, and 2 are enough."""
    assert ask(ONE, now=2 * D).decision == "go"


@pytest.mark.parametrize(("region", "last_early_day"), [("US", 2), ("EU", 1), (None, 2)])
def test_the_planned_day_is_the_region_s_own_and_the_latest_where_it_is_not_known(region, last_early_day):
    """US day 4, EU day 3."""
    steps = (STEPS[0], replace(STEPS[1], interval=interval(None, 3, 7)), *STEPS[2:])
    regions = (variant("EU", observed(*ALL), one=1, two=3), variant("US", observed(*ALL)))
    made = plan(steps=steps, variants=regions)

    early, due = (ask(ONE, now=days * D, of=made, region=region) for days in (last_early_day, last_early_day + 1))

    assert (standing(early, "minimum_interval"), standing(due, "minimum_interval")) == (UNKNOWN, MET)


def test_an_interval_nobody_knows_holds():
    steps = (*STEPS[:3], replace(STEPS[3], interval=interval(None, None)), STEPS[4])

    answer = ask(("three", 0), now=7 * D, of=plan(steps=steps))

    assert (answer.decision, standing(answer, "minimum_interval")) == ("hold", UNKNOWN)
    assert answer.earliest_h is None


def test_the_first_dose_has_no_interval_and_no_table():
    answer = ask(now=0)

    assert decision_and_step(answer) == ("go", "one")
    assert standing(answer, "minimum_interval") is NOT_APPLICABLE
    assert standing(answer, "restart_table") is None


def split() -> tuple:
    halves = [("one", 1, "two", 1, None), ("two", 2, "one", 2, 1), ("three", 8, None, 3, 6)]
    return tuple(
        step(label, position, day=day, split_with=other, interval=interval(None, planned))
        for label, day, other, position, planned in halves
    )


@pytest.mark.parametrize(("days", "state"), [(0, NOT_MET), (1, MET)])
def test_the_second_half_of_a_split_dose_is_given_on_its_day(days, state):
    answer = ask(ONE, now=days * D, of=plan(steps=split(), restart=None))

    assert standing(answer, "minimum_interval") is state


@pytest.mark.parametrize(("days", "state"), [(6, UNKNOWN), (7, MET)])
def test_between_two_split_doses_it_is_the_planned_day(days, state):
    answer = ask(ONE, ("two", D), now=days * D, of=plan(steps=split(), restart=None))

    assert standing(answer, "minimum_interval") is state


# --- The observation window ---------------------------------------------------------------------------------

WINDOW = [
    ("complete", (observed(*ALL),), "US", True, MET),
    ("not complete", (observed(*ALL),), "US", False, NOT_MET),
    ("nobody said", (observed(*ALL),), "US", None, UNKNOWN),
    ("its length was not found", (observed(*ALL, hours=None),), "US", True, UNKNOWN),
    ("none after this step", (observed("two"),), "US", None, NOT_APPLICABLE),
    ("said to be none", (observed(*ALL, hours=0),), "US", None, NOT_APPLICABLE),
    ("a region the plan does not have", (observed(*ALL),), "CH", True, UNKNOWN),
    ("a region the plan says nothing about", (), "US", True, UNKNOWN),
    ("one region only, and it is not known which is followed", (observed(*ALL),), None, True, MET),
]


@pytest.mark.parametrize(
    ("windows", "region", "complete", "state"), [r[1:] for r in WINDOW], ids=[r[0] for r in WINDOW]
)  # fmt: skip
def test_the_window_of_the_last_dose(windows, region, complete, state):
    answer = ask(
        ONE, now=3 * D, of=plan(variants=(variant("US", *windows),)), region=region,
        state=replace(WELL, window_complete=complete),
    )  # fmt: skip

    assert standing(answer, "window_complete") is state


def test_after_a_pretreatment_there_is_no_window():
    """No T-cell engager was given, so that there is nothing to watch for."""
    steps = (step("before", 1, opens_period=False), *(replace(one, position=one.position + 1) for one in STEPS))
    answer = ask(("before", 0), now=7 * D, of=plan(steps=steps, variants=(variant("US"),)))

    assert standing(answer, "window_complete") is NOT_APPLICABLE


@pytest.mark.parametrize(("hours", "state", "inpatient"), [(48, MET, 48), (24, UNKNOWN, None)])
def test_an_unknown_region_needs_all_to_agree(hours, state, inpatient):
    regions = (variant("EU", observed(*ALL, hours=hours)), variant("US", observed(*ALL)))

    answer = ask(ONE, now=3 * D, of=plan(variants=regions), region=None)

    assert (standing(answer, "window_complete"), answer.inpatient_hours) == (state, inpatient)


def test_a_region_the_plan_does_not_have_is_told_which_there_are():
    answer = ask(ONE, now=3 * D, region="CH")

    assert next(one.text for one in answer.criteria if one.code == "window_complete").endswith("it knows: US.")


# --- What is asked whatever the regimen ---------------------------------------------------------------------

ALWAYS = [
    ("crs_open", True, "crs_resolved", NOT_MET), ("crs_open", None, "crs_resolved", UNKNOWN),
    ("crs_open", False, "crs_resolved", MET),
    ("icans_open", True, "icans_resolved", NOT_MET), ("icans_open", None, "icans_resolved", UNKNOWN),
    ("ice_at_baseline", False, "ice_at_baseline", NOT_MET), ("ice_at_baseline", None, "ice_at_baseline", UNKNOWN),
    ("ice_at_baseline", True, "ice_at_baseline", MET),
    ("active_infection", True, "active_infection", NOT_MET), ("active_infection", None, "active_infection", UNKNOWN),
    ("active_infection", False, "active_infection", MET),
]  # fmt: skip


@pytest.mark.parametrize("doses", [(), (ONE,)], ids=["before the first dose", "after a dose"])
@pytest.mark.parametrize(("name", "value", "code", "state"), ALWAYS)
def test_always_asked(doses, name, value, code, state):
    answer = ask(*doses, now=3 * D, state=replace(WELL, **{name: value}))

    assert standing(answer, code) is state
    assert answer.decision == ("go" if state is MET else "hold")


# --- What only some regimens ask ----------------------------------------------------------------------------

ON_SITE = [(None, UNKNOWN), (0, NOT_MET), (1, NOT_MET), (2, MET), (3, MET)]


@pytest.mark.parametrize(("there", "state"), ON_SITE)
def test_tocilizumab_on_site_before_the_steps_that_ask_for_it(there, state):
    made, known = plan(on_site=on_site("two", doses=2)), replace(WELL, tocilizumab_on_site=there)

    assert standing(ask(ONE, now=3 * D, of=made, state=known), "tocilizumab_on_site") is state
    assert standing(ask(("two", 0), now=3 * D, of=made, state=known), "tocilizumab_on_site") is NOT_APPLICABLE


@pytest.mark.parametrize(("region", "state"), [("EU", UNKNOWN), ("US", NOT_APPLICABLE), (None, UNKNOWN)])
def test_tocilizumab_on_site_only_where_the_region_s_label_asks_for_it(region, state):
    regions = (variant("EU", observed(*ALL)), variant("US", observed(*ALL)))
    made = plan(on_site=on_site("two", doses=1, variants=("EU",)), variants=regions)

    assert standing(ask(ONE, now=3 * D, of=made, region=region), "tocilizumab_on_site") is state


WASHOUT = [(None, UNKNOWN), (47, NOT_MET), (48, MET)]


@pytest.mark.parametrize(("since", "state"), WASHOUT)
@pytest.mark.parametrize(
    ("code", "field", "rule"),
    [
        ("tocilizumab_washout", "hours_since_tocilizumab", (48, None)),
        ("steroid_washout", "hours_since_steroid_treatment", (None, 48)),
    ],
)
def test_a_wash_out_only_where_it_is_named(code, field, rule, since, state):
    tocilizumab, steroid = (None if hours is None else Decimal(hours) for hours in rule)
    rule = Washout(tocilizumab_h=tocilizumab, steroid_h=steroid, source=BOOK)
    known = replace(WELL, **{field: None if since is None else Decimal(since)})

    assert standing(ask(ONE, now=3 * D, of=plan(washout=rule), state=known), code) is state
    assert standing(ask(ONE, now=3 * D, state=known), code) is NOT_APPLICABLE


@pytest.mark.parametrize("code", ["indeterminate_sets", "longest_grade3_plus_h"])
def test_what_no_rule_uses_is_not_asked(code):
    assert standing(ask(ONE, now=3 * D), code) is NOT_APPLICABLE


# --- From which hour ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hours", "from_h"), [
    (0, 39),  # 09:00 and two days: midnight after 39 h
    (24, 39),
    (48, 48),  # the observation after the first dose ends later
])  # fmt: skip
def test_go_from_the_last_clock_that_runs_out(hours, from_h):
    made = plan(variants=(variant("US", observed("one", hours=Decimal(hours))),))

    assert ask(ONE, now=3 * D, of=made).earliest_h == from_h


def test_a_window_said_to_be_complete_is_over_by_now():
    made = plan(variants=(variant("US", observed("one", hours=Decimal(96))),))

    assert ask(ONE, now=3 * D, of=made).earliest_h == 3 * D


def test_a_first_dose_may_be_given_now():
    assert ask(now=5).earliest_h == 5


def test_hold_until_the_midnight_that_ends_the_interval():
    assert (ask(ONE, now=24).decision, ask(ONE, now=24).earliest_h) == ("hold", 39)


RUNNING = [
    ("administration", observed("two"), 0, 48),
    ("start of infusion", observed("two", clock=ObservationClock.INFUSION_START), 4, 48),
    ("end of infusion", observed("two", clock=ObservationClock.INFUSION_END), 4, 52),
    ("end of an infusion nobody knows the length of", observed("two", clock=ObservationClock.INFUSION_END), None, 48),
]


@pytest.mark.parametrize(("window", "infusion", "end"), [r[1:] for r in RUNNING], ids=[r[0] for r in RUNNING])
def test_hold_until_the_window_ends(window, infusion, end):
    steps = (STEPS[0], replace(STEPS[1], infusion_h=None if infusion is None else Decimal(infusion)), *STEPS[2:])
    made = plan(steps=steps, variants=(variant("US", window),))

    answer = ask(("two", 0), now=40, of=made, state=replace(WELL, window_complete=False))

    assert (answer.decision, answer.earliest_h) == ("hold", end)


def test_a_window_that_is_over_and_was_not_complete_is_cured_by_no_clock():
    assert ask(ONE, now=3 * D, state=replace(WELL, window_complete=False)).earliest_h is None


@pytest.mark.parametrize("change", [{"crs_open": True}, {"active_infection": True}, {"ice_at_baseline": None}])
def test_what_no_clock_cures_has_no_hour(change):
    assert ask(ONE, now=D, state=replace(WELL, **change)).earliest_h is None


def test_a_restart_is_due_from_the_first_day_of_its_row():
    assert ask(ONE, now=20 * D).earliest_h == 8 * D - 9


# --- Hours of observation after the step to give ------------------------------------------------------------


@pytest.mark.parametrize(("hours", "expected"), [(48, 48), (None, None), (0, 0)])
def test_inpatient_hours_of_the_step_to_give(hours, expected):
    made = plan(variants=(variant("US", observed("one"), observed("two", hours=hours)),))

    assert ask(ONE, now=3 * D, of=made).inpatient_hours == expected


def test_no_hours_where_none_are_named():
    assert ask(("three", 0), now=7 * D).inpatient_hours is None
