"""The cytokine model with priming: C11, C13, C49, C50, by the two transcriptions' own numbers."""

from functools import cache

import numpy as np
import pytest

from regimens.design.cytokine import CytokineDose, crs_risks, drawn_people, peaks, release_of
from tests.sizes import sized

GER21, VDV21 = release_of("GER21"), release_of("VDV21")
DAYS = range(1, 26, 4)  # 1, 5, ..., 25
HORIZON_H = 29 * 24
PEOPLE = sized(20_000, sample=1_000)
WITHIN = sized(0.010, sample=0.035)  # chance in fewer people
LADDERS = [
    *((1, 5, 10, full, full, full, full) for full in (20, 25, 30, 45)),
    (5, 10, 25, 75, 75, 75, 75),
    (10, 25, 50, 100, 100, 100, 100),
]


def ladder(*ug_per_kg: float) -> list[CytokineDose]:
    return [CytokineDose(24 * day, 70 * dose) for day, dose in zip(DAYS, ug_per_kg, strict=True)]


def test_c50_the_typical_peaks_of_ger21():
    largest = peaks(GER21, ladder(1, 5, 10, 20, 20, 20, 20), HORIZON_H, priming="constant")[:, 0]

    assert largest == pytest.approx([209.0, 142.5, 185.4, 268.8, 222.3, 201.6, 189.2], rel=0.005)


@cache
def risks() -> np.ndarray:
    """Both thresholds' risks of every ladder."""
    return np.array([
        crs_risks(GER21, ladder(*doses), HORIZON_H, [1137.41, 1379.85], patients=PEOPLE, seed=1, priming="constant")
        for doses in LADDERS
    ])  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(("check", "place", "printed"), [
    ("C11", 0, [0.0505, 0.0734, 0.0983, 0.1784, 0.2213, 0.2973]),
    ("C13", 1, [0.0334, 0.0501, 0.0681, 0.1277, 0.1557, 0.2267]),
])  # fmt: skip
def test_c11_and_c13_the_risks_that_ger21_prints(check, place, printed):
    assert risks()[:, place] == pytest.approx(printed, abs=WITHIN)


def test_c49_vdv21_with_an_area_that_accumulates():
    largest = peaks(VDV21, [CytokineDose(0, 60), CytokineDose(168, 300)], 336)[:, 0]

    assert largest == pytest.approx([118.79, 25.67], rel=0.01)
    assert largest[1] / largest[0] == pytest.approx(0.22, abs=0.005)


def test_c49_fails_with_the_area_reset():  # as the sources say: the second peak is then larger than the first
    first, second = peaks(VDV21, [CytokineDose(0, 60), CytokineDose(168, 300)], 336, accumulate=False)[:, 0]

    assert second > first


def test_c50_fails_with_priming_that_grows():
    largest = peaks(GER21, ladder(1, 5, 10, 20, 20, 20, 20), HORIZON_H)[:, 0]

    assert abs(largest[0] / 209.0 - 1) > 0.005


def test_both_sets_are_one_model_a_hundredfold_apart():
    assert GER21.values["emax"] / VDV21.values["emax"] == 100
    assert GER21.values["ic50"] / VDV21.values["ic50"] == 100


def test_the_order_of_doses_and_of_people_changes_nothing():
    doses = ladder(1, 5, 10, 20, 20, 20, 20)
    people = drawn_people(GER21, 1, 0, 6)
    backwards = {name: values[::-1].copy() for name, values in people.items()}

    assert (peaks(GER21, doses[::-1], HORIZON_H) == peaks(GER21, doses, HORIZON_H)).all()
    largest = peaks(GER21, doses, HORIZON_H, people=people)
    assert (peaks(GER21, doses, HORIZON_H, people=backwards)[:, ::-1] == largest).all()


def test_doses_at_one_time_are_one_and_those_after_the_horizon_none():
    apart = [CytokineDose(0, 20), CytokineDose(0, 40), CytokineDose(500, 1)]

    assert (peaks(VDV21, apart, 336) == peaks(VDV21, [CytokineDose(0, 60)], 336)).all()


def test_people_do_not_hang_on_how_many_there_are():
    assert (drawn_people(GER21, 1, 0, 5)["k"] == drawn_people(GER21, 1, 0, 50)["k"][:5]).all()


def test_a_higher_threshold_is_reached_by_fewer():
    low, high = crs_risks(GER21, ladder(*LADDERS[5]), HORIZON_H, [500, 5000], patients=50, seed=1)

    assert high < low
