"""The kind `trial`: each field, both sides of every limit, and the published risk through its door."""

import json

import pytest

from regimens.design.contract.kinds import answer_case
from regimens.design.contract.trial import answer_trial, read_trial, size_trial
from regimens.rules.reading import CaseError
from tests.regimens.design.contract.faults import ABSENT, changed, fault

STEPS = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}]
USUAL = {"name": "usual", "doses": STEPS}
TRIAL = {"drug": "epcoritamab", "regimens": [USUAL], "last_period_d": 7, "patients": 25, "seed": 1}
ALIKE = {"pk_variability": False, "weight_kg": {"cv_pct": 0}, "age_y": {"sd": 0}}
OWN = {"cl_l_per_d": 1, "vc_l": 4}
LAW = {"smax_per_d": 1, "s50_ug_ml": 0.1}
PRIOR = {"ln_smax": [0, 1], "ln_s50": [-2, 1], "ln_kin": [-1, 0.5]}


def trial(**changes):
    return answer_trial(read_trial(changed(TRIAL, **changes)))


def test_people_who_are_all_alike_have_the_published_risk():  # C51: 6.77, 8.21, 11.90 %
    (regimen,) = trial(population=ALIKE)["regimens"]

    assert [one["mean"] for one in regimen["periods"]] == pytest.approx([0.0677, 0.0821, 0.1190], abs=2e-4)
    assert [one["patients"][0] for one in regimen["periods"]] == pytest.approx([0.0677, 0.0821, 0.1190], abs=2e-4)


def test_the_answer_has_the_names_of_the_contract():
    answer = trial(draws=2, n=10)
    (regimen,) = answer["regimens"]

    assert list(answer) == ["seed", "patients", "regimens", "verified"]
    assert list(regimen) == ["name", "periods", "total"]
    assert list(regimen["periods"][0]) == ["from_d", "to_d", "mean", "patients", "mean_interval", "count_interval"]
    assert list(regimen["total"]) == ["mean", "mean_interval", "count_interval"]
    assert answer["verified"]["patients"] == 20
    assert answer["verified"]["max_difference"] < 5e-6
    assert all(isinstance(count, int) for count in regimen["total"]["count_interval"])


def test_without_draws_and_n_there_are_no_intervals():
    total = trial()["regimens"][0]["total"]

    assert (total["mean_interval"], total["count_interval"]) == (None, None)


def test_the_same_line_gives_the_same_bytes():
    line = TRIAL | {"id": "a", "kind": "trial", "draws": 3}

    assert json.dumps(answer_case(line)) == json.dumps(answer_case(dict(reversed(line.items()))))


def test_cv_pct_makes_people_of_an_own_molecule_differ():
    whom = {"weight_kg": {"cv_pct": 0}}
    still = trial(drug=ABSENT, pk=OWN, hazard=LAW, population=whom)
    varied = trial(drug=ABSENT, pk=OWN | {"cv_pct": {"cl_l_per_d": 60}}, hazard=LAW, population=whom)

    def spread(answer):
        low, _, high = answer["regimens"][0]["periods"][0]["patients"]
        return high - low

    assert spread(still) == 0
    assert spread(varied) > 0


def test_its_size_is_people_times_regimens_times_draws():
    other = USUAL | {"name": "other"}

    assert size_trial(read_trial(TRIAL | {"regimens": [USUAL, other], "draws": 7})) == 25 * 2 * 7
    assert size_trial(read_trial(TRIAL)) == 25


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"regimens": ABSENT}, "missing_field", "regimens"),
    ({"patients": ABSENT}, "missing_field", "patients"),
    ({"seed": ABSENT}, "missing_field", "seed"),
    ({"patients": 0}, "out_of_range", "patients"),
    ({"patients": 100_001}, "out_of_range", "patients"),
    ({"patients": 1.5}, "invalid_value", "patients"),
    ({"patients": 100_000, "draws": 201}, "out_of_range", "patients"),
    ({"seed": -1}, "out_of_range", "seed"),
    ({"seed": 2**63}, "out_of_range", "seed"),
    ({"interval_pct": 0}, "out_of_range", "interval_pct"),
    ({"interval_pct": 100}, "out_of_range", "interval_pct"),
    ({"draws": 1001}, "out_of_range", "draws"),
    ({"draws": -1}, "out_of_range", "draws"),
    ({"n": 10_001}, "out_of_range", "n"),
    ({"regimens": [USUAL, USUAL]}, "contradictory", "regimens[1].name"),
    ({"regimens": []}, "invalid_value", "regimens"),
    ({"drug": ABSENT}, "missing_field", "drug"),
    ({"drug": "blinatumomab"}, "missing_field", "hazard"),
    ({"drug": "tarlatamab", "draws": 2}, "missing_field", "prior"),
    ({"drug": "tarlatamab", "draws": 2, "prior": {"ln_smax": [0, 1]}}, "missing_field", "prior.ln_s50"),
    ({"prior": {"ln_smax": [0, 0]}}, "out_of_range", "prior.ln_smax[1]"),
    ({"prior": {"ln_smax": [0]}}, "invalid_value", "prior.ln_smax"),
    ({"drug": "tarlatamab", "population": {"prior_car_t_pct": 5}}, "contradictory", "population.prior_car_t_pct"),
    ({"hazard": LAW, "population": {"prophylaxis_pct": {"one": 5}}}, "contradictory", "population.prophylaxis_pct"),
    ({"population": {"prophylaxis_pct": {"one": 60, "both": 41}}}, "contradictory", "population.prophylaxis_pct"),
    ({"patient": {}}, "unknown_field", "patient"),
    ({"horizon_d": 14, "regimens": [{"name": "late", "doses": [{"t_d": 14, "mg": 1}]}]}, "contradictory", "horizon_d"),
])  # fmt: skip
def test_a_faulty_trial(changes, code, field):
    assert fault("trial", changed(TRIAL, **changes)) == (code, field)


@pytest.mark.parametrize("changes", [
    {"seed": 2**63 - 1}, {"seed": 0}, {"patients": 100_000, "draws": 200}, {"interval_pct": 99.9}, {"n": 0},
    {"drug": "tarlatamab"}, {"drug": "tarlatamab", "draws": 2, "prior": PRIOR}, {"draws": 1000},
    {"population": {"prophylaxis_pct": {"one": 60, "both": 40}}}, {"prior": {"ln_kin": [-1, 0.2]}},
])  # fmt: skip
def test_what_lies_within_is_read(changes):
    assert fault("trial", TRIAL | changes) is None


def test_what_cannot_be_confirmed_is_an_error():
    """A hazard that is there in one moment and gone in the next, between two steps: no number is given."""
    steep = {"smax_per_d": 0.2, "s50_ug_ml": 0.5, "hill": 100, "i50_ug_ml": 1e6}
    bolus = [{"name": "one", "doses": [{"t_d": 0, "mg": 4}]}]

    with pytest.raises(CaseError) as refused:
        trial(drug=ABSENT, pk=OWN | {"cv_pct": {"vc_l": 30}}, hazard=steep, regimens=bolus)

    assert refused.value.code == "not_verified"
