"""Concentrations: published exposures (C7, C25, C27), the closed form, and what must not matter."""

import math
from itertools import permutations

import numpy as np
import pytest

from regimens.design.concentrations import exposures, half_life_d, line, value_ug_d_ml
from regimens.design.doses import DosePeriod, VirtualDose, periods_of
from regimens.design.parameters import drug, own_molecule
from regimens.design.people import Person, typical
from tests.regimens.design.building import doses, weekly

TARLATAMAB, EPCORITAMAB = drug("tarlatamab"), drug("epcoritamab")


def exposure(of, given, *windows, person=None):
    return exposures(of, typical(of, person), given, windows)


def test_c7_largest_free_epcoritamab_of_the_first_three_weeks():
    window = exposure(EPCORITAMAB, weekly((0, 0.16), (7, 0.8), (14, 48)), (0, 7), (7, 14), (14, 21))

    assert [one.cmax_ng_ml for one in window] == pytest.approx([1.400, 8.41, 2215], rel=0.005)


def test_c25_tarlatamab_1_mg():
    (window,) = exposure(TARLATAMAB, doses((0, 1)), (0, 7))

    assert [window.cavg_ng_ml, window.cmax_ng_ml, window.ctrough_ng_ml] == pytest.approx(
        [106.6, 287.6, 51.0], rel=0.005
    )
    assert window.tmax_d == pytest.approx(1 / 24)  # the end of its infusion


def test_c27_tarlatamab_after_forty_doses():
    (window,) = exposure(TARLATAMAB, doses(*((14 * n, 10) for n in range(40))), (546, 560))

    wanted = [1100.6, 3423.1, 548.2]
    assert [window.cavg_ng_ml, window.cmax_ng_ml, window.ctrough_ng_ml] == pytest.approx(wanted, rel=0.005)
    assert half_life_d(TARLATAMAB, typical(TARLATAMAB)) == pytest.approx(11.2, rel=0.005)


def test_a_bolus_in_one_compartment_is_an_exponential():
    (window,) = exposure(own_molecule(cl_l_per_d=1, vc_l=4), doses((0, 8)), (0, 2))

    assert window.cmax_ng_ml == pytest.approx(2000)  # 8 mg in 4 L
    assert window.ctrough_ng_ml == pytest.approx(2000 * math.exp(-0.5))
    assert window.cavg_ng_ml == pytest.approx(2000 * (1 - math.exp(-0.5)) / 0.25 / 2, rel=1e-6)


def test_a_depot_in_one_compartment_is_bateman_s_function():
    of = own_molecule(cl_l_per_d=1, vc_l=4, ka_per_d=0.5, f=0.7)
    (window,) = exposure(of, doses((0, 8)), (0, 3))

    def at(t: float) -> float:
        return 0.7 * 8 / 4 * 0.5 / (0.5 - 0.25) * (math.exp(-0.25 * t) - math.exp(-0.5 * t)) * 1000

    top = math.log(0.5 / 0.25) / (0.5 - 0.25)
    assert window.ctrough_ng_ml == pytest.approx(at(3))
    assert window.tmax_d == pytest.approx(top, abs=0.01)
    assert window.cmax_ng_ml == pytest.approx(at(top), rel=1e-4)


def test_absorption_at_the_rate_of_elimination_has_its_limit():
    (window,) = exposure(own_molecule(cl_l_per_d=1, vc_l=4, ka_per_d=0.25), doses((0, 8)), (0, 3))

    assert window.ctrough_ng_ml == pytest.approx(8 / 4 * 0.25 * 3 * math.exp(-0.75) * 1000)


@pytest.mark.parametrize(("ka", "slowest"), [(None, 0.25), (0.1, 0.1), (3.0, 0.25)])
def test_the_half_life_is_of_the_slowest_rate(ka, slowest):
    of = own_molecule(cl_l_per_d=1, vc_l=4, ka_per_d=ka)

    assert half_life_d(of, typical(of)) == pytest.approx(math.log(2) / slowest)


@pytest.mark.parametrize("name", ["epcoritamab", "elranatamab", "teclistamab", "mosunetuzumab"])
def test_what_is_not_linear_and_constant_has_no_half_life(name):
    assert half_life_d(drug(name), typical(drug(name))) is None


def test_an_infusion_without_end_comes_to_rate_over_clearance():
    of = drug("blinatumomab")  # 53.28 L/d; a day's amount each day
    (window,) = exposure(of, doses(*((day, 0.028) for day in range(10))), (8, 9))

    assert window.cavg_ng_ml == pytest.approx(28_000 / 53.28 / 1000, rel=1e-3)  # ug a day, L a day


def test_mosunetuzumab_is_cleared_slower_later():
    of = drug("mosunetuzumab")
    first, later = exposure(of, doses((0, 10), (200, 10)), (0, 20), (200, 220))

    assert later.cavg_ng_ml > 1.3 * first.cavg_ng_ml


def test_the_area_of_a_linear_drug_is_dose_over_clearance():
    of = own_molecule(cl_l_per_d=2, vc_l=4, q_l_per_d=1, vp_l=3)

    assert value_ug_d_ml(of, typical(of), doses((0, 10)), 60) == pytest.approx(5, rel=1e-5)


def test_the_order_of_doses_changes_nothing():
    given = doses((0, 0.16), (7, 0.8), (7, 0.1), (14, 48))
    results = {exposure(EPCORITAMAB, list(order), (0, 21))[0] for order in permutations(given)}

    assert len(results) == 1


def test_two_doses_at_one_time_add_up():
    apart, together = (exposure(TARLATAMAB, doses(*given), (0, 7))[0] for given in ([(0, 1), (0, 2)], [(0, 3)]))

    assert apart.cavg_ng_ml == pytest.approx(together.cavg_ng_ml, rel=1e-12)


def test_a_dose_by_weight():
    by_weight = [VirtualDose(t_d=0, mg_per_kg=0.5)]
    heavy = Person(weight_kg=80)

    assert exposure(TARLATAMAB, by_weight, (0, 7), person=heavy) == exposure(TARLATAMAB, doses((0, 40)), (0, 7))


def test_the_trough_is_what_is_left_before_a_dose_given_then():
    of = own_molecule(cl_l_per_d=1, vc_l=4)
    (window,) = exposure(of, doses((0, 8), (2, 8)), (0, 2))

    assert window.ctrough_ng_ml == pytest.approx(2000 * math.exp(-0.5))


def test_without_drug_there_is_nothing():
    (window,) = exposure(EPCORITAMAB, doses((10, 1)), (0, 10))

    assert (window.cmax_ng_ml, window.cavg_ng_ml, window.ctrough_ng_ml) == pytest.approx((0, 0, 0), abs=1e-12)


def test_a_line_ends_where_it_should_and_tolerance_falls_from_1():
    people = typical(EPCORITAMAB)
    drawn = line(EPCORITAMAB, people, doses((0, 0.16), (7, 0.8)), [0, 14], people.curve(EPCORITAMAB.hazard))

    assert (drawn.t_d[0], drawn.t_d[-1], drawn.tolerance[0]) == (0, 14, 1)
    assert drawn.tolerance[-1] < 0.2
    assert len(drawn.t_d) == len(drawn.ug_ml) == len(drawn.tolerance)


@pytest.mark.parametrize(("times", "last", "wanted"), [
    ([0, 7, 14], {}, [(0, 7), (7, 14), (14, 28)]),
    ([14, 0, 7, 7], {"last_period_d": 7}, [(0, 7), (7, 14), (14, 21)]),
    ([0, 7, 14], {"horizon_d": 61}, [(0, 7), (7, 14), (14, 61)]),
    ([0, 7, 14], {"horizon_d": 14}, [(0, 7), (7, 14)]),  # a dose at the horizon opens none
    ([0, 7], {"horizon_d": 3}, [(0, 3)]),
    ([5], {"horizon_d": 5}, []),
])  # fmt: skip
def test_dose_periods(times, last, wanted):
    assert periods_of(times, **last) == [DosePeriod(*pair) for pair in wanted]


@pytest.mark.parametrize("turnover", [1.0, 1e2, 1e4, 1e6])
def test_elranatamab_with_a_target_that_turns_over_fast_stays_whole(turnover):
    of = drug("elranatamab")
    people = typical(of)
    people.pk["cl_target"][:] = 15.418 * turnover

    (window,) = exposures(of, people, doses((0, 12), (3, 32), (7, 76)), [(0, 14)])

    assert np.isfinite(window.cmax_ng_ml)
    assert 0 < window.ctrough_ng_ml < window.cmax_ng_ml < 76e6 / 4777


@pytest.mark.parametrize(("pk", "wanted"), [
    ({"cl_l_per_d": 1e12, "vc_l": 1e-3}, 1e-12),  # all of it has left: dose over clearance
    ({"cl_l_per_d": 1e12, "vc_l": 1e-3, "infusion_h": 1}, 1e-12),
    ({"cl_l_per_d": 86_400, "vc_l": 1, "q_l_per_d": 1e9, "vp_l": 1e-3}, 1 / 86_400),
    ({"cl_l_per_d": 1e5, "vc_l": 1, "ka_per_d": 1e9, "f": 0.5}, 0.5e-5),
    ({"cl_l_per_d": 1e5, "vc_l": 1, "ka_per_d": 1e5}, 1e-5),
    ({"cl_l_per_d": 1e-12, "vc_l": 2, "ka_per_d": 1e12}, 7 / 2),  # nothing has left, and it is there at once
    ({"cl_l_per_d": 1e-12, "vc_l": 2, "ka_per_d": 1e-9}, 1e-9 * 7**2 / 2 / 2),  # and hardly any has come
    ({"cl_l_per_d": 1e-12, "vc_l": 2, "infusion_h": 168}, 7 / 2 / 2),  # it comes evenly over the week
])  # fmt: skip
def test_an_average_is_exact_whatever_the_rates(pk, wanted):
    """Wanted: mg a litre times days of 1 mg over a week."""
    (window,) = exposure(own_molecule(**pk), doses((0, 1)), (0, 7))

    assert window.cavg_ng_ml == pytest.approx(1000 * wanted / 7, rel=1e-8)


def test_the_average_of_a_depot_over_part_of_its_time_is_that_of_bateman_s_function():
    (_, window) = exposure(own_molecule(cl_l_per_d=1, vc_l=4, ka_per_d=0.5), doses((0, 8), (2, 8)), (0, 1), (1, 3))

    def until(t: float) -> float:  # mg a litre times days since a dose
        return 8 / 4 * 0.5 / (0.5 - 0.25) * ((1 - math.exp(-0.25 * t)) / 0.25 - (1 - math.exp(-0.5 * t)) / 0.5)

    assert window.cavg_ng_ml == pytest.approx(1000 * ((until(3) - until(1)) + until(1)) / 2, rel=1e-12)


def test_a_bolus_that_is_gone_in_a_second_has_its_area():
    (window,) = exposure(own_molecule(cl_l_per_d=86_400, vc_l=1), doses((0, 1)), (0, 7))

    assert window.cavg_ng_ml == pytest.approx(1000 / 86_400 / 7, rel=1e-3)  # dose over clearance, over the week
