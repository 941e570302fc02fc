"""What is refused of a drug and what is typed again with a reason."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from grading.packs import read_pack
from grading.rules.drugs.checks import Entered, doubts, to_answer
from grading.rules.drugs.tocilizumab import Given

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RULES = read_pack().drugs


def entered(dose, unit="mg", *, drug="tocilizumab", drug_class="anticytokine", h=0):
    given = Given(at=START + timedelta(hours=h), indication="crs")
    amount = None if dose is None else Decimal(dose)
    return Entered(given=given, drug=drug, drug_class=drug_class, dose=amount, unit=unit)


def codes(one, kg="70", others=(), rules=RULES):
    weight = None if kg is None else Decimal(kg)
    return [(doubt.code, doubt.refuses) for doubt in doubts(one, weight_kg=weight, others=others, rules=rules)]


@pytest.mark.parametrize(
    ("dose", "found"),
    [
        ("560", []),
        ("550", []),  # 10 mg off: rounding
        ("570", []),
        ("549.9", [("other_dose", False)]),
        ("570.1", [("other_dose", False)]),
        ("112.1", [("other_dose", False)]),
        ("112", [("slip", True)]),  # a fifth
        ("56", [("slip", True)]),  # a tenth
        ("2799", [("above_cap", False)]),
        ("2800", [("slip", True)]),  # five times
        ("5600", [("slip", True)]),  # ten times
        ("801", [("above_cap", False)]),
        ("0", [("slip", True)]),
    ],
)
def test_for_70_kg_it_is_560_mg(dose, found):
    assert codes(entered(dose)) == found


@pytest.mark.parametrize(
    ("one", "kg", "found"),
    [
        (entered("560"), None, [("weight_first", True)]),
        (entered("8", "mg/kg"), "70", [("wrong_unit", True)]),
        (entered("0.56", "g"), "70", [("wrong_unit", True)]),
        (entered("560", ""), "70", [("wrong_unit", True)]),
        (entered(None), "70", [("dose_missing", True)]),
        (entered("560", drug_class="other"), "70", [("not_anticytokine", True)]),
        (entered("300"), "25", [("dose_not_known", False)]),
        (entered("801"), "100", [("above_cap", False)]),  # the cap is not rounded
        (entered("800"), "100", []),
        (entered("800"), "140", []),
    ],
)
def test_weight_unit_and_kind_come_first(one, kg, found):
    assert codes(one, kg) == found


def test_a_second_dose_too_early_is_asked_about():
    before = [Given(at=START, indication="crs")]

    assert codes(entered("560", h=7.9), others=before) == [("too_early", False)]
    assert codes(entered("560", h=8), others=before) == []


def test_without_drug_rules_nothing_is_computed_and_the_weight_still_comes_first():
    assert codes(entered("5600"), rules=None) == []
    assert codes(entered("5600"), kg=None, rules=None) == [("weight_first", True)]


@pytest.mark.parametrize(
    ("dose", "unit", "drug", "found"),
    [
        ("10", "mg", "dexamethasone", []),
        ("49.9", "mg", "dexamethasone", []),
        ("50", "mg", "dexamethasone", [("above_ladder", False)]),  # five times 10 mg
        ("1", "g", "methylprednisolone", []),
        ("2.5", "g", "methylprednisolone", [("above_ladder", False)]),  # five times 500 mg
        ("1", "mg/kg", "methylprednisolone", []),
        ("10", "ml", "dexamethasone", [("wrong_unit", True)]),
        ("5000", "mg", "hydrocortisone", []),  # the ladder does not name it
        ("5000", "mg", "paracetamol", []),
    ],
)
def test_steroids(dose, unit, drug, found):
    assert codes(entered(dose, unit, drug=drug, drug_class="corticosteroid")) == found


@pytest.mark.parametrize(
    ("retyped", "because", "left"), [(True, "ordered so", 0), (True, " ", 1), (False, "ordered so", 1)]
)
def test_only_a_second_typing_with_a_reason_answers(retyped, because, left):
    found = doubts(entered("280"), weight_kg=Decimal(70), others=(), rules=RULES)

    assert len(to_answer(found, retyped=retyped, because=because)) == left
