"""`population` of the design contract: defaults, each field, both sides of every limit."""

import pytest

from regimens.design.contract.parts.population import check_population, population
from regimens.design.people import Population, Spread
from regimens.rules.reading import CaseError


def fault(value):
    try:
        check_population(population(value, "population"))
    except CaseError as error:
        return error.code, error.field
    return None


def test_what_is_absent_is_the_contracts():
    assert population({}, "population") == Population(
        weight_kg=Spread(middle=72.8, spread=18, least=46, most=109.4),
        age_y=Spread(middle=66, spread=10, least=33, most=83),
        pk_variability=True,
        prior_car_t_pct=0,
        prophylaxis_one_pct=0,
        prophylaxis_both_pct=0,
        frailty_sd=0,
    )


def test_what_is_given_replaces_its_own_default_alone():
    read = population({"weight_kg": {"median": 60}, "age_y": {"sd": 5}, "prophylaxis_pct": {"both": 20}}, "population")

    assert read.weight_kg == Spread(middle=60, spread=18, least=46, most=109.4)
    assert read.age_y == Spread(middle=66, spread=5, least=33, most=83)
    assert (read.prophylaxis_one_pct, read.prophylaxis_both_pct) == (0, 20)


@pytest.mark.parametrize(("value", "code", "field"), [
    ([], "invalid_type", "population"),
    ({"bmi": 1}, "unknown_field", "population.bmi"),
    ({"weight_kg": {"mean": 70}}, "unknown_field", "population.weight_kg.mean"),
    ({"weight_kg": {"median": 0}}, "out_of_range", "population.weight_kg.median"),
    ({"weight_kg": {"cv_pct": -1}}, "out_of_range", "population.weight_kg.cv_pct"),
    ({"weight_kg": {"min": 80, "max": 79}}, "contradictory", "population.weight_kg.max"),
    ({"age_y": {"min": 90}}, "contradictory", "population.age_y.max"),
    ({"age_y": {"sd": -0.1}}, "out_of_range", "population.age_y.sd"),
    ({"pk_variability": 1}, "invalid_type", "population.pk_variability"),
    ({"prior_car_t_pct": 100.1}, "out_of_range", "population.prior_car_t_pct"),
    ({"prophylaxis_pct": {"one": 50, "both": 50.1}}, "contradictory", "population.prophylaxis_pct"),
    ({"prophylaxis_pct": 50}, "invalid_type", "population.prophylaxis_pct"),
    ({"frailty_sd": -1}, "out_of_range", "population.frailty_sd"),
    ({"frailty_sd": 10.1}, "out_of_range", "population.frailty_sd"),
])  # fmt: skip
def test_a_fault_is_told_at_its_field(value, code, field):
    assert fault(value) == (code, field)


@pytest.mark.parametrize("value", [
    {"weight_kg": {"min": 80, "max": 80}}, {"prior_car_t_pct": 100}, {"prophylaxis_pct": {"one": 50, "both": 50}},
    {"frailty_sd": 10}, {"weight_kg": {"cv_pct": 0}}, {"age_y": {"sd": 0}}, {"pk_variability": False},
])  # fmt: skip
def test_the_other_side_of_a_limit_is_read(value):
    assert fault(value) is None
