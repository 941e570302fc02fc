"""Every boundary that the published regimens print, both sides of it, copied from the labels' own words."""

from dataclasses import replace
from decimal import Decimal

import pytest

from regimens.library import names, plan_named
from regimens.rules.gate.answer import Standing
from tests.regimens.rules.gate.plans import WELL, D, ask, decision_and_step, standing

WEEKS = 7
LATER_FL = "mono: C2-3 weekly, C4-9 d1,15, C10+ d1; with R2: C2-3 weekly, C4-12 d1"
LATER_LBCL = "C2-3 d1,8,15,22; C4-9 d1,15; C10+ d1"

# regimen, last dose, last day the row does not apply, first day it does, where to restart (None: what it says was
# not found), as the label's table words it
ROWS = [
    ("teclistamab", "step-up 1", 7, 8, "step-up 1"),  # >7 d: restart at step-up 1
    ("teclistamab", "step-up 2", 7, 8, "step-up 2"),  # 8-28 d: repeat step-up 2 then continue
    ("teclistamab", "step-up 2", 28, 29, "step-up 1"),  # >28 d: restart at step-up 1
    ("teclistamab", "first treatment dose", 28, 29, "step-up 2"),  # 29-56 d: restart at step-up 2
    ("teclistamab", "first treatment dose", 56, 57, "step-up 1"),  # >56 d: restart at step-up 1
    ("teclistamab", "weekly", 28, 29, "step-up 2"),
    ("teclistamab", "weekly", 56, 57, "step-up 1"),
    ("teclistamab", "every 2 weeks", 63, 64, "step-up 2"),  # 64-112 d: restart at step-up 2
    ("teclistamab", "every 2 weeks", 112, 113, "step-up 1"),  # >112 d: restart at step-up 1
    ("epcoritamab_LBCL", "step-up 1", 8, 9, "step-up 1"),  # 0.16 mg, >8 d: repeat cycle 1 from 0.16 mg
    ("epcoritamab_LBCL", "step-up 2", 14, 15, "step-up 1"),  # 0.8 mg, >14 d: repeat cycle 1 from 0.16 mg
    ("epcoritamab_LBCL", "first full dose", 6 * WEEKS, 6 * WEEKS + 1, "step-up 1"),  # 48 mg, >6 weeks
    ("epcoritamab_LBCL", "C1D22", 6 * WEEKS, 6 * WEEKS + 1, "step-up 1"),
    ("epcoritamab_LBCL", LATER_LBCL, 6 * WEEKS, 6 * WEEKS + 1, "step-up 1"),
    ("epcoritamab_FL", "step-up 1", 8, 9, None),  # >8 d: see label
    ("epcoritamab_FL", "step-up 2", 8, 9, None),  # >8 d here, where LBCL has 14
]


@pytest.mark.parametrize(("regimen", "last", "before", "since", "restart"), ROWS)
def test_both_sides_of_every_restart_row(regimen, last, before, since, restart):
    made = plan_named(regimen)
    day_before, day_of = (ask((last, 0), now=days * D, of=made) for days in (before, since))

    if restart is None:
        assert standing(day_of, "restart_row_unknown") is Standing.UNKNOWN
        assert day_of.decision == "hold"
        assert standing(day_before, "restart_row_unknown") is None
        return
    assert day_of.step == restart
    criterion = next(one for one in day_of.criteria if one.code == "restart_table")
    assert criterion.state is Standing.MET
    assert criterion.text.endswith(f" Restart at {restart}.")  # what is read is what is given
    assert standing(day_before, "restart_table") is Standing.MET
    assert (day_before.step, day_before.decision) != (restart, day_of.decision)


GOES_ON = [  # the last day on which the table says: go on
    ("teclistamab", "step-up 1", 7, "step-up 2"),
    ("teclistamab", "step-up 2", 7, "first treatment dose"),
    ("teclistamab", "first treatment dose", 28, "weekly"),  # continue 1.5 mg/kg weekly
    ("teclistamab", "weekly", 28, "weekly"),
    ("teclistamab", "every 2 weeks", 63, "every 2 weeks"),  # continue 2-weekly
    ("epcoritamab_LBCL", "step-up 1", 8, "step-up 2"),
    ("epcoritamab_LBCL", "step-up 2", 14, "first full dose"),  # give 48 mg then resume
    ("epcoritamab_LBCL", "first full dose", 42, "C1D22"),
    ("epcoritamab_LBCL", "C1D22", 42, LATER_LBCL),
    ("epcoritamab_LBCL", LATER_LBCL, 42, LATER_LBCL),
]


@pytest.mark.parametrize(("regimen", "last", "days", "expected"), GOES_ON)
def test_until_then_it_goes_on_as_planned(regimen, last, days, expected):
    answer = ask((last, 0), now=days * D, of=plan_named(regimen))

    assert answer.step == expected
    assert standing(answer, "restart_table") is Standing.MET


FIRST, SECOND = "C1 d1-7, >=45 kg", "C1 d8-28, >=45 kg"
STOPPED = [  # blinatumomab: step, day it was stopped, days since then, step to give
    (FIRST, 3, 7, FIRST),  # interruption <=7 d: continue same cycle
    (FIRST, 3, 8, FIRST),  # >7 d: start new cycle
    (FIRST, 7, 0, SECOND),  # it ran its seven days: the next rate is due
    (FIRST, 7, 7, SECOND),
    (FIRST, 7, 8, FIRST),
    (SECOND, 5, 7, None),  # what follows the second rate was not found, so nothing is guessed
    (SECOND, 5, 8, FIRST),
]


@pytest.mark.parametrize(("last", "ran", "since", "expected"), STOPPED)
def test_a_table_that_counts_from_an_interruption(last, ran, since, expected):
    made, now = plan_named("blinatumomab_RR_ALL"), (ran + since) * D
    stopped = replace(WELL, hours_since_infusion_stopped=Decimal(since * D))
    answer = ask((last, 0), now=now, of=made, state=stopped)

    criterion = next(one for one in answer.criteria if one.code == "restart_table")
    assert (answer.step, criterion.state) == (expected, Standing.MET)
    assert criterion.sentence == ("stop_restarts" if since > 7 else "stop_goes_on")
    assert criterion.from_h == (ran * D + 8 * D - 9 if since > 7 else None)  # the midnight that begins the eighth day
    assert answer.decision == "hold"  # how long it is observed was not found


SEE_LABEL = [  # rows that exist, whose words were not found: every delay of them holds; day 7 and one more is none
    ("step-up 3", 9), ("step-up 3", 14), ("step-up 3", 15), ("first full dose", 9), ("first full dose", 42),
    ("first full dose", 43),
]  # fmt: skip


@pytest.mark.parametrize(("last", "days"), SEE_LABEL)
def test_a_row_that_only_says_see_label_holds(last, days):
    answer = ask((last, 0), now=days * D, of=plan_named("epcoritamab_FL"))

    criterion = next(one for one in answer.criteria if one.code == "restart_row_unknown")
    assert (answer.decision, criterion.state, criterion.sentence) == ("hold", Standing.UNKNOWN, "row_unknown")
    assert "see label" in criterion.text


@pytest.mark.parametrize(("last", "expected"), [("step-up 3", "first full dose"), ("first full dose", LATER_FL)])
@pytest.mark.parametrize("days", [7, 8])
def test_on_the_printed_day_a_row_of_a_delay_does_not_matter(last, expected, days):
    answer = ask((last, 0), now=days * D, of=plan_named("epcoritamab_FL"))

    assert (answer.step, standing(answer, "restart_row_unknown")) == (expected, Standing.MET)


def test_no_row_of_the_library_is_left_out():
    """One boundary of the tables above for each row that ends something or sends back."""
    tables = {name: plan_named(name) for name in names()}
    counted = {
        (name, last, row.from_d, row.restart_at)
        for name, made in tables.items()
        if not made.restart_from_interruption
        for row in made.restart or ()
        for last in row.last
        if row.restart_at is not None
    }

    assert counted == {(name, last, since, at) for name, last, _, since, at in ROWS if at is not None}


# regimens.yaml says of each that the next-dose table by grade exists, and that it or its actions were not visible
TABLE_NOT_FOUND = [
    ("teclistamab", "crs"), ("linvoseltamab", "crs"), ("linvoseltamab", "icans"), ("talquetamab_weekly", "crs"),
    ("talquetamab_weekly", "icans"), ("talquetamab_biweekly", "crs"), ("mosunetuzumab_IV", "crs"),
    ("odronextamab_FL", "crs"), ("odronextamab_DLBCL", "icans"), ("tarlatamab", "icans"),
]  # fmt: skip


@pytest.mark.parametrize(("regimen", "event"), TABLE_NOT_FOUND)
@pytest.mark.parametrize(
    ("grade", "state"), [(1, Standing.MET), (2, Standing.MET), (3, Standing.UNKNOWN), (4, Standing.UNKNOWN)]
)
def test_only_grade_3_and_more_hold_where_the_labels_table_was_not_found(regimen, event, grade, state):
    made = plan_named(regimen)
    known = replace(WELL, **{f"last_{event}_grade": grade})

    answer = ask((made.steps[0].label, 0), now=7 * D, of=made, state=known)

    assert standing(answer, f"{event}_grade_rule") is state
    assert grade < 3 or answer.decision == "hold"


# The label has a row whose next dose was truncated or stripped (management.yaml): what follows is not known
NEXT_DOSE_NOT_FOUND = [
    ("elranatamab", 3), ("elranatamab", 4), ("epcoritamab_LBCL", 3), ("epcoritamab_LBCL", 4), ("epcoritamab_FL", 3),
    ("glofitamab", 2), ("glofitamab", 3), ("glofitamab", 4), ("tarlatamab", 3), ("mosunetuzumab_IV", 3),
    ("linvoseltamab", 3),
]  # fmt: skip


@pytest.mark.parametrize(("regimen", "grade"), NEXT_DOSE_NOT_FOUND)
def test_a_grade_whose_next_dose_was_not_found_holds(regimen, grade):
    made = plan_named(regimen)
    known = replace(WELL, last_crs_grade=grade, grade3_plus_crs_events=1, hours_since_crs_resolved=Decimal(500))

    answer = ask((made.steps[1].label, 0), now=21 * D, of=made, state=known)

    assert (answer.decision, standing(answer, "crs_grade_rule")) == ("hold", Standing.UNKNOWN)


NO_TABLE = [  # last dose, last day that is no delay: the label's own, or the planned day and one more
    ("linvoseltamab", "step-up 1", 8), ("linvoseltamab", "weekly", 8),
    ("talquetamab_weekly", "step-up 1", 7), ("talquetamab_weekly", "step-up 2", 7), ("talquetamab_weekly", "weekly", 8),
    ("talquetamab_biweekly", "step-up 1", 7), ("talquetamab_biweekly", "step-up 3", 7),
    ("talquetamab_biweekly", "every 2 weeks", 15),
    ("elranatamab", "step-up 1", 4), ("elranatamab", "step-up 2", 5), ("elranatamab", "weekly to week 24", 8),
    ("glofitamab", "step-up 1", 8), ("glofitamab", "step-up 2", 8), ("glofitamab", "C2D1 first target", 22),
    ("mosunetuzumab_IV", "C1D1", 8), ("mosunetuzumab_IV", "C1D15", 8), ("mosunetuzumab_IV", "C2D1", 22),
    ("tarlatamab", "C1D1 step-up", 8), ("tarlatamab", "C1D8", 8),
    ("tebentafusp", "dose 1", 8), ("tebentafusp", "weekly", 8),
    ("odronextamab_FL", "C1D1", 2), ("odronextamab_FL", "C1D2", 7), ("odronextamab_DLBCL", "C1D8", 2),
]  # fmt: skip


@pytest.mark.parametrize(("regimen", "last", "day"), NO_TABLE)
def test_a_regimen_without_a_table_holds_beyond_its_slack(regimen, last, day):
    made = plan_named(regimen)
    within, beyond = ask((last, 0), now=day * D, of=made), ask((last, 0), now=(day + 1) * D, of=made)

    assert standing(within, "restart_table_unknown") is Standing.MET
    assert (beyond.decision, standing(beyond, "restart_table_unknown")) == ("hold", Standing.UNKNOWN)


@pytest.mark.parametrize("regimen", names())
def test_without_a_known_table_a_long_delay_is_never_go(regimen):
    made = plan_named(regimen)
    for step in made.steps:
        answer = ask((step.label, 0), now=400 * D, of=made)
        assert answer.decision in ("hold", "restart")
        assert made.restart is not None or answer.decision == "hold"


INTERVALS = [  # last dose, next step, days that are too few, days that are enough
    ("teclistamab", "step-up 1", "step-up 2", 1, 2),  # 2 to 4 days after
    ("teclistamab", "step-up 2", "first treatment dose", 1, 2),
    ("talquetamab_weekly", "step-up 1", "step-up 2", 1, 2),
    ("talquetamab_weekly", "step-up 2", "first treatment dose", 1, 2),
    ("talquetamab_weekly", "weekly", "weekly", 5, 6),  # at least 6 days between maintenance doses
    ("talquetamab_biweekly", "step-up 3", "first treatment dose", 1, 2),
    ("talquetamab_biweekly", "every 2 weeks", "every 2 weeks", 11, 12),  # at least 12 days
    ("linvoseltamab", "weekly", "weekly", 4, 5),  # weekly doses at least 5 days apart
    ("odronextamab_FL", "C1D1", "C1D2", 0, 1),  # split over two days
    ("odronextamab_DLBCL", "C1D15", "C1D16", 0, 1),
]


@pytest.mark.parametrize(("regimen", "last", "expected", "few", "enough"), INTERVALS)
def test_both_sides_of_every_minimum_interval(regimen, last, expected, few, enough):
    made = plan_named(regimen)
    early, due = ask((last, 0), now=few * D, of=made), ask((last, 0), now=enough * D, of=made)

    assert (early.decision, standing(early, "minimum_interval")) == ("hold", Standing.NOT_MET)
    assert (due.step, standing(due, "minimum_interval")) == (expected, Standing.MET)


# regimen, last dose, days between the printed ones
NO_MINIMUM_PRINTED = [
    ("linvoseltamab", "step-up 1", 7), ("linvoseltamab", "every 2 weeks", 14), ("elranatamab", "step-up 1", 3),
    ("elranatamab", "step-up 2", 4), ("elranatamab", "every 4 weeks", 28), ("epcoritamab_LBCL", "step-up 1", 7),
    ("epcoritamab_FL", "step-up 1", 7), ("glofitamab", "step-up 1", 7), ("glofitamab", "C2D1 first target", 21),
    ("mosunetuzumab_IV", "C1D1", 7), ("mosunetuzumab_IV", "C3+ D1", 21), ("tarlatamab", "C1D1 step-up", 7),
    ("tarlatamab", "C2+ D1, D15", 14), ("tebentafusp", "dose 1", 7), ("odronextamab_FL", "C1D2", 6),
    ("teclistamab", "every 2 weeks", 14), ("odronextamab_DLBCL", "every 2 weeks", 14),
]  # fmt: skip


@pytest.mark.parametrize(("regimen", "last", "planned"), NO_MINIMUM_PRINTED)
def test_where_no_minimum_was_found_it_is_the_printed_day(regimen, last, planned):
    made = plan_named(regimen)
    early, due = (
        standing(ask((last, 0), now=days * D, of=made), "minimum_interval") for days in (planned - 1, planned)
    )

    assert (early, due) == (Standing.UNKNOWN, Standing.MET)


def test_two_weekly_teclistamab_goes_on_to_day_63():
    """<=63 d: continue 2-weekly; no minimum is printed for it."""
    answer = ask(("every 2 weeks", 0), now=63 * D, of=plan_named("teclistamab"))

    assert decision_and_step(answer) == ("go", "every 2 weeks")


def test_days_that_no_source_prints_hold():
    """Odronextamab in DLBCL: how long a cycle is was not found, and so not from C1D16 to C2D1."""
    answer = ask(("C1D16", 0), now=7 * D, of=plan_named("odronextamab_DLBCL"))

    assert (answer.decision, standing(answer, "minimum_interval")) == ("hold", Standing.UNKNOWN)


GLOFITAMAB = [("71.5", Standing.NOT_MET), ("72", Standing.MET)]  # symptoms resolved >=72 h before the next dose


@pytest.mark.parametrize(("since", "state"), GLOFITAMAB)
def test_glofitamab_waits_72_hours_after_grade_1(since, state):
    known = replace(WELL, last_crs_grade=1, hours_since_crs_resolved=Decimal(since))

    assert standing(ask(("step-up 1", 0), now=7 * D, of=plan_named("glofitamab"), state=known), "crs_resolved") is state


HOURS = [  # regimen, region, doses so far, grade of the last, hours after the next
    ("teclistamab", "US", (), 0, 48),  # each step, in hospital
    ("teclistamab", "EU", (("step-up 1", 0),), 0, 48),
    ("teclistamab", "CH", (("first treatment dose", 0),), 0, None),  # none named for weekly doses
    ("teclistamab", "CH", (("first treatment dose", 0),), 2, 48),  # after G2 CRS >=48 h inpatient
    ("elranatamab", "US", (), 0, 48),
    ("elranatamab", "US", (("step-up 1", 0),), 0, 24),
    ("linvoseltamab", "US", (("step-up 1", 0),), 0, 24),
    ("linvoseltamab", "US", (("step-up 2", 0),), 0, None),  # how long after the first 200 mg was not found
    ("epcoritamab_LBCL", "US", (("step-up 2", 0),), 0, 24),
    ("glofitamab", "CH", (("step-up 1", 0),), 1, 24),  # 10 mg: 24 h after any CRS at 2.5 mg
    ("glofitamab", "CH", (("step-up 1", 0),), 0, None),
    ("glofitamab", "CH", (("step-up 2", 0),), 1, None),  # 30 mg: only from grade 2 on
    ("glofitamab", "CH", (("step-up 2", 0),), 2, 24),
    ("tebentafusp", "US", (), 0, 16),  # first three: 16 h from the end of the infusion
    ("talquetamab_weekly", "CH", (("first treatment dose", 0),), 3, 36),
    ("odronextamab_FL", "EU", (("C1D1", 0),), 0, 24),
    ("odronextamab_FL", "EU", (("C1D16", 0),), 0, 24),  # the first full dose
    ("tarlatamab", "US", (("C1D15", 0),), 0, 8),  # C1D15 and C2: 6-8 h
    ("tarlatamab", "US", (("C1D15", 0),), 2, 24),  # next dose after G2: 22-24 h
    ("mosunetuzumab_IV", "CH", (("C1D1", 0),), 1, None),  # no window is named
    ("mosunetuzumab_IV", "CH", (("C1D1", 0),), 2, 72),  # after G>=2: 72 h with the next dose
    ("mosunetuzumab_IV", "US", (("C1D1", 0),), 2, None),  # Swiss alone
]  # fmt: skip


@pytest.mark.parametrize(("regimen", "region", "doses", "grade", "hours"), HOURS)
def test_hours_of_observation(regimen, region, doses, grade, hours):
    known = replace(WELL, last_crs_grade=grade, hours_since_crs_resolved=Decimal(500))

    now = max((at for _, at in doses), default=0) + 7 * D

    assert ask(*doses, now=now, of=plan_named(regimen), region=region, state=known).inpatient_hours == hours


GRADES = [  # regimen, last dose, CRS grade, events of grade 3 or more, decision and step
    ("tarlatamab", "C1D1 step-up", 4, 1, ("stop", None)),  # G4: permanently discontinue
    ("tarlatamab", "C1D1 step-up", 3, 2, ("stop", None)),  # recurrent G3: the same
    ("tebentafusp", "dose 2", 4, 1, ("stop", None)),  # life-threatening: permanently discontinue
    ("tebentafusp", "weekly", 3, 1, ("go", "weekly")),
    ("blinatumomab_RR_ALL", "C1 d1-7, >=45 kg", 4, 1, ("stop", None)),
    ("teclistamab", "step-up 1", 3, 1, ("hold", "step-up 2")),  # what it says of G3 was not found
]


@pytest.mark.parametrize(("regimen", "last", "grade", "events", "decision"), GRADES)
def test_what_a_label_says_of_a_grade(regimen, last, grade, events, decision):
    known = replace(WELL, last_crs_grade=grade, grade3_plus_crs_events=events)

    assert decision_and_step(ask((last, 0), now=7 * D, of=plan_named(regimen), state=known)) == decision


def test_tebentafusp_is_given_again_at_the_same_dose_after_a_severe_event():
    """Resume at the same dose, do not escalate."""
    known = replace(WELL, last_crs_grade=3)

    assert decision_and_step(ask(("dose 2", 0), now=7 * D, of=plan_named("tebentafusp"), state=known)) == (
        "go",
        "dose 2",
    )


def test_blinatumomab_starts_again_at_9_ug_after_grade_3():
    known = replace(WELL, last_crs_grade=3)
    answer = ask(("C1 d8-28, >=45 kg", 0), now=5 * D, of=plan_named("blinatumomab_RR_ALL"), state=known)

    assert answer.step == "C1 d1-7, >=45 kg"


@pytest.mark.parametrize("regimen", names())
def test_every_regimen_begins_with_its_first_step(regimen):
    made = plan_named(regimen)

    assert decision_and_step(ask(now=0, of=made, state=replace(WELL, tocilizumab_on_site=2))) == (
        "go",
        made.steps[0].label,
    )


@pytest.mark.parametrize("regimen", names())
def test_every_criterion_of_every_step_can_be_said(regimen):
    made = plan_named(regimen)
    for step in made.steps:
        for grade in range(6):
            answer = ask((step.label, 0), now=7 * D, of=made, state=replace(WELL, last_crs_grade=grade))
            assert all(one.text and "None" not in one.text for one in answer.criteria), step.label


ON_SITE = [  # "glofitamab/odronextamab EU: one dose on site before infusion in the early cycles"
    ("glofitamab", "EU", "step-up 1", Standing.UNKNOWN), ("glofitamab", "US", "step-up 1", Standing.NOT_APPLICABLE),
    ("glofitamab", "CH", "step-up 1", Standing.NOT_APPLICABLE), ("odronextamab_FL", "EU", "C1D1", Standing.UNKNOWN),
    ("glofitamab", None, "step-up 1", Standing.UNKNOWN),  # the region is not known: it may be Europe
]  # fmt: skip


@pytest.mark.parametrize(("regimen", "region", "last", "state"), ON_SITE)
def test_tocilizumab_on_site_is_asked_in_europe(regimen, region, last, state):
    answer = ask((last, 0), now=7 * D, of=plan_named(regimen), region=region)

    assert standing(answer, "tocilizumab_on_site") is state


def test_hours_asked_for_after_icans_in_the_us_do_not_cite_switzerland():
    """Teclistamab: 48 h after ICANS G2 everywhere; the Swiss label asks for as many after CRS G2."""
    known = replace(WELL, last_icans_grade=2)
    answer = ask(("first treatment dose", 0), now=7 * D, of=plan_named("teclistamab"), region="US", state=known)
    told_of = next(one for one in answer.criteria if one.code == "observation_after_dose")

    assert answer.inpatient_hours == 48
    assert "Swiss" not in told_of.text
    assert told_of.source == "JADPRO 2023 Table 5: Tecvayli ICANS (from US PI)"
