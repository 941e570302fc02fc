"""The kind `cytokine`: each field, what contradicts, and the checks of both parameter sets through its door."""

import pytest

from regimens.design.contract.cytokine import answer_cytokine, read_cytokine, size_cytokine
from tests.regimens.design.contract.faults import ABSENT, changed, fault

VDV21 = {
    "parameters": "VDV21",
    "doses": [{"t_h": 0, "ug": 60}, {"t_h": 168, "ug": 300}],
    "horizon_h": 336,
}
GER21 = VDV21 | {"parameters": "GER21", "patients": 20, "seed": 1, "thresholds": [1137.41]}


def cytokine(case, **changes):
    return answer_cytokine(read_cytokine(changed(case, **changes)))


def test_vdv21_answers_the_published_peaks():  # C49
    answer = cytokine(VDV21)

    assert list(answer) == ["peaks", "fold_of_first", "p_crs"]
    assert answer["peaks"] == pytest.approx([118.79, 25.67], rel=0.01)
    assert answer["fold_of_first"] == pytest.approx([1, 25.67 / 118.79], rel=0.01)
    assert answer["p_crs"] is None


def test_more_cells_raise_the_first_peak():
    assert cytokine(VDV21, cells_per_ul=20)["peaks"][0] > cytokine(VDV21)["peaks"][0]


def test_ger21_answers_a_risk_for_each_threshold():
    answer = cytokine(GER21, thresholds=[1379.85, 1137.41])
    first, second = answer["p_crs"]

    assert (first["threshold"], second["threshold"]) == (1379.85, 1137.41)
    assert 0 <= first["p"] <= second["p"] <= 1


def test_its_size_is_its_people():
    assert [size_cytokine(read_cytokine(case)) for case in (GER21, VDV21)] == [20, 0]


@pytest.mark.parametrize(("changes", "code", "field"), [
    ({"parameters": ABSENT}, "missing_field", "parameters"),
    ({"parameters": "CHE19"}, "unknown_value", "parameters"),
    ({"doses": []}, "invalid_value", "doses"),
    ({"doses": [{"t_h": 0}]}, "missing_field", "doses[0].ug"),
    ({"doses": [{"t_h": 0, "ug": 0}]}, "out_of_range", "doses[0].ug"),
    ({"doses": [{"t_h": -1, "ug": 1}]}, "out_of_range", "doses[0].t_h"),
    ({"doses": [{"t_h": 400, "ug": 1}]}, "contradictory", "horizon_h"),
    ({"horizon_h": ABSENT}, "missing_field", "horizon_h"),
    ({"horizon_h": 0}, "out_of_range", "horizon_h"),
    ({"accumulate": 1}, "invalid_type", "accumulate"),
    ({"priming": "none"}, "unknown_value", "priming"),
    ({"cells_per_ul": 10}, "contradictory", "cells_per_ul"),
    ({"patients": ABSENT}, "missing_field", "patients"),
    ({"seed": ABSENT}, "missing_field", "seed"),
    ({"thresholds": ABSENT}, "missing_field", "thresholds"),
    ({"thresholds": [0]}, "out_of_range", "thresholds[0]"),
    ({"patients": 100_001}, "out_of_range", "patients"),
    ({"parameters": "VDV21"}, "contradictory", "patients"),
])  # fmt: skip
def test_a_faulty_case(changes, code, field):
    assert fault("cytokine", changed(GER21, **changes)) == (code, field)
