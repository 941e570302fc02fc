"""What is refused of a drug and what is typed again with a reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from grading.policies.library import read_policy
from grading.rules.drugs.names import generic, reading
from grading.rules.treatment.checks import Entered, doubts, to_answer, weight_doubts
from grading.rules.treatment.tocilizumab import TocilizumabDose

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RULES = read_policy().drugs


def entered(dose, unit="mg", *, drug="tocilizumab", drug_class="anticytokine", h=0, indication="crs"):
    given = TocilizumabDose(at=START + timedelta(hours=h), indication=indication)
    amount = None if dose is None else Decimal(dose)
    return Entered(given=given, drug=generic(drug), typed=reading(drug), drug_class=drug_class, dose=amount, unit=unit)


def codes(one, kg="70", others=(), rules=RULES):
    weight = None if kg is None else Decimal(kg)
    return [(doubt.code, doubt.refuses) for doubt in doubts(one, weight_kg=weight, others=others, rules=rules)]


@pytest.mark.parametrize(
    ("dose", "expected"),
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
def test_for_70_kg_it_is_560_mg(dose, expected):
    assert codes(entered(dose)) == expected


@pytest.mark.parametrize(
    ("one", "kg", "expected"),
    [
        (entered("560"), None, [("weight_first", True)]),
        (entered("8", "mg/kg"), "70", [("wrong_unit", True)]),
        (entered("0.56", "g"), "70", [("wrong_unit", True)]),
        (entered("560", ""), "70", [("wrong_unit", True)]),
        (entered(None), "70", [("dose_missing", True)]),
        (entered("300"), "25", [("dose_not_known", False)]),
        (entered("801"), "100", [("above_cap", False)]),  # the cap is not rounded
        (entered("800"), "100", []),
        (entered("800"), "140", []),
    ],
)
def test_weight_unit_and_kind_come_first(one, kg, expected):
    assert codes(one, kg) == expected


def test_a_second_dose_too_early_is_asked_about():
    before = [TocilizumabDose(at=START, indication="crs")]

    assert codes(entered("560", h=7.9), others=before) == [("too_early", False)]
    assert codes(entered("560", h=8), others=before) == []


def test_without_drug_rules_nothing_is_computed_and_the_weight_still_comes_first():
    assert codes(entered("5600"), rules=None) == []
    assert codes(entered("5600"), kg=None, rules=None) == [("weight_first", True)]


@pytest.mark.parametrize(
    ("dose", "unit", "drug", "expected"),
    [
        ("10", "mg", "dexamethasone", []),
        ("49.9", "mg", "dexamethasone", []),
        ("50", "mg", "dexamethasone", [("above_ladder", False)]),  # five times 10 mg
        ("1", "g", "methylprednisolone", []),
        ("2.5", "g", "methylprednisolone", [("above_ladder", False)]),  # five times 500 mg
        ("1", "mg/kg", "methylprednisolone", []),
        ("10", "ml", "dexamethasone", [("wrong_unit", True)]),
        ("1000", "mg", "Decadron", [("above_ladder", False)]),
        ("1", "mg/kg", "dexamethasone", [("above_ladder", False)]),  # 70 mg
        ("0.1", "mg/kg", "dexamethasone", []),
        ("100", "mg/kg", "dexamethasone", [("above_ladder", False)]),
        ("100", "mg/kg", "methylprednisolone", [("above_ladder", False)]),
        ("1249", "mg", "methylprednisolone", []),
        ("1250", "mg", "methylprednisolone", [("tenfold", False)]),  # ten times 125 mg
        ("600", "mg", "methylprednisolone", [("tenfold", False)]),  # ten times 60 mg
        ("1000", "mg", "methylprednisolone", []),
        # not in the ladder, whose largest dose is 500 mg of methylprednisolone: 93.75 mg of dexamethasone
        ("2500", "mg", "hydrocortisone", []),
        ("2501", "mg", "hydrocortisone", [("above_equivalent", False)]),
        ("10000", "mg", "hydrocortisone", [("above_equivalent", False)]),
        ("625", "mg", "prednisolone", []),
        ("626", "mg", "prednisolone", [("above_equivalent", False)]),
        ("100000", "mg", "prednisolone", [("above_equivalent", False)]),
    ],
)
def test_steroids(dose, unit, drug, expected):
    assert codes(entered(dose, unit, drug=drug, drug_class="corticosteroid")) == expected


def test_a_hundred_times_a_dose_of_a_ladder_is_a_slip_below_five_times_its_largest():
    small = replace(RULES.ladder[0], dose=Decimal("0.1"))
    rules = replace(RULES, ladder=(RULES.ladder[0], small))  # 10 mg and 0.1 mg

    assert codes(entered("10", drug="dexamethasone", drug_class="corticosteroid"), rules=rules) == [("tenfold", False)]


def test_per_kilogram_without_a_weight_is_typed_again():
    steroid = entered("1", "mg/kg", drug="methylprednisolone", drug_class="corticosteroid")

    assert codes(steroid, kg=None) == [("steroid_unweighed", False)]
    assert codes(entered("10", drug="dexamethasone", drug_class="corticosteroid"), kg=None) == []


def test_a_ladder_per_kilogram_is_converted_too():
    per_kg = replace(RULES.ladder[0], dose=Decimal("0.1"), unit="mg/kg")  # 7 mg at 70 kg
    rules = replace(RULES, ladder=(per_kg,))
    steroid = entered("35", drug="dexamethasone", drug_class="corticosteroid")

    assert codes(steroid, rules=rules) == [("above_ladder", False)]
    assert codes(entered("34.9", drug="dexamethasone", drug_class="corticosteroid"), rules=rules) == []
    assert codes(steroid, kg=None, rules=rules) == [("steroid_unweighed", False)]


@pytest.mark.parametrize(
    ("indication", "has_doubt"),
    [("crs", True), ("icans", True), ("other", True), ("premedication", False), ("prophylaxis", False)],
)
@pytest.mark.parametrize("drug", ["dexamethasone", "cortivazol"])
def test_a_steroid_that_treats_has_a_dose(indication, has_doubt, drug):
    one = entered(None, "", drug=drug, drug_class="corticosteroid", indication=indication)

    assert (("steroid_dose_missing", False) in codes(one)) == has_doubt


@pytest.mark.parametrize(
    ("drug", "drug_class", "expected"),
    [
        ("Tyenne", "anticytokine", [("slip", True)]),  # 5600 mg
        ("tocilizumab IV", "anticytokine", [("slip", True)]),
        ("tocilizumb", "anticytokine", [("drug_meant", False)]),
        ("tocilizumb", "antibiotic", [("drug_meant", False)]),
        ("sarilumab", "anticytokine", [("drug_not_known", False)]),
        ("sarilumab", "other", []),
        ("anakinra", "anticytokine", []),
        ("dexamethasone", "anticytokine", [("above_ladder", False)]),
        ("Decadron", "other", [("above_ladder", False)]),
        ("anakinra", "corticosteroid", []),
        ("siltuximab", "other", []),
        ("Tylenol", "other", []),
        ("paracetamol", "corticosteroid", []),
        ("paracetamo", "other", [("drug_meant", False)]),
        ("paracetamo", "antipyretic", []),  # nothing of it is counted, and its class is right
        ("dexamethason", "antipyretic", [("drug_meant", False)]),
        ("hydrocortisone cream", "other", []),
        ("cortivazol", "corticosteroid", [("drug_not_known", False)]),
        ("dexamethason", "corticosteroid", [("drug_meant", False)]),
        ("tocilizumab and dexamethasone", "anticytokine", [("several_drugs", True)]),
        ("paracetamol", "antipyretic", []),
        ("cefepime", "antibiotic", []),
    ],
)
def test_a_name_that_is_not_known_is_asked_about(drug, drug_class, expected):
    assert codes(entered("5600", drug=drug, drug_class=drug_class)) == expected


@pytest.mark.parametrize(
    ("kg", "before", "code"),
    [
        ("70", None, None),
        ("35", None, None),
        ("34.9", None, "unusual"),
        ("150", None, None),
        ("154", None, "unusual"),  # 70 kg in pounds
        ("7", None, "unusual"),
        ("84", "70", None),  # 20 %
        ("84.1", "70", "changed"),
        ("56", "70", None),
        ("55.9", "70", "changed"),
        ("7", "70", "changed"),
        ("400", "70", "changed"),
        ("20", "21", None),  # a child's second weight
        ("1.9", "70", "refused"),
        ("400.1", None, "refused"),
    ],
)
def test_weights(kg, before, code):
    doubt_list = weight_doubts(Decimal(kg), before=None if before is None else Decimal(before))

    assert [one.code for one in doubt_list] == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("retyped", "because", "left"),
    [(["dose"], "ordered so", 0), (["dose"], " ", 1), ([], "ordered so", 1), (["drug"], "ordered so", 1)],
)
def test_only_a_second_typing_with_a_reason_answers(retyped, because, left):
    doubt_list = doubts(entered("280"), weight_kg=Decimal(70), others=(), rules=RULES)

    assert len(to_answer(doubt_list, retyped=retyped, because=because)) == left


def test_where_nothing_was_typed_the_reason_alone_answers():
    doubt_list = doubts(
        entered(None, "", drug="dexamethasone", drug_class="corticosteroid"), weight_kg=None, others=(), rules=RULES
    )

    assert len(to_answer(doubt_list, retyped=[], because="")) == 1
    assert to_answer(doubt_list, retyped=[], because="chart lost") == []
