"""The kind `posterior`: the published rows through its door, each field, both sides of every limit."""

import math
from itertools import pairwise

import pytest

from regimens.design.contract.kinds import answer, read
from tests.regimens.design.contract.faults import ABSENT, changed, fault

DOSES = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}, {"t_d": 21, "mg": 48}]
SHORT = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 6}]
OBSERVED = [(12, 1), (12, 2), (11, 3), (10, 0)]
ROWS = [{"regimen": "a", "period": at, "n": n, "events": events} for at, (n, events) in enumerate(OBSERVED, 1)]
CASE = {"drug": "epcoritamab", "regimens": [{"name": "a", "doses": DOSES}], "data": ROWS}
BRIEF = {"drug": "epcoritamab", "regimens": [{"name": "a", "doses": SHORT}], "data": []}
PRIOR = {"ln_smax": [0.5, 1], "ln_s50": [0.4, 1], "ln_kin": [-0.8, 0.5]}
OTHER = {"drug": "tarlatamab", "regimens": [{"name": "a", "doses": SHORT}], "data": [], "prior": PRIOR}
OWN = {"cl_l_per_d": 0.6, "vc_l": 3}


def means(case):
    return [period["mean"] for regimen in answer("posterior", case)["regimens"] for period in regimen["periods"]]


def test_posterior_row():
    answered = answer("posterior", CASE)
    (regimen,) = answered["regimens"]

    assert list(answered) == ["parameters", "regimens", "engine"]
    assert list(regimen) == ["name", "periods"]
    assert [list(period) for period in regimen["periods"]] == [["from_d", "to_d", "mean", "interval"]] * 4
    assert [period["from_d"] for period in regimen["periods"]] == [0, 7, 14, 21]
    assert [period["to_d"] for period in regimen["periods"]] == [7, 14, 21, 35]
    assert means(CASE) == pytest.approx([0.1019, 0.1310, 0.2256, 0.0293], abs=0.001)
    intervals = [end for period in regimen["periods"] for end in period["interval"]]
    assert intervals == pytest.approx([0.0257, 0.2403, 0.0491, 0.2501, 0.0711, 0.4468, 0.0037, 0.1088], abs=0.005)


def test_prior_row():
    answered = answer("posterior", CASE | {"data": []})

    assert means(CASE | {"data": []}) == pytest.approx([0.1142, 0.1306, 0.2162, 0.0601], abs=0.002)
    assert list(answered["parameters"]) == ["ln_smax", "ln_s50", "ln_kin"]
    for name, before in {"ln_smax": [0.0539, 1], "ln_s50": [math.log(0.0943), 1], "ln_kin": [-0.832, 0.5]}.items():
        assert answered["parameters"][name]["prior"] == before
        assert answered["parameters"][name]["posterior"] == pytest.approx(before, abs=1e-3)


def test_nobody_observed_is_no_data():
    nobody = [row | {"n": 0, "events": 0} for row in ROWS]

    assert answer("posterior", CASE | {"data": nobody}) == answer("posterior", CASE | {"data": []})


def test_the_order_of_rows_and_of_doses_changes_nothing():
    other = CASE | {"data": ROWS[::-1], "regimens": [{"name": "a", "doses": DOSES[::-1]}]}

    assert answer("posterior", other) == answer("posterior", CASE)


def test_the_order_of_regimens_changes_the_order_of_answers_alone():
    both = CASE | {"regimens": [*CASE["regimens"], {"name": "b", "doses": SHORT}]}
    turned = both | {"regimens": both["regimens"][::-1]}
    one, other = (answer("posterior", case) for case in (both, turned))

    for first, second in zip(one["regimens"], other["regimens"][::-1], strict=True):
        assert first["name"] == second["name"]
        assert [period["mean"] for period in first["periods"]] == pytest.approx(
            [period["mean"] for period in second["periods"]], abs=1e-9
        )


def test_rows_of_one_dose_period_add_up():
    halves = [ROWS[2] | {"n": 5, "events": 2}, ROWS[2] | {"n": 6, "events": 1}]

    assert answer("posterior", CASE | {"data": [*ROWS[:2], *halves, ROWS[3]]}) == answer("posterior", CASE)


def test_more_events_never_lower_a_mean():
    rising = [means(BRIEF | {"data": [{"regimen": "a", "period": 1, "n": 6, "events": events}]}) for events in range(7)]

    for fewer, more in pairwise(rising):
        assert all(one <= other for one, other in zip(fewer, more, strict=True))


def test_people_move_the_hazard_a_little_and_the_same_ones_by_the_same():
    case = BRIEF | {"pk_patients": 3, "seed": 7}

    assert answer("posterior", case) == answer("posterior", case)
    assert means(case) != means(case | {"seed": 8})
    assert means(case) != means(BRIEF)
    assert means(case) == pytest.approx(means(BRIEF), rel=0.5)
    exact = {"weight_kg": {"median": 72.8, "cv_pct": 0}, "age_y": {"mean": 66, "sd": 0}, "pk_variability": False}
    assert means(case | {"population": exact}) == pytest.approx(means(BRIEF), abs=1e-9)


def test_a_heavier_patient_has_less_drug():
    assert means(BRIEF | {"patient": {"weight_kg": 110}})[0] < means(BRIEF | {"patient": {"weight_kg": 50}})[0]


def test_fields_of_the_hazard_that_are_not_learned_count():
    usual = means(BRIEF)

    assert means(BRIEF | {"hill": 2})[0] < usual[0]
    assert means(BRIEF | {"i50_over_s50": 1})[1] > usual[1]  # hardly any tolerance
    assert means(BRIEF | {"i50_over_s50": 0.00473, "hill": math.exp(-0.124)}) == usual
    assert means(BRIEF | {"last_period_d": 14}) == usual
    assert means(BRIEF | {"horizon_d": 21}) == usual
    assert means(BRIEF | {"horizon_d": 8})[1] < usual[1]


@pytest.mark.parametrize("case", [OTHER, {**OTHER, "drug": None, "pk": OWN}], ids=["tarlatamab", "own"])
def test_other_molecules_learn_with_a_prior_of_their_own(case):
    assert all(0 < mean < 1 for mean in means(case))


def test_part_of_the_published_prior_may_be_replaced():
    assert read("posterior", BRIEF | {"prior": {"ln_kin": [-1, 1]}}).prior == (
        (0.0539, 1), (math.log(0.0943), 1), (-1, 1),
    )  # fmt: skip


def data(**changes):
    return {"data": [changed(ROWS[0], **changes)]}


def prior(**changes):
    return {"prior": changed(PRIOR, **changes)}


@pytest.mark.parametrize(("case", "changes", "code", "field"), [
    (CASE, {"hazard": {}}, "unknown_field", "hazard"),
    (CASE, {"drug": ABSENT}, "missing_field", "drug"),
    (CASE, {"regimens": ABSENT}, "missing_field", "regimens"),
    (CASE, {"data": ABSENT}, "missing_field", "data"),
    (OTHER, {"prior": ABSENT}, "missing_field", "prior"),
    (OTHER, prior(ln_kin=ABSENT), "missing_field", "prior.ln_kin"),
    (CASE, {"drug": None, "pk": OWN}, "missing_field", "prior"),
    (CASE, {"pk_patients": 2}, "missing_field", "seed"),
    (CASE, {"drug": "glofitamab"}, "unknown_value", "drug"),
    (CASE, {"pk": OWN, "prior": PRIOR}, "contradictory", "pk"),
    (CASE, {"patient": {"prophylaxis": "one"}}, "unknown_field", "patient.prophylaxis"),
    (CASE, {"patient": {"female": True}}, "contradictory", "patient.female"),
    (CASE, {"regimens": []}, "invalid_value", "regimens"),
    (CASE, {"regimens": CASE["regimens"] * 2}, "contradictory", "regimens[1].name"),
    (CASE, {"horizon_d": 0}, "out_of_range", "horizon_d"),
    (CASE, {"last_period_d": 0}, "out_of_range", "last_period_d"),
    (CASE, prior(ln_smax=1), "invalid_type", "prior.ln_smax"),
    (CASE, prior(ln_smax=[1]), "invalid_value", "prior.ln_smax"),
    (CASE, prior(ln_smax=[30.1, 1]), "out_of_range", "prior.ln_smax[0]"),
    (CASE, prior(ln_s50=[0, 0]), "out_of_range", "prior.ln_s50[1]"),
    (CASE, prior(ln_kin=[0, 5.1]), "out_of_range", "prior.ln_kin[1]"),
    (CASE, prior(ln_hill=[0, 1]), "unknown_field", "prior.ln_hill"),
    (CASE, {"i50_over_s50": 0}, "out_of_range", "i50_over_s50"),
    (CASE, {"hill": 0}, "out_of_range", "hill"),
    (CASE, data(regimen="b"), "unknown_value", "data[0].regimen"),
    (CASE, data(regimen=ABSENT), "missing_field", "data[0].regimen"),
    (CASE, data(period=0), "out_of_range", "data[0].period"),
    (CASE, data(period=5), "out_of_range", "data[0].period"),
    (CASE, data(period=25), "out_of_range", "data[0].period"),
    (CASE, data(n=-1), "out_of_range", "data[0].n"),
    (CASE, data(n=10_001), "out_of_range", "data[0].n"),
    (CASE, data(n=1.5), "invalid_value", "data[0].n"),
    (CASE, data(events=13), "contradictory", "data[0].events"),
    (CASE, data(grade=3), "unknown_field", "data[0].grade"),
    (CASE, {"data": ROWS[:1] * 1001}, "out_of_range", "data"),
    (CASE, {"data": {}}, "invalid_type", "data"),
    (CASE, {"pk_patients": 0}, "out_of_range", "pk_patients"),
    (CASE, {"pk_patients": 1001, "seed": 1}, "out_of_range", "pk_patients"),
    (CASE, {"seed": -1}, "out_of_range", "seed"),
    (CASE, {"seed": 2**63}, "out_of_range", "seed"),
    (CASE, {"population": {"frailty_sd": 0.1}}, "contradictory", "population.frailty_sd"),
    (CASE, {"population": {"prior_car_t_pct": 1}}, "contradictory", "population.prior_car_t_pct"),
    (CASE, {"population": {"prophylaxis_pct": {"one": 1}}}, "contradictory", "population.prophylaxis_pct"),
    (CASE, {"population": {"age_y": {"min": 90}}}, "contradictory", "population.age_y.max"),
    # The first of several faults: unknown, missing, values in order, contradictions.
    (CASE, {"x": 1, "regimens": ABSENT}, "unknown_field", "x"),
    (CASE, {"regimens": ABSENT, "hill": 0}, "missing_field", "regimens"),
    (CASE, {"hill": 0, **data(n=-1)}, "out_of_range", "hill"),
    (CASE, {"pk_patients": 0, **data(events=13)}, "out_of_range", "pk_patients"),
])  # fmt: skip
def test_a_fault_is_told_at_its_field(case, changes, code, field):
    assert fault("posterior", changed(case, **changes)) == (code, field)


@pytest.mark.parametrize(("case", "changes"), [
    (CASE, {"horizon_d": 1000}), (CASE, {"last_period_d": 1000}), (CASE, prior(ln_smax=[30, 5])),
    (CASE, data(period=4)), (CASE, data(n=10_000, events=10_000)), (CASE, data(n=1, events=1)),
    (CASE, {"data": ROWS[:1] * 1000}), (CASE, {"pk_patients": 1000, "seed": 2**63 - 1}), (CASE, {"pk_patients": 1}),
    (CASE, {"population": {"frailty_sd": 0, "prior_car_t_pct": 0}}),
    (CASE, {"patient": {"weight_kg": 50, "age_y": 40}}),
    (CASE, {"prior": None}), (CASE, {"hill": 100}), (CASE, {"i50_over_s50": 1000}),
])  # fmt: skip
def test_the_other_side_of_a_limit_is_read(case, changes):
    assert fault("posterior", changed(case, **changes)) is None
