"""What is to be done about each hold: a fact to record, a number to set, somebody to ask."""

from dataclasses import replace
from decimal import Decimal

import pytest

from regimens.rules.gate.case import State
from regimens.rules.gate.texts import TEXTS
from regimens.rules.gate.to_do import AFTER, TO_DO
from regimens.rules.plan import After, Outcome
from tests.regimens.rules.gate.plans import ALL, STEPS, WELL, D, ask, interval, observed, on_site, plan, rule, variant

ONE = ("one", 0)
REGIONS = (variant("CH", observed(*ALL, hours=24)), variant("US", observed(*ALL)))
NO_MINIMUM = (STEPS[0], replace(STEPS[1], interval=interval(None, 3, 7)), *STEPS[2:])
NO_DAY = (*STEPS[:3], replace(STEPS[3], interval=interval(None, None)), STEPS[4])


def state(**changes):
    return replace(WELL, **changes)


HOLDS = [
    ("too early: wait", {"now": D}, "wait"),
    ("before the planned day: wait", {"now": D, "of": plan(steps=NO_MINIMUM)}, "wait"),
    ("an interval nobody knows", {"doses": ("three", 0), "of": plan(steps=NO_DAY)}, "set_interval"),
    ("a delay without a table", {"now": 9 * D, "of": plan(restart=None)}, "set_restart"),
    ("a window without a length", {"of": plan(variants=(variant("US", observed("one", hours=None)),))}, "set_window"),
    ("a region without windows", {"region": "EU"}, "set_window"),
    ("a region nobody knows", {"of": plan(variants=REGIONS), "region": None}, "set_region"),
    ("a window nobody closed", {"state": state(window_complete=None)}, "close_window"),
    ("a window that was missed", {"state": state(window_complete=False)}, "ask_for_release"),
    ("CRS open", {"state": state(crs_open=True)}, "record_until_resolved"),
    ("whether it is open is not known", {"state": state(crs_open=None)}, "record_a_set"),
    ("a grade nobody knows", {"state": state(last_icans_grade=None)}, "settle_the_grade"),
    ("a grade without a row", {"state": state(last_crs_grade=3)}, "set_grade_rule"),
    ("fatal", {"state": state(last_crs_grade=5)}, "discontinue"),
    ("no ICE", {"state": state(ice_at_baseline=None)}, "record_ice"),
    ("ICE below", {"state": state(ice_at_baseline=False)}, "record_ice_again"),
    ("infection not asked", {"state": state(active_infection=None)}, "answer_infection"),
    ("infection", {"state": state(active_infection=True)}, "answer_infection_again"),
    ("tocilizumab not asked", {"of": plan(on_site=on_site("two"))}, "answer_on_site"),
    ("no tocilizumab", {"of": plan(on_site=on_site("two")), "state": state(tocilizumab_on_site=0)},
     "fetch_tocilizumab"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "code"), [row[1:] for row in HOLDS], ids=[row[0] for row in HOLDS])
def test_each_hold_has_its_one_thing(arguments, code):
    kept = {"now": 3 * D if "doses" not in arguments else 7 * D} | arguments
    answer = ask(kept.pop("doses", ONE), **kept)

    assert answer.decision in ("hold", "stop")
    assert answer.to_do.code == code
    assert answer.to_do.text


def test_a_rule_that_stops_comes_before_all_else():
    made = plan(grade_rules=(rule(After.CRS, (4, 4), Outcome.STOP),))
    answer = ask(ONE, now=D, of=made, state=State(last_crs_grade=4))

    assert answer.to_do.code == "discontinue"


def test_waiting_comes_last():
    """A day after the first dose, and nobody said whether there is an infection."""
    assert ask(ONE, now=D, state=state(active_infection=None)).to_do.code == "answer_infection"


def test_the_words_carry_the_values():
    answer = ask(ONE, now=3 * D, state=state(last_crs_grade=3, hours_since_crs_resolved=Decimal(40)))

    assert answer.to_do.text.startswith("Take what follows CRS grade 3 from the label in force;")


def test_what_goes_needs_nothing():
    answer = ask(ONE, now=3 * D)

    assert (answer.decision, answer.to_do) == ("go", None)


def test_the_two_tables_know_each_other():
    assert set(AFTER) <= set(TEXTS)
    assert set(AFTER.values()) | {"wait"} == set(TO_DO)
