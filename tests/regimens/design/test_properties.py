"""What holds of every risk, whatever the numbers."""

import dataclasses
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regimens.design.concentrations import areas
from regimens.design.contract.kinds import answer
from regimens.design.doses import VirtualDose
from regimens.design.kinetics.grid import PREVIEW
from regimens.design.parameters import drug, names, own_molecule
from regimens.design.people import Person, Population, drawn, typical
from tests.regimens.design.building import doses, hazards
from tests.sizes import sized

EPCORITAMAB = drug("epcoritamab")
TIMES = st.lists(st.integers(0, 30), min_size=1, max_size=4, unique=True)
AMOUNTS = st.floats(0.01, 100)
EXAMPLES = settings(deadline=None, max_examples=sized(40, sample=6))


@st.composite
def regimens(draw) -> list[VirtualDose]:
    return [VirtualDose(t_d=t, mg=draw(AMOUNTS)) for t in draw(TIMES)]


@EXAMPLES
@given(regimens())
def test_more_prophylaxis_or_prior_car_t_never_raises_a_risk(regimen):
    people = [Person(), Person(prophylaxis="one"), Person(prophylaxis="both"), Person(prior_car_t=True)]
    none, one, both, car_t = (
        hazards(EPCORITAMAB, typical(EPCORITAMAB, person, EPCORITAMAB.hazard), regimen, pace=PREVIEW)
        for person in people
    )

    assert (both <= one).all()
    assert (one <= none).all()
    assert (car_t <= none).all()


@EXAMPLES
@given(regimens(), st.floats(0.1, 30))
def test_splitting_a_period_multiplies_survivals(regimen, cut):
    people = typical(EPCORITAMAB)
    curve = people.curve(EPCORITAMAB.hazard)

    whole = areas(EPCORITAMAB, people, regimen, [0, 40], curve)
    parts = areas(EPCORITAMAB, people, regimen, [0, cut, 40], curve)

    assert np.exp(-parts).prod() == pytest.approx(float(np.exp(-whole).item()), abs=1e-5)


@EXAMPLES
@given(regimens(), st.floats(0.01, 100))
def test_doses_scaled_with_volumes_clearances_and_concentrations_change_nothing(regimen, times):
    """The concentration is the same where doses, volumes and flows grow alike; so is the risk where only doses, S50,
    I50 and what binds grow alike.
    """
    law = EPCORITAMAB.hazard
    larger = [dataclasses.replace(dose, mg=dose.mg * times) for dose in regimen]
    plain = hazards(EPCORITAMAB, typical(EPCORITAMAB), regimen)

    wide, dense = typical(EPCORITAMAB), typical(EPCORITAMAB)
    for name in ("vc", "vp", "cl", "q"):
        wide.pk[name][:] *= times
    for name in ("base", "kss"):
        dense.pk[name][:] *= times
    scaled = dataclasses.replace(law, s50=law.s50 * times, i50=law.i50 * times)

    assert hazards(EPCORITAMAB, wide, larger) == pytest.approx(plain, rel=1e-6, abs=1e-12)
    assert hazards(EPCORITAMAB, dense, larger, scaled) == pytest.approx(plain, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("name", names())
def test_without_drug_there_is_no_risk(name):
    of = drug(name)
    law = of.hazard or EPCORITAMAB.hazard
    people = typical(of)

    before, after = areas(of, people, doses((10, 1)), [0, 10, 20], people.curve(law))

    assert before[0] == 0
    assert after[0] > 0


@EXAMPLES
@given(regimens(), st.integers(1, 20))
def test_before_the_first_dose_a_risk_is_exactly_0(regimen, later):
    given_doses = [{"t_d": dose.t_d + later, "mg": dose.mg} for dose in regimen]
    first = min(dose["t_d"] for dose in given_doses)

    rows = answer("risk", {"drug": "epcoritamab", "doses": given_doses, "periods": [[0, first], [0, 60]]})["periods"]

    assert (rows[0]["p"], rows[0]["hazard"]) == (0, 0)
    assert 0 < rows[1]["p"] < 1


@pytest.mark.long
@EXAMPLES
@given(regimens(), st.randoms())
def test_the_order_of_doses_and_of_regimens_changes_no_bit_of_a_trial(regimen, chance):
    listed = [{"t_d": dose.t_d, "mg": dose.mg} for dose in regimen]
    names = ["as drawn", "with one more"]
    rows = {"as drawn": listed, "with one more": [*listed, {"t_d": 31, "mg": 1}]}

    def answers(order):
        case = {"drug": "epcoritamab", "patients": 2, "seed": 3, "horizon_d": 40}
        regimens = [{"name": name, "doses": chance.sample(rows[name], len(rows[name]))} for name in order]
        return {row["name"]: row for row in answer("trial", case | {"regimens": regimens})["regimens"]}

    assert answers(names) == answers(names[::-1])


@pytest.mark.long
def test_the_order_of_doses_changes_no_bit():
    given_doses = doses((0, 0.16), (7, 0.8), (14, 48), (14, 1))

    orders = {hazards(EPCORITAMAB, typical(EPCORITAMAB), list(order)).tobytes() for order in permutations(given_doses)}

    assert len(orders) == 1


@pytest.mark.parametrize("name", names())
def test_the_order_and_number_of_people_change_no_bit(name):
    of = drug(name)
    law = of.hazard or EPCORITAMAB.hazard
    people = drawn(of, Population(), 4, 0, 50, law)
    backwards = np.arange(50)[::-1]
    regimen = doses((0, 1), (7, 10))

    whole = hazards(of, people, regimen, law)

    assert (hazards(of, people.some(backwards), regimen, law) == whole[:, backwards]).all()
    assert (hazards(of, people.some(np.array([7])), regimen, law) == whole[:, [7]]).all()


@pytest.mark.long
def test_who_moves_drug_too_fast_for_the_steps_is_solved_with_smaller_ones():
    people = drawn(EPCORITAMAB, Population(), 4, 0, 5, EPCORITAMAB.hazard)
    people.pk["vp"][2] = 0.01  # an exchange of some 50 a day: a step of 9 h would explode
    regimen = doses((0, 0.16), (7, 0.8), (14, 48))

    whole = hazards(EPCORITAMAB, people, regimen)

    assert np.isfinite(whole).all()
    assert (hazards(EPCORITAMAB, people.some(np.array([2])), regimen) == whole[:, [2]]).all()


def test_many_parameters_at_once_are_each_of_them_alone():
    people = typical(EPCORITAMAB)
    curve = people.curve(EPCORITAMAB.hazard)
    s50, kin = np.array([[0.05], [0.1], [0.2]]), np.array([[0.2], [0.4], [0.9]])
    regimen, edges = doses((0, 0.16), (7, 0.8)), [0, 7, 14]

    together = areas(EPCORITAMAB, people, regimen, edges, curve._replace(s50=s50, kin=kin, i50=0.00473 * s50))

    for place in range(3):
        one = curve._replace(s50=s50[place, 0], kin=kin[place, 0], i50=0.00473 * s50[place, 0])
        assert together[:, place] == pytest.approx(areas(EPCORITAMAB, people, regimen, edges, one), rel=1e-12)


def test_an_own_molecule_of_absurd_rates_gives_a_number():
    of = own_molecule(cl_l_per_d=1e12, vc_l=1e-3, ka_per_d=1e12)
    people = typical(of)

    area = areas(of, people, doses((0, 100_000)), [0, 14], people.curve(EPCORITAMAB.hazard))

    assert np.isfinite(area).all()


def test_a_bolus_that_is_gone_in_a_second_leaves_no_risk():
    """A half-life of 0.7 s: the area under f is far below 1e-4 days, whatever the height."""
    of = own_molecule(cl_l_per_d=86_400, vc_l=1)
    people = typical(of)

    area = areas(of, people, doses((0, 1)), [0, 14], people.curve(EPCORITAMAB.hazard)).item()

    # The integral of c^g/(s^g + c^g) for c = exp(-k t) is ln(1 + s^-g)/(g k), where tolerance has not moved.
    law = EPCORITAMAB.hazard
    assert area == pytest.approx(np.log1p(law.s50**-law.hill) / (law.hill * 86_400), rel=0.02)
