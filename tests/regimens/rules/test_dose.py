"""The dose of a step for a recorded weight, in exact numbers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regimens.library import plan_named
from regimens.rules.dose import NoDose, cohort_of, dose_for, total_mg
from regimens.rules.plan import Cohort

D = Decimal
FIRST, SECOND = "C1 d1-7, >=45 kg", "C1 d8-28, >=45 kg"

# regimen, step, weight in kg, amount, its unit
DOSES = [
    ("teclistamab", "step-up 1", "70", "4.20", "mg"),  # 0.06 mg/kg
    ("teclistamab", "step-up 2", "70.5", "21.15", "mg"),  # 0.3 mg/kg
    ("teclistamab", "weekly", "63.3", "94.95", "mg"),  # 1.5 mg/kg
    ("talquetamab_weekly", "step-up 1", "81.7", "0.817", "mg"),  # 0.01 mg/kg
    ("linvoseltamab", "step-up 2", "70", "25", "mg"),
    ("linvoseltamab", "step-up 2", None, "25", "mg"),
    ("tebentafusp", "dose 3", None, "68", "ug"),
    ("blinatumomab_RR_ALL", FIRST, "45", "9", "ug/day"),
    ("blinatumomab_RR_ALL", SECOND, "45", "28", "ug/day"),
]


@pytest.mark.parametrize(("regimen_id", "label", "weight", "amount", "unit"), DOSES)
def test_doses(regimen_id, label, weight, amount, unit):
    dose = dose_for(plan_named(regimen_id), label, weight_kg=None if weight is None else D(weight))

    assert (dose.amount, dose.unit, dose.because) == (D(amount), unit, None)


def test_without_a_weight_there_is_no_dose_per_kilogram():
    dose = dose_for(plan_named("teclistamab"), "step-up 1", weight_kg=None)

    assert (dose.per, dose.per_unit, dose.amount, dose.because) == (D("0.06"), "mg/kg", None, NoDose.NO_WEIGHT)


def test_without_a_weight_it_is_not_known_which_doses_apply():
    dose = dose_for(plan_named("blinatumomab_RR_ALL"), FIRST, weight_kg=None)

    assert (dose.per, dose.amount, dose.because) == (None, None, NoDose.NO_WEIGHT)


@pytest.mark.parametrize(("label", "per"), [(FIRST, 5), (SECOND, 15)])
def test_a_dose_per_body_surface_is_not_computed(label, per):
    dose = dose_for(plan_named("blinatumomab_RR_ALL"), label, weight_kg=D("44.9"))

    assert (dose.per, dose.per_unit, dose.amount, dose.because) == (per, "ug/m2/day", None, NoDose.BODY_SURFACE)


def test_micrograms_per_kilogram():
    plan = plan_named("teclistamab")
    plan = replace(plan, steps=tuple(replace(step, unit="ug/kg", dose=D("1.5")) for step in plan.steps))

    dose = dose_for(plan, "weekly", weight_kg=D(60))

    assert (dose.amount, dose.unit) == (D(90), "ug")


def test_a_cohort_has_its_own_doses_and_the_plans_for_the_rest():
    cohort = Cohort(name="B", ladder={"weekly": D("2.4")}, staggering_h=None, sentinel=False)
    plan = replace(plan_named("teclistamab"), cohorts=(cohort,))

    assert dose_for(plan, "weekly", weight_kg=D(50), cohort=cohort).amount == D(120)
    assert dose_for(plan, "step-up 1", weight_kg=D(50), cohort=cohort).amount == D(3)


def test_where_the_plan_has_cohorts_nobody_outside_them_has_a_dose():
    """Also of a step for which no cohort has a dose of its own."""
    cohort = Cohort(name="B", ladder={"weekly": D("2.4")}, staggering_h=None, sentinel=False)
    plan = replace(plan_named("teclistamab"), cohorts=(cohort,))

    for label in ("weekly", "step-up 1"):
        dose = dose_for(plan, label, weight_kg=D(50))
        assert (dose.per, dose.amount, dose.because) == (None, None, NoDose.NO_COHORT)


@pytest.mark.parametrize(("name", "expected"), [("B", True), ("b", False), ("B ", False), ("", False)])
def test_a_cohort_is_known_by_its_exact_name(name, expected):
    cohort = Cohort(name="B", ladder={}, staggering_h=None, sentinel=False)

    assert (cohort_of(replace(plan_named("teclistamab"), cohorts=(cohort,)), name) is cohort) == expected


@pytest.mark.parametrize("weight", [0, -70])
def test_a_weight_is_above_zero(weight):
    with pytest.raises(ValueError, match="above 0"):
        dose_for(plan_named("teclistamab"), "weekly", weight_kg=D(weight))


@given(st.decimals(1, 300, places=1), st.sampled_from(["step-up 1", "step-up 2", "weekly"]))
def test_the_amount_over_the_weight_is_the_dose_again(weight, label):
    dose = dose_for(plan_named("teclistamab"), label, weight_kg=weight)

    assert dose.amount is not None
    assert dose.amount / weight == dose.per


@pytest.mark.parametrize(
    ("amount", "unit", "weight", "total"),
    [
        ("5", "mg", None, "5"), ("68", "ug", None, "0.068"), ("0.06", "mg/kg", "70.5", "4.23"),
        ("30", "ug/kg", "70.5", "2.115"), ("0.06", "mg/kg", None, None), ("9", "ug/day", "70", None),
        ("5", "ug/m2/day", "70", None), (None, "mg", "70", None),
    ],
)  # fmt: skip
def test_what_was_given_in_all(amount, unit, weight, total):
    exact = [None if one is None else D(one) for one in (amount, weight, total)]

    assert total_mg(exact[0], unit, weight_kg=exact[1]) == exact[2]
