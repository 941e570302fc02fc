"""The kind `starting_dose`: checks C42, C43 and C45, the correction and its refusals, the working, and each field."""

import math

import pytest

from regimens.design.contract.kinds import answer
from tests.regimens.design.contract.faults import ABSENT, changed, fault

ASSAY = {"name": "killing", "readout": "cytotoxicity", "ec50_pm": 50, "hill": 1, "effector_to_target": 10}
CASE = {"assays": [ASSAY], "mw_kda": 146, "effect_pct": 20, "exposure": {"plasma_volume_l": 3}}
TUMOUR = {"tumour_effector_to_target": 1, "risk_site": "tumour"}


def starting_dose(**changes):
    return answer("starting_dose", changed(CASE, **changes))


def assay(**changes):
    return changed(ASSAY, **changes)


@pytest.mark.parametrize(("hill", "effects"), [(1, (5.556, 12.500, 21.429)), (0.7, (2.167, 6.901, 14.904))])
def test_C42_EC10_EC20_EC30_of_an_EC50_of_50_pM(hill, effects):
    targets = [starting_dose(assays=[assay(hill=hill)], effect_pct=x)["traditional"]["target_pm"] for x in (10, 20, 30)]

    assert targets == pytest.approx(effects, abs=5e-4)


@pytest.mark.parametrize(("volume_l", "dose_ug"), [(3, 5.475), (0.04 * 70, 5.110)])
def test_C43_12_5_pM_at_146_kDa(volume_l, dose_ug):
    start = starting_dose(exposure={"plasma_volume_l": volume_l})["traditional"]

    assert start["target_ng_ml"] == pytest.approx(1.8250, abs=5e-4)
    assert start["dose_ug"] == {"volume": pytest.approx(dose_ug, abs=5e-4)}


@pytest.mark.parametrize(("kd_nm", "percent"), [(1, 1.2346), (10, 0.1248), (40, 0.0312), (100, 0.0125)])
def test_C45_CD3_occupancy_at_12_5_pM(kd_nm, percent):
    assert starting_dose(kd_cd3_nm=kd_nm)["cd3_occupancy_pct"] == pytest.approx(percent, abs=1e-4)


def test_the_checks_can_fail():
    assert starting_dose(mw_kda=150)["traditional"]["target_ng_ml"] != pytest.approx(1.8250, abs=5e-4)


def test_what_is_not_asked_is_null():
    answered = starting_dose()

    assert answered["cd3_occupancy_pct"] is None
    assert answered["fold_to_active"] is None
    assert (answered["modified"], answered["modified_refused"]) == (None, "no_tumour_ratio")
    assert answered["warnings"] == []


def test_the_lowest_assay_limits():
    weak = assay(name="IL-6", readout="cytokine", ec50_pm=40)

    assert starting_dose(assays=[ASSAY, weak])["limiting_assay"] == "IL-6"
    assert starting_dose(assays=[weak, ASSAY])["traditional"]["target_pm"] == pytest.approx(10)


@pytest.mark.parametrize(("ratio", "tumour", "more", "fold", "capped"), [
    (10, 1, {}, 10, False),
    (10, 5, {}, 2, False),
    (10, 0.5, {}, 10, True),
    (1, 10, {}, 0.1, False),
    (10, 1, {"slope": 0.5}, 10**0.5, False),
    (10, 1, {"slope": 0}, 1, False),
    (10, 0.5, {"fold_cap": 30}, 20, False),
    (1e12, 1e-12, {"slope": 10, "fold_cap": 1e12}, 1e12, True),
    (1e12, 1e-300, {"slope": 10}, 10, True),
])  # fmt: skip
def test_the_correction_of_the_ratio(ratio, tumour, more, fold, capped):
    answered = starting_dose(
        assays=[assay(effector_to_target=ratio)], tumour_effector_to_target=tumour, risk_site="tumour", **more
    )
    modified = answered["modified"]

    assert (modified["fold"], modified["capped"]) == (pytest.approx(fold), capped)
    assert modified["target_pm"] == pytest.approx(12.5 * fold)
    assert modified["target_ng_ml"] == pytest.approx(1.825 * fold)
    assert modified["dose_ug"]["volume"] == pytest.approx(5.475 * fold)
    assert ("fold_capped" in answered["warnings"]) is capped
    assert answered["modified_refused"] is None


def test_the_corrected_limit_may_be_another_assay():
    """12.5 pM at 10:1 becomes 125; 20 pM at 1:1 stays."""
    alike = assay(name="activation", readout="activation", ec50_pm=80, effector_to_target=1)
    answered = starting_dose(assays=[ASSAY, alike], **TUMOUR)

    assert answered["limiting_assay"] == "killing"
    assert answered["modified"]["limiting_assay"] == "activation"
    assert (answered["modified"]["target_pm"], answered["modified"]["fold"]) == (pytest.approx(20), 1)


@pytest.mark.parametrize(("changes", "why"), [
    ({"risk_site": "blood", "tumour_effector_to_target": 1}, "risk_site_blood"),
    ({"risk_site": "blood"}, "risk_site_blood"),
    ({"risk_site": "tumour"}, "no_tumour_ratio"),
])  # fmt: skip
def test_the_correction_is_refused(changes, why):
    answered = starting_dose(predicted_active_ug=5475, **changes)

    assert (answered["modified"], answered["modified_refused"]) == (None, why)
    assert answered["fold_to_active"] == {"traditional": pytest.approx(1000), "modified": None}


def test_the_safety_factor_divides_doses_and_not_targets():
    answered = starting_dose(safety_factor=10, predicted_active_ug=5475, **TUMOUR)

    assert answered["traditional"]["target_pm"] == pytest.approx(12.5)
    assert answered["traditional"]["dose_ug"]["volume"] == pytest.approx(0.5475)
    assert answered["fold_to_active"] == {"traditional": pytest.approx(10_000), "modified": pytest.approx(1000)}


@pytest.mark.parametrize(("ec50", "changes", "warnings"), [
    (4, {}, []),  # EC20 is a quarter of an EC50 at Hill 1: 1 pM
    (3.99, {}, ["traditional_outside_1_to_200_pm"]),
    (800, {}, []),
    (801, {}, ["traditional_outside_1_to_200_pm"]),
    (4, {"safety_factor": 1.01}, ["traditional_outside_1_to_200_pm"]),
    (8000, {"safety_factor": 10}, []),
    (80, TUMOUR, []),
    (81, TUMOUR, ["modified_outside_1_to_200_pm"]),
    (3, TUMOUR, ["traditional_outside_1_to_200_pm"]),
    (900, TUMOUR | {"tumour_effector_to_target": 0.5}, [
        "traditional_outside_1_to_200_pm", "modified_outside_1_to_200_pm", "fold_capped"
    ]),
])  # fmt: skip
def test_warnings_in_their_order(ec50, changes, warnings):
    assert starting_dose(assays=[assay(ec50_pm=ec50)], **changes)["warnings"] == warnings


def test_every_answer_is_a_line_of_the_working():
    answered = starting_dose(kd_cd3_nm=10, predicted_active_ug=100, safety_factor=2, **TUMOUR)
    lines = {line["name"]: (line["value"], line["unit"]) for line in answered["steps"]}
    plain, modified = answered["traditional"], answered["modified"]

    assert lines == {
        "EC20 of killing": (plain["target_pm"], "pM"),
        "traditional target": (plain["target_pm"], "pM"),
        "traditional target by mass": (plain["target_ng_ml"], "ng/mL"),
        "traditional dose by volume": (plain["dose_ug"]["volume"], "ug"),
        "fold of killing": (modified["fold"], ""),
        "corrected EC20 of killing": (modified["target_pm"], "pM"),
        "modified target": (modified["target_pm"], "pM"),
        "modified target by mass": (modified["target_ng_ml"], "ng/mL"),
        "modified dose by volume": (modified["dose_ug"]["volume"], "ug"),
        "CD3 occupancy": (answered["cd3_occupancy_pct"], "%"),
        "traditional fold to the active dose": (answered["fold_to_active"]["traditional"], ""),
        "modified fold to the active dose": (answered["fold_to_active"]["modified"], ""),
    }
    assert all(line["formula"] and line["inputs"] for line in answered["steps"])


@pytest.mark.parametrize(("changes", "expected"), [
    ({"name": ABSENT}, ("missing_field", "assays[0].name")),
    ({"name": ""}, ("invalid_value", "assays[0].name")),
    ({"readout": ABSENT}, ("missing_field", "assays[0].readout")),
    ({"readout": "binding"}, ("unknown_value", "assays[0].readout")),
    ({"ec50_pm": ABSENT}, ("missing_field", "assays[0].ec50_pm")),
    ({"ec50_pm": 0}, ("out_of_range", "assays[0].ec50_pm")),
    ({"ec50_pm": "50 nM"}, ("invalid_type", "assays[0].ec50_pm")),
    ({"hill": ABSENT}, ("missing_field", "assays[0].hill")),
    ({"hill": 0}, ("out_of_range", "assays[0].hill")),
    ({"hill": -1}, ("out_of_range", "assays[0].hill")),
    ({"hill": 100}, None),
    ({"hill": 100.1}, ("out_of_range", "assays[0].hill")),
    ({"effector_to_target": ABSENT}, ("missing_field", "assays[0].effector_to_target")),
    ({"effector_to_target": None}, ("missing_field", "assays[0].effector_to_target")),
    ({"effector_to_target": 0}, ("out_of_range", "assays[0].effector_to_target")),
    ({"effector_to_target": "10:1"}, ("invalid_type", "assays[0].effector_to_target")),
    ({"cell_line": 1}, ("invalid_type", "assays[0].cell_line")),
    ({"receptors": 0}, ("out_of_range", "assays[0].receptors")),
    ({"incubation_h": -1}, ("out_of_range", "assays[0].incubation_h")),
    ({"serum_pct": 100}, None),
    ({"serum_pct": 100.1}, ("out_of_range", "assays[0].serum_pct")),
    ({"donors": 10_000}, None),
    ({"donors": 10_001}, ("out_of_range", "assays[0].donors")),
    ({"donors": 2.5}, ("invalid_value", "assays[0].donors")),
    ({"statistic": "mean", "source": "table 1", "cell_line": "X", "receptors": 1e4, "incubation_h": 48}, None),
    ({"ec50_nm": 1}, ("unknown_field", "assays[0].ec50_nm")),
])  # fmt: skip
def test_an_assay_that_is_wrong(changes, expected):
    assert fault("starting_dose", CASE | {"assays": [assay(**changes)]}) == expected


PK = {"cl_l_per_d": 0.5, "vc_l": 3}


@pytest.mark.parametrize(("changes", "expected"), [
    ({"assays": ABSENT}, ("missing_field", "assays")),
    ({"assays": []}, ("invalid_value", "assays")),
    ({"assays": [assay(name=str(at)) for at in range(50)]}, None),
    ({"assays": [assay(name=str(at)) for at in range(51)]}, ("out_of_range", "assays")),
    ({"assays": [ASSAY, ASSAY]}, ("contradictory", "assays[1].name")),
    ({"mw_kda": ABSENT}, ("missing_field", "mw_kda")),
    ({"mw_kda": 0}, ("out_of_range", "mw_kda")),
    ({"effect_pct": ABSENT}, ("missing_field", "effect_pct")),
    ({"effect_pct": 0}, ("out_of_range", "effect_pct")),
    ({"effect_pct": 0.01}, None),
    ({"effect_pct": 99.9}, None),
    ({"effect_pct": 100}, ("out_of_range", "effect_pct")),
    ({"exposure": ABSENT}, ("missing_field", "exposure")),
    ({"exposure": {}}, ("missing_field", "exposure")),
    ({"exposure": {"plasma_volume_l": None}}, ("missing_field", "exposure")),
    ({"exposure": {"interval_d": 7}}, ("missing_field", "exposure")),
    ({"exposure": 3}, ("invalid_type", "exposure")),
    ({"exposure": {"plasma_volume_l": 0}}, ("out_of_range", "exposure.plasma_volume_l")),
    ({"exposure": {"pk": PK}}, ("missing_field", "exposure.interval_d")),
    ({"exposure": {"pk": PK, "interval_d": 0}}, ("out_of_range", "exposure.interval_d")),
    ({"exposure": {"pk": PK, "interval_d": 1000}}, None),
    ({"exposure": {"pk": PK, "interval_d": 1000.1}}, ("out_of_range", "exposure.interval_d")),
    ({"exposure": {"pk": {"cl_l_per_d": 1}, "interval_d": 7}}, ("missing_field", "exposure.pk.vc_l")),
    ({"exposure": {"pk": PK | {"ka_per_d": 1, "infusion_h": 0}, "interval_d": 7}}, (
        "contradictory", "exposure.pk.infusion_h"
    )),
    ({"exposure": {"volume_l": 3}}, ("missing_field", "exposure")),
    ({"exposure": {"plasma_volume_l": 3, "volume_l": 3}}, ("unknown_field", "exposure.volume_l")),
    ({"safety_factor": 0.99}, ("out_of_range", "safety_factor")),
    ({"kd_cd3_nm": 0}, ("out_of_range", "kd_cd3_nm")),
    ({"tumour_effector_to_target": 0}, ("out_of_range", "tumour_effector_to_target")),
    ({"slope": -0.1}, ("out_of_range", "slope")),
    ({"slope": 10.1}, ("out_of_range", "slope")),
    ({"fold_cap": 0.99}, ("out_of_range", "fold_cap")),
    ({"risk_site": "marrow"}, ("unknown_value", "risk_site")),
    ({"predicted_active_ug": 0}, ("out_of_range", "predicted_active_ug")),
    ({"mw_da": 146_000}, ("unknown_field", "mw_da")),
    ({"mw_kda": 0, "effect_pct": 0}, ("out_of_range", "mw_kda")),
    ({"risk_site": "marrow", "slope": -1}, ("out_of_range", "slope")),
])  # fmt: skip
def test_a_case_that_is_wrong(changes, expected):
    assert fault("starting_dose", changed(CASE, **changes)) == expected


def test_by_Cmax_and_Cavg_of_the_molecules_own_PK():
    """1 mg at once into 3 L: 333.3 ng/mL, and on average over 7 days (1 - exp(-7 CL/V)) / (7 CL)."""
    start = starting_dose(exposure={"pk": PK, "interval_d": 7, "plasma_volume_l": 3})["traditional"]
    cavg = 1000 * (1 - math.exp(-7 * 0.5 / 3)) / (7 * 0.5)

    assert list(start["dose_ug"]) == ["volume", "cmax", "cavg"]
    assert start["dose_ug"]["cmax"] == pytest.approx(5.475, rel=1e-6)
    assert start["dose_ug"]["cavg"] == pytest.approx(1000 * 1.825 / cavg, rel=1e-6)


def test_the_lowest_dose_counts_for_the_fold():
    answered = starting_dose(exposure={"pk": PK, "interval_d": 7}, predicted_active_ug=54.75)

    assert answered["fold_to_active"]["traditional"] == pytest.approx(10, rel=1e-6)
    names = [line["name"] for line in answered["steps"]]
    assert [name for name in names if "1 mg" in name or "dose by" in name] == [
        "Cmax of 1 mg", "Cavg of 1 mg", "traditional dose by Cmax", "traditional dose by Cavg"
    ]  # fmt: skip


def test_what_is_given_under_the_skin_reaches_less():
    def by_cmax(**more):
        start = starting_dose(exposure={"pk": PK | more, "interval_d": 7})["traditional"]
        return start["dose_ug"]["cmax"]

    assert by_cmax() < by_cmax(infusion_h=24) < by_cmax(ka_per_d=0.3)
    assert by_cmax(ka_per_d=0.3, f=0.5) == pytest.approx(2 * by_cmax(ka_per_d=0.3))
