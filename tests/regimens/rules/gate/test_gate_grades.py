"""What the grades after the last dose ask of the next: a row per sentence."""

from dataclasses import replace
from decimal import Decimal

import pytest

from regimens.rules.gate.answer import Standing
from regimens.rules.gate.case import Case, Given
from regimens.rules.gate.decide import longer_after
from regimens.rules.plan import After, Outcome
from tests.regimens.rules.gate.plans import (
    ALL,
    STEPS,
    WELL,
    D,
    ask,
    decision_and_step,
    observed,
    plan,
    rule,
    standing,
    step,
    variant,
)

MET, NOT_MET, UNKNOWN, NOT_APPLICABLE = Standing.MET, Standing.NOT_MET, Standing.UNKNOWN, Standing.NOT_APPLICABLE
CRS, ICANS = After.CRS, After.ICANS
WAITS, REPEAT, RESTART, STOP, LOST = (
    Outcome.WHEN_RESOLVED, Outcome.REPEAT_STEP, Outcome.RESTART, Outcome.STOP, Outcome.UNKNOWN,
)  # fmt: skip
FIRST = {CRS: "last_crs_grade", ICANS: "last_icans_grade"}


def after(event: After, grade: int | None, *rules, doses=(("two", 0),), **state):
    known = replace(WELL, **{FIRST[event]: grade} | state)
    return ask(*doses, now=3 * D, of=plan(grade_rules=rules), state=known)


# --- No row for the grade -----------------------------------------------------------------------------------

NO_ROW = [(None, "hold", UNKNOWN), (0, "go", MET), (1, "go", MET), (2, "go", MET), (3, "hold", UNKNOWN),
          (4, "hold", UNKNOWN), (5, "stop", NOT_MET)]  # fmt: skip


@pytest.mark.parametrize("event", After)
@pytest.mark.parametrize(("grade", "decision", "state"), NO_ROW)
def test_a_grade_without_a_row(event, grade, decision, state):
    answer = after(event, grade)

    assert (answer.decision, standing(answer, f"{event.value}_grade_rule")) == (decision, state)


@pytest.mark.parametrize("event", After)
@pytest.mark.parametrize(
    ("grade", "decision"), [(0, "go"), (1, "go"), (2, "go"), (3, "hold"), (4, "hold"), (5, "stop")]
)
def test_where_the_table_was_not_found_only_grade_3_and_more_hold(event, grade, decision):
    known = replace(WELL, **{FIRST[event]: grade})
    made = plan(grade_tables_not_found=frozenset({event}))

    assert ask(("two", 0), now=3 * D, of=made, state=known).decision == decision


@pytest.mark.parametrize("event", After)
@pytest.mark.parametrize("grade", [1, 2])
@pytest.mark.parametrize("lost", [True, False], ids=["a table that was not found", "no table"])
def test_a_low_grade_without_a_row_goes_on_as_a_labelled_convention(event, grade, lost):
    known = replace(WELL, **{FIRST[event]: grade})
    made = plan(grade_tables_not_found=frozenset({event}) if lost else frozenset())
    answer = ask(("two", 0), now=3 * D, of=made, state=known)
    told_of = next(one for one in answer.criteria if one.code == f"{event.value}_grade_rule")

    assert told_of.source == "convention G5, docs/conventions.md"
    assert "by convention" in told_of.text
    assert told_of.text.endswith("check the label.")


@pytest.mark.parametrize("event", After)
def test_a_low_grade_that_is_not_resolved_holds(event):
    known = replace(WELL, **{FIRST[event]: 1, f"{event.value}_open": True})

    assert ask(("two", 0), now=3 * D, of=plan(), state=known).decision == "hold"


@pytest.mark.parametrize("event", After)
def test_a_row_that_was_found_counts_all_the_same(event):
    known = replace(WELL, **{FIRST[event]: 2})
    made = plan(grade_rules=(rule(event, (2, 2), WAITS),), grade_tables_not_found=frozenset({event}))

    assert ask(("two", 0), now=3 * D, of=made, state=known).decision == "go"


# --- A row for the grade ------------------------------------------------------------------------------------

ROWS = [
    (WAITS, None, ("go", "three"), MET),
    (REPEAT, None, ("go", "two"), MET),
    (RESTART, "one", ("restart", "one"), MET),
    (STOP, None, ("stop", None), NOT_MET),
    (LOST, None, ("hold", "three"), UNKNOWN),
]


@pytest.mark.parametrize("event", After)
@pytest.mark.parametrize(("outcome", "at", "decision", "state"), ROWS)
def test_a_grade_with_a_row(event, outcome, at, decision, state):
    answer = after(event, 3, rule(event, (3, 3), outcome, step=at))

    assert (decision_and_step(answer), standing(answer, f"{event.value}_grade_rule")) == (decision, state)


@pytest.mark.parametrize("at", ["one", "two", "three"])
def test_a_restart_by_grade_is_at_the_step_its_rule_names(at):
    answer = after(CRS, 3, rule(CRS, (3, 3), RESTART, step=at), doses=(("weekly", 0),))

    assert decision_and_step(answer) == ("restart", at)
    assert f"restart at {at} (" in next(one.text for one in answer.criteria if one.code == "crs_grade_rule")


def test_two_rules_that_restart_at_different_steps_are_not_one():
    """Which region's is followed is not known: neither step is said."""
    rules = (rule(CRS, (3, 3), RESTART, step="two"), rule(CRS, (3, 3), RESTART, step="one", variants=("CH",)))

    answer = regional(None, *rules)

    assert (answer.decision, standing(answer, "crs_grade_rule")) == ("hold", UNKNOWN)
    assert [decision_and_step(regional(region, *rules)) for region in ("CH", "US")] == [
        ("restart", "one"),
        ("restart", "two"),
    ]


@pytest.mark.parametrize("grade", [1, 2, 4])
def test_a_row_for_other_grades_does_not_apply(grade):
    assert after(CRS, grade, rule(CRS, (3, 3), STOP)).decision != "stop"


def test_a_row_of_the_other_event_does_not_apply():
    assert decision_and_step(after(CRS, 2, rule(ICANS, (2, 2), STOP))) == ("go", "three")


def test_stop_outranks_everything():
    answer = after(CRS, 4, rule(CRS, (4, 4), STOP), active_infection=True, icans_open=None)

    assert (decision_and_step(answer), answer.earliest_h, answer.inpatient_hours) == (("stop", None), None, None)


def test_a_restart_by_grade_and_one_by_delay_go_back_to_the_earlier_step():
    known, made = replace(WELL, last_crs_grade=3), plan(grade_rules=(rule(CRS, (3, 3), RESTART, step="one"),))

    assert decision_and_step(ask(("two", 0), now=8 * D, of=made, state=known)) == ("restart", "one")


def test_a_repeated_step_waits_for_the_interval_of_the_step_it_replaces():
    """The dose given again takes the place of the next one: `three` is given 2 days after at the earliest."""
    known, made = replace(WELL, last_crs_grade=3), plan(grade_rules=(rule(CRS, (3, 3), REPEAT),))

    assert decision_and_step(ask(("two", 0), now=2 * D, of=made, state=known)) == ("go", "two")
    assert decision_and_step(ask(("two", 0), now=1 * D, of=made, state=known)) == ("hold", "two")


# --- Which row ----------------------------------------------------------------------------------------------

TWICE = (rule(CRS, (3, 3), WAITS), rule(CRS, (3, 3), STOP, recurrent=True))
EVENTS = [(0, "go"), (1, "go"), (2, "stop"), (3, "stop"), (None, "hold")]


@pytest.mark.parametrize(("events", "decision"), EVENTS)
def test_a_recurrence_is_a_second_event_of_grade_3(events, decision):
    assert after(CRS, 3, *TWICE, grade3_plus_crs_events=events).decision == decision


def test_the_number_of_events_is_not_needed_where_no_rule_uses_it():
    assert after(CRS, 3, rule(CRS, (3, 3), WAITS), grade3_plus_crs_events=None).decision == "go"
    assert after(CRS, 2, *TWICE, grade3_plus_crs_events=None).decision == "go"


def test_whether_icans_recurs_a_case_does_not_tell():
    rules = (rule(ICANS, (3, 3), WAITS), rule(ICANS, (3, 3), STOP, recurrent=True))

    assert after(ICANS, 3, *rules, grade3_plus_crs_events=1).decision == "hold"


def test_the_row_for_fewer_grades_wins():
    rules = (rule(CRS, (1, 4), STOP), rule(CRS, (2, 3), REPEAT))

    assert decision_and_step(after(CRS, 2, *rules)) == ("go", "two")


def regional(region, *rules, grade=3):
    regions = (variant("CH", observed(*ALL)), variant("US", observed(*ALL)))
    made = plan(grade_rules=rules, variants=regions)
    return ask(("two", 0), now=3 * D, of=made, region=region, state=replace(WELL, last_crs_grade=grade))


SWISS = [("CH", "stop"), ("US", "go"), (None, "hold")]


@pytest.mark.parametrize(("region", "decision"), SWISS)
def test_a_region_s_row_decides_there_alone(region, decision):
    rules = (rule(CRS, (3, 3), WAITS), rule(CRS, (3, 3), STOP, variants=("CH",)))

    assert regional(region, *rules).decision == decision


def test_a_region_s_hours_decide_nothing_else():
    assert regional("CH", rule(CRS, (3, 3), WAITS, inpatient_h=Decimal(72), variants=("CH",))).decision == "hold"


# --- Hours in hospital with the next dose -------------------------------------------------------------------

LONGER = (rule(CRS, (2, 4), WAITS, inpatient_h=Decimal(72), variants=("CH",)),)


@pytest.mark.parametrize(("region", "grade", "hours"), [
    ("CH", 2, 72), ("CH", 1, 48), ("US", 2, 48), (None, 2, None), (None, 1, 48), ("CH", None, None),
])  # fmt: skip
def test_a_grade_lengthens_the_next_stay(region, grade, hours):
    assert regional(region, *LONGER, grade=grade).inpatient_hours == hours


@pytest.mark.parametrize(("grade", "hours"), [(0, None), (2, 24)])
def test_a_grade_asks_for_a_stay_where_none_is_named(grade, hours):
    made = plan(grade_rules=(rule(CRS, (2, 2), WAITS, inpatient_h=Decimal(24)),))

    answer = ask(("three", 0), now=7 * D, of=made, state=replace(WELL, last_crs_grade=grade))

    assert answer.inpatient_hours == hours


def test_a_shorter_stay_shortens_nothing():
    assert after(CRS, 2, rule(CRS, (2, 2), WAITS, inpatient_h=Decimal(24))).inpatient_hours == 48


@pytest.mark.parametrize(("step_next", "hours"), [("three", 72), ("two", 48)])
def test_a_rule_for_certain_steps(step_next, hours):
    one = rule(CRS, (1, 4), WAITS, inpatient_h=Decimal(72), next_steps=(step_next,))

    assert after(CRS, 2, one).inpatient_hours == hours


def test_only_rules_that_apply_are_named_for_a_longer_stay():
    """The Swiss rule asks for as many hours, after another event: a stay in the US does not cite it."""
    rules = (
        rule(CRS, (2, 2), WAITS, inpatient_h=Decimal(72), variants=("CH",), text="Swiss", source="SWISS"),
        rule(ICANS, (2, 2), WAITS, inpatient_h=Decimal(72), text="everywhere"),
    )
    made = plan(grade_rules=rules, variants=(variant("CH", observed(*ALL)), variant("US", observed(*ALL))))
    answer = ask(("two", 0), now=3 * D, of=made, region="US", state=replace(WELL, last_icans_grade=2))
    told_of = next(one for one in answer.criteria if one.code == "observation_after_dose")

    assert answer.inpatient_hours == 72
    assert (told_of.values["rule"], told_of.source) == ("everywhere", "A book")


IN_HOSPITAL = (observed(*ALL),)


def longer(region, grade, label, *, windows=IN_HOSPITAL):
    made = plan(grade_rules=LONGER, variants=(variant("CH", *windows), variant("US", *windows)))
    case = Case(
        plan=made, now_h=Decimal(72), doses=(Given(step="two", t_hours=Decimal(0)),), variant=region,
        state=replace(WELL, last_crs_grade=grade),
    )  # fmt: skip
    return longer_after(case, made.step(label))


@pytest.mark.parametrize(("region", "grade", "hours"), [
    ("CH", 2, 72), ("CH", 1, None), ("US", 2, None),
    (None, 2, 72), ("CH", None, 72),  # where it is not known which, the most
])  # fmt: skip
def test_a_dose_that_is_given_is_observed_for_the_most_hours(region, grade, hours):
    assert longer(region, grade, "three") == hours


@pytest.mark.parametrize(("windows", "hours"), [
    ((), 72), ((observed("three", hours=96),), 72), ((observed("three", hours=None),), None),
])  # fmt: skip
def test_a_window_without_a_known_length_goes_on_anyway(windows, hours):
    assert longer("CH", 2, "three", windows=windows) == hours


# --- Resolved for so many hours -----------------------------------------------------------------------------

THREE_DAYS = rule(CRS, (1, 1), WAITS, resolved_h=Decimal(72))
SINCE = [(None, "hold", UNKNOWN, None), ("71.9", "hold", NOT_MET, Decimal("72.1")), ("72", "go", MET, 72)]


@pytest.mark.parametrize(("since", "decision", "state", "earliest"), SINCE)
def test_both_sides_of_the_hours_since_it_was_resolved(since, decision, state, earliest):
    answer = after(CRS, 1, THREE_DAYS, hours_since_crs_resolved=None if since is None else Decimal(since))

    assert (answer.decision, standing(answer, "crs_resolved")) == (decision, state)
    assert answer.earliest_h == earliest


def test_only_rules_that_apply_are_cited_for_the_hours():
    """Another grade's rule asks for as many: it is not what this hold rests on."""
    other = replace(THREE_DAYS, from_grade=4, to_grade=4, source="OTHER")
    answer = after(CRS, 1, other, THREE_DAYS, hours_since_crs_resolved=Decimal(1))

    assert next(one.source for one in answer.criteria if one.code == "crs_resolved") == "A book"


def test_the_hours_are_not_needed_where_there_was_no_event():
    assert after(CRS, 0, THREE_DAYS, hours_since_crs_resolved=None).decision == "go"


def test_the_hours_are_not_needed_where_no_rule_asks_for_them():
    assert after(CRS, 2, THREE_DAYS, hours_since_crs_resolved=None).decision == "go"


def test_no_grade_and_no_hours_is_unknown():
    assert standing(after(CRS, None, THREE_DAYS), "crs_resolved") is UNKNOWN


# --- Before anything can have happened ----------------------------------------------------------------------


def test_a_pretreatment_opens_no_dose_period():
    made = plan(steps=(step("before", 1, opens_period=False), *(replace(s, position=s.position + 1) for s in STEPS)))
    known = replace(WELL, last_crs_grade=None, last_icans_grade=None)

    answer = ask(("before", 0), now=7 * D, of=made, state=known)

    assert standing(answer, "crs_grade_rule") is NOT_APPLICABLE
    assert answer.step == "one"


def test_the_first_dose_asks_for_no_grade():
    answer = ask(now=0, state=replace(WELL, last_crs_grade=None, last_icans_grade=None))

    assert (answer.decision, standing(answer, "icans_grade_rule")) == ("go", NOT_APPLICABLE)
