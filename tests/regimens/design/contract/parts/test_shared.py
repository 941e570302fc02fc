"""What contradicts in the shared fields of the design contract."""

import pytest

from regimens.design.contract import shared
from regimens.design.contract.shared import DoseAt, HazardGiven, NamedRegimen, OwnPk, PatientGiven
from regimens.rules.reading import CaseError

BOLUS = OwnPk(cl_l_per_d=1, vc_l=1)
UNDER_SKIN = OwnPk(cl_l_per_d=1, vc_l=1, ka_per_d=1)


def fault(check, *given):
    try:
        check(*given)
    except CaseError as error:
        return error.code, error.field
    return None


@pytest.mark.parametrize(("drug", "pk", "patient", "field"), [
    ("tarlatamab", BOLUS, None, "pk"),
    (None, OwnPk(cl_l_per_d=1, vc_l=1, ka_per_d=1, infusion_h=1), None, "pk.infusion_h"),
    (None, OwnPk(cl_l_per_d=1, vc_l=1, cv_pct={"ka_per_d": 1}), None, "pk.cv_pct.ka_per_d"),
    ("tarlatamab", None, PatientGiven(prior_car_t=True), "patient.prior_car_t"),
    ("teclistamab", None, PatientGiven(prophylaxis="one"), "patient.prophylaxis"),
    ("epcoritamab", None, PatientGiven(female=True), "patient.female"),
    (None, BOLUS, PatientGiven(prior_car_t=True), "patient.prior_car_t"),
])  # fmt: skip
def test_a_molecule_that_contradicts_itself_is_refused(drug, pk, patient, field):
    assert fault(shared.check_molecule, drug, pk, patient) == ("contradictory", field)


@pytest.mark.parametrize(("drug", "pk", "patient"), [
    ("tarlatamab", None, None),
    (None, BOLUS, PatientGiven(weight_kg=80)),
    (None, OwnPk(cl_l_per_d=1, vc_l=1, infusion_h=1, cv_pct={"vc_l": 1}), None),
    ("epcoritamab", None, PatientGiven(prior_car_t=True, prophylaxis="both")),
    ("elranatamab", None, PatientGiven(female=True, age_y=50)),
    ("tarlatamab", None, PatientGiven(weight_kg=50)),
])  # fmt: skip
def test_what_a_model_knows_is_taken(drug, pk, patient):
    assert fault(shared.check_molecule, drug, pk, patient) is None


@pytest.mark.parametrize(("drug", "pk", "dose", "expected"), [
    ("tarlatamab", None, DoseAt(t_d=0, mg=1, infusion_h=1), None),
    (None, BOLUS, DoseAt(t_d=0, mg=1, infusion_h=1), None),
    ("epcoritamab", None, DoseAt(t_d=0, mg=1, infusion_h=1), ("contradictory", "doses[0].infusion_h")),
    (None, UNDER_SKIN, DoseAt(t_d=0, mg=1, infusion_h=0), ("contradictory", "doses[0].infusion_h")),
    ("tarlatamab", None, DoseAt(t_d=0, mg=1, mg_per_kg=1), ("contradictory", "doses[0].mg_per_kg")),
])  # fmt: skip
def test_an_infusion_is_of_what_is_given_intravenously(drug, pk, dose, expected):
    assert fault(shared.check_doses, [dose], drug, pk) == expected


@pytest.mark.parametrize(("times", "horizon_d", "expected"), [
    (range(24), None, None),
    (range(25), None, ("out_of_range", "doses")),
    (range(25), 24, None),
    ([0] * 25, None, None),
    ([3], 3, ("contradictory", "horizon_d")),
    ([3], 3.01, None),
])  # fmt: skip
def test_a_regimen_opens_one_to_24_periods(times, horizon_d, expected):
    assert fault(shared.check_periods, [DoseAt(t_d=one, mg=1) for one in times], horizon_d) == expected


def test_a_regimen_has_a_name_of_its_own():
    named = [NamedRegimen(name=name, doses=(DoseAt(t_d=0, mg=1),)) for name in ("a", "b", "a")]

    assert fault(shared.check_regimens, named, "epcoritamab", None, None) == ("contradictory", "regimens[2].name")


@pytest.mark.parametrize(("spans", "expected"), [
    ([(0, 1), (1, 1)], ("contradictory", "windows[1]")), ([(2, 1)], ("contradictory", "windows[0]")), ([(0, 0.1)], None)
])  # fmt: skip
def test_a_window_ends_after_it_begins(spans, expected):
    assert fault(shared.check_spans, spans, "windows") == expected


@pytest.mark.parametrize(("values", "expected"), [
    ({"drug": "epcoritamab"}, None),
    ({"drug": "mosunetuzumab"}, "hazard"),
    ({"drug": "blinatumomab", "hazard": HazardGiven(smax_per_d=1, s50_ug_ml=1)}, None),
    ({"pk": BOLUS}, "hazard"),
    ({"drug": ["no text"]}, None),  # told when it is read
])  # fmt: skip
def test_a_molecule_without_a_hazard_needs_one(values, expected):
    assert shared.needs_hazard(values) == expected
