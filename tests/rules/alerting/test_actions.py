"""What an alert asks to be given (project decision: "an action is what the alert asks")."""

from itertools import product

import pytest

from grading.rules.alerting.actions import OF_CONDITION, OF_GRADE, drugs_asked, is_action
from grading.rules.alerting.policy.thresholds import ConditionCode

CLASSES = ("antipyretic", "anticytokine", "corticosteroid", "vasopressor", "oxygen", "fluid", "antibiotic", "other")
INDICATIONS = ("crs", "icans", "premedication", "prophylaxis", "other")


def action(kind, grade, drug_class, indication, condition="") -> bool:
    return is_action(kind=kind, grade=grade, condition=condition, drug_class=drug_class, indication=indication)


@pytest.mark.parametrize(
    ("kind", "grade", "drug_class", "indication", "is_it"),
    [
        # CRS 1: an antipyretic
        ("crs", 1, "antipyretic", "crs", True),
        ("crs", 1, "anticytokine", "crs", False),
        ("crs", 1, "corticosteroid", "crs", False),
        # CRS 2 and above: an anticytokine or a steroid for CRS
        ("crs", 2, "anticytokine", "crs", True),
        ("crs", 2, "corticosteroid", "crs", True),
        ("crs", 3, "corticosteroid", "crs", True),
        ("crs", 4, "anticytokine", "crs", True),
        ("crs", 2, "antipyretic", "crs", False),
        ("crs", 3, "antipyretic", "crs", False),
        ("crs", 3, "corticosteroid", "icans", False),
        ("crs", 3, "corticosteroid", "premedication", False),
        ("crs", 3, "anticytokine", "prophylaxis", False),
        # a provisional episode has no grade: it would be 2 at least
        ("crs", -1, "anticytokine", "crs", True),
        ("crs", -1, "corticosteroid", "crs", True),
        ("crs", -1, "antipyretic", "crs", False),
        # ICANS 2 and above: a steroid for ICANS
        ("icans", 2, "corticosteroid", "icans", True),
        ("icans", 4, "corticosteroid", "icans", True),
        ("icans", 2, "anticytokine", "icans", False),
        ("icans", 3, "corticosteroid", "crs", False),
        # ICANS 1 asks for looks, not for a drug; death for none
        ("icans", 1, "corticosteroid", "icans", False),
        ("crs", 5, "anticytokine", "crs", False),
        ("icans", 5, "corticosteroid", "icans", False),
        # any other drug entry touches no alert
        ("crs", 3, "oxygen", "crs", False),
        ("crs", 3, "antibiotic", "crs", False),
        ("crs", 3, "vasopressor", "crs", False),
        ("crs", 1, "fluid", "crs", False),
        ("icans", 3, "other", "icans", False),
    ],
)
def test_the_rise_of_a_grade(kind, grade, drug_class, indication, is_it):
    assert action(kind, grade, drug_class, indication) is is_it


@pytest.mark.parametrize(
    ("condition", "kind", "expected"),
    [
        ("fever_persisting", "crs", {"anticytokine", "corticosteroid"}),
        ("no_improvement_after_steroid", "crs", {"anticytokine"}),
        ("steroid_after_anti_il6", "crs", {"corticosteroid"}),
        ("steroid_after_anti_il6", "icans", {"corticosteroid"}),
        ("manage_as_next_grade", "crs", {"anticytokine", "corticosteroid"}),
        ("manage_as_next_grade", "icans", {"corticosteroid"}),
        ("tocilizumab_eligible", "crs", {"anticytokine"}),
        ("tocilizumab_maximum", "crs", set()),
        ("seizure_or_posturing", "icans", set()),
        ("ice_drop", "icans", set()),
        ("observation_overdue", "vitals", set()),
        ("window_ending", "window", set()),
        ("of_a_newer_version", "crs", set()),
    ],
)
def test_a_condition_asks_in_its_own_words(condition, kind, expected):
    assert drugs_asked(kind=kind, grade=3, condition=condition) == expected


def test_a_fever_before_the_first_dose_is_no_crs_and_asks_for_no_drug():
    asks = {"kind": "crs", "grade": 1, "condition": "", "drug_class": "antipyretic", "indication": "crs"}

    assert is_action(**asks, before_dosing=False)
    assert not is_action(**asks, before_dosing=True)


def test_every_condition_and_every_grade_has_its_row():
    assert set(OF_CONDITION) == set(ConditionCode)
    assert set(OF_GRADE) == {*product(("crs", "icans"), range(1, 6)), ("crs", -1)}


def test_only_a_drug_for_what_the_alert_tells_of_is_its_action():
    for (kind, grade), drug_class, indication in product(OF_GRADE, CLASSES, INDICATIONS):
        if action(kind, grade, drug_class, indication):
            assert indication == kind
            assert drug_class in ("antipyretic", "anticytokine", "corticosteroid")
