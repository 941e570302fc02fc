"""What was known at the dose: the last readings in [-24 h, 0], the last ICE, the stay. Hours count from the dose."""

from decimal import Decimal as D

import pytest

from grading.rules.course.periods.at_dose import setting_at
from tests.rules.course.periods.period_rows import DOSE, at, period, picked, seen

BEFORE = ("temperature_before_c", "sbp_before", "spo2_before")


def before(*sets, ice=None):
    row = period()
    row.look_back(sets, dosed_at=DOSE, ice=ice)
    return picked(row, *BEFORE)


def test_the_last_reading_of_each_is_taken_from_whichever_set_has_it():
    sets = (seen(-9, temperature_c=36.4, sbp=118, spo2=97), seen(-2, temperature_c=36.9), seen(-1, sbp=125))

    assert before(*sets) == (D("36.9"), D(125), D(97))


@pytest.mark.parametrize(
    ("h", "known"), [(-24.01, False), (-24, True), (0, True), (0.01, False)], ids=["older", "a day", "dose", "after"]
)
def test_both_ends_of_the_day_before_belong_to_it(h, known):
    assert before(seen(h, sbp=120)) == (None, D(120) if known else None, None)


def test_an_implausible_temperature_is_no_reading():
    assert before(seen(-3, temperature_c=36.6), seen(-1, temperature_c=29.9)) == (D("36.6"), None, None)


def test_nobody_looked():
    assert before() == (None, None, None)


STAYS = [
    ("no stay is on record", [], None),
    ("there", [(-5, None)], "INPATIENT"),
    ("arrived at that minute", [(0, None)], "INPATIENT"),
    ("left at that minute", [(-5, 0)], "OUTPATIENT"),
    ("came afterwards", [(3, None)], "OUTPATIENT"),
    ("the second of two", [(-50, -40), (-1, 9)], "INPATIENT"),
]


@pytest.mark.parametrize(("stays", "setting"), [row[1:] for row in STAYS], ids=[row[0] for row in STAYS])
def test_where_the_participant_was(stays, setting):
    assert setting_at(DOSE, [(at(came), None if left is None else at(left)) for came, left in stays]) == setting
