"""The kinds `exposure` and `risk`: each field, what contradicts, and published numbers through their door."""

import math

import pytest

from regimens.design.contract.exposure import answer_exposure, answer_risk, read_exposure, read_risk
from tests.regimens.design.contract.faults import ABSENT, changed, fault

DOSES = [{"t_d": 0, "mg": 1}]
EXPOSURE = {"drug": "tarlatamab", "doses": DOSES, "windows": [[0, 7]]}
STEPS = [{"t_d": 0, "mg": 0.16}, {"t_d": 7, "mg": 0.8}, {"t_d": 14, "mg": 48}, {"t_d": 21, "mg": 48}]
RISK = {"drug": "epcoritamab", "doses": STEPS, "last_period_d": 7}
OWN = {"cl_l_per_d": 1, "vc_l": 4}


def exposure(**changes):
    return answer_exposure(read_exposure(changed(EXPOSURE, **changes)))


def risk(**changes):
    return answer_risk(read_risk(changed(RISK, **changes)))


def test_exposure_answers_tarlatamab_as_published():  # C25
    answer = exposure()
    (window,) = answer["windows"]

    assert list(answer) == ["concentration", "half_life_d", "windows"]
    assert list(window) == ["from_d", "to_d", "cmax_ng_ml", "tmax_d", "cavg_ng_ml", "ctrough_ng_ml"]
    published = [window[name] for name in ("cavg_ng_ml", "cmax_ng_ml", "ctrough_ng_ml")]
    assert published == pytest.approx([106.6, 287.6, 51.0], rel=0.005)
    assert answer["concentration"] == "total"
    assert answer["half_life_d"] == pytest.approx(11.2, rel=0.005)


@pytest.mark.parametrize(("drug", "kind"), [("epcoritamab", "free"), ("elranatamab", "free"), ("teclistamab", "total")])
def test_which_concentration_it_is(drug, kind):
    answer = exposure(drug=drug)

    assert (answer["concentration"], answer["half_life_d"]) == (kind, None)


def test_an_own_molecule_is_infused_as_long_as_it_says():
    bolus, slow = exposure(drug=ABSENT, pk=OWN), exposure(drug=ABSENT, pk=OWN | {"infusion_h": 24})

    assert bolus["windows"][0]["cmax_ng_ml"] == pytest.approx(250)  # 1 mg in 4 L
    assert slow["windows"][0]["cmax_ng_ml"] == pytest.approx(1000 * (1 - math.exp(-0.25)), rel=1e-6)


def test_risk_answers_each_dose_period_as_published():  # C51: 6.77, 8.21, 11.90, 0.80 %
    answer = risk()

    assert list(answer) == ["endpoint", "periods", "p_total"]
    assert [(one["from_d"], one["to_d"]) for one in answer["periods"]] == [(0, 7), (7, 14), (14, 21), (21, 28)]
    assert [one["p"] for one in answer["periods"]] == pytest.approx([0.0677, 0.0821, 0.1190, 0.0080], abs=2e-4)
    assert answer["p_total"] == pytest.approx(1 - math.exp(-sum(one["hazard"] for one in answer["periods"])))
    assert answer["endpoint"] == "grade2plus"


def test_periods_of_ones_own_may_overlap_and_leave_gaps():
    answer = risk(periods=[[7, 14], [0, 14], [20, 21]], last_period_d=ABSENT)
    first, both, late = answer["periods"]

    assert first["p"] == pytest.approx(0.0821, abs=2e-4)
    assert 1 - both["p"] == pytest.approx((1 - 0.0677) * (1 - 0.0821), abs=3e-4)
    assert late["p"] < 0.1190
    assert answer["p_total"] > both["p"]


def test_before_any_drug_there_is_no_risk():
    (period,) = risk(doses=[{"t_d": 10, "mg": 1}], periods=[[0, 10]], last_period_d=ABSENT)["periods"]

    assert (period["hazard"], period["p"]) == (0, 0)


def test_a_given_hazard_says_so_and_has_what_it_leaves_out_from_epcoritamab():
    whole = {"smax_per_d": 1.93, "s50_ug_ml": 1.51}
    answer = risk(drug="tarlatamab", doses=DOSES, hazard=whole)
    own = risk(drug="tarlatamab", doses=DOSES)

    assert (answer["endpoint"], own["endpoint"]) == ("given", "any")
    assert answer["p_total"] == own["p_total"]


def test_the_horizon_wins_over_the_length_of_the_last_period():
    assert risk(horizon_d=28)["periods"] == risk()["periods"]


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"drug": ABSENT}, "missing_field", "drug"),
    ({"pk": OWN}, "contradictory", "pk"),
    ({"doses": ABSENT}, "missing_field", "doses"),
    ({"doses": []}, "invalid_value", "doses"),
    ({"windows": ABSENT}, "missing_field", "windows"),
    ({"windows": [[0, 7], [7, 7]]}, "contradictory", "windows[1]"),
    ({"windows": [[0, 1001]]}, "out_of_range", "windows[0][1]"),
    ({"hazard": {}}, "unknown_field", "hazard"),
    ({"drug": "linvoseltamab"}, "unknown_value", "drug"),
    ({"patient": {"prophylaxis": "one"}}, "contradictory", "patient.prophylaxis"),
])  # fmt: skip
def test_a_faulty_exposure(changes, code, field):
    assert fault("exposure", changed(EXPOSURE, **changes)) == (code, field)


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"drug": "mosunetuzumab"}, "missing_field", "hazard"),
    ({"drug": ABSENT, "pk": OWN}, "missing_field", "hazard"),
    ({"hazard": {"smax_per_d": 1}}, "missing_field", "hazard.s50_ug_ml"),
    ({"hazard": {"smax_per_d": 0, "s50_ug_ml": 1}}, "out_of_range", "hazard.smax_per_d"),
    ({"hazard": {"smax_per_d": 1, "s50_ug_ml": 1}, "patient": {"prophylaxis": "one"}}, "contradictory",
     "patient.prophylaxis"),
    ({"periods": [[0, 7]]}, "contradictory", "periods"),
    ({"periods": [[7, 0]], "last_period_d": ABSENT}, "contradictory", "periods[0]"),
    ({"doses": [{"t_d": 5, "mg": 1}], "horizon_d": 5}, "contradictory", "horizon_d"),
    ({"drug": "teclistamab", "patient": {"female": True}}, "contradictory", "patient.female"),
    ({"windows": [[0, 1]]}, "unknown_field", "windows"),
])  # fmt: skip
def test_a_faulty_risk(changes, code, field):
    assert fault("risk", changed(RISK, **changes)) == (code, field)
