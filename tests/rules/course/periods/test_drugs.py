"""What was given in a dose period, one row per sentence of the export's specification."""

from decimal import Decimal

import pytest

from tests.rules.course.periods.period_rows import at, drug, period, steroid, treated


def test_tocilizumab_for_crs_or_icans_counts_and_is_added_up():
    row = treated(drug(2, dose=480), drug(9, indication="icans", dose=480.5))

    assert (row.tocilizumab_doses, row.tocilizumab_mg, row.tocilizumab_first_at) == (2, Decimal("960.5"), at(2))


@pytest.mark.parametrize("indication", ["premedication", "prophylaxis", "infection", "fever"])
def test_tocilizumab_for_anything_else_does_not(indication):
    row = treated(drug(2, indication=indication, dose=480))

    assert (row.tocilizumab_doses, row.tocilizumab_mg, row.tocilizumab_first_at) == (0, None, None)
    assert row.tocilizumab_prophylaxis is (indication == "prophylaxis")


def test_no_other_drug_is_tocilizumab():
    assert treated(drug(2, "anakinra", dose=100)).tocilizumab_doses == 0


@pytest.mark.parametrize("row", [period(), treated()], ids=["nothing recorded", "no drug among it"])
def test_nothing_given_is_nothing_and_no_total(row):
    assert (row.tocilizumab_doses, row.tocilizumab_prophylaxis, row.other_anticytokine) == (0, False, False)
    assert (row.tocilizumab_mg, row.steroid_dexamethasone_mg, row.steroid_premedication) == (None, None, False)


def test_no_other_drug_is_a_tocilizumab_prophylaxis():
    assert not treated(drug(2, "anakinra", indication="prophylaxis")).tocilizumab_prophylaxis


@pytest.mark.parametrize(
    "doses", [[(None, "mg")], [(480, "mg"), (None, "mg")], [(480, "mg"), (8, "mg/kg")]], ids=["one", "part", "unit"]
)
def test_a_total_of_which_a_part_is_not_known_is_not_known(doses):
    assert treated(*(drug(h, dose=dose, unit=unit) for h, (dose, unit) in enumerate(doses, 1))).tocilizumab_mg is None


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (drug(2, "anakinra"), True),
        (drug(2, "anakinra", indication="icans"), True),
        (drug(2, "anakinra", indication="prophylaxis"), False),
        (drug(2), False),
        (steroid(2), False),
    ],
)
def test_another_anticytokine_is_one_that_treats_and_is_not_tocilizumab(one, expected):
    assert treated(one).other_anticytokine is expected


# mg to mg of dexamethasone: dexamethasone and betamethasone 1; methylprednisolone and triamcinolone 0.1875;
# prednisone and prednisolone 0.15; hydrocortisone 0.0375. So 80 mg are:
OF_80_MG = {
    "dexamethasone": "80", "betamethasone": "80", "methylprednisolone": "15", "triamcinolone": "15",
    "prednisone": "12", "prednisolone": "12", "hydrocortisone": "3",
}  # fmt: skip


@pytest.mark.parametrize("name", OF_80_MG)
def test_a_steroid_is_told_in_milligrams_of_dexamethasone(name):
    assert treated(steroid(2, name, dose=80)).steroid_dexamethasone_mg == Decimal(OF_80_MG[name])


def test_steroids_that_treat_are_added_up_to_two_decimals():
    row = treated(steroid(2, dose=10), steroid(5, "prednisone", indication="icans", dose=0.1))  # 10 + 0.015

    assert (row.steroid_dexamethasone_mg, row.steroid_first_at) == (Decimal("10.02"), at(2))


@pytest.mark.parametrize(
    "unknown",
    [steroid(2), steroid(2, dose=1, unit="ml"), steroid(2, "cortisone", dose=100)],
    ids=["no dose", "no mass", "no factor"],
)
def test_a_steroid_that_cannot_be_converted_leaves_the_total_unknown(unknown):
    row = treated(steroid(1, dose=10), unknown)

    assert (row.steroid_dexamethasone_mg, row.steroid_first_at) == (None, at(1))


def test_no_other_class_is_a_steroid():
    row = treated(drug(2, dose=480), drug(-1, "paracetamol", "antipyretic", "premedication"))

    assert (row.steroid_dexamethasone_mg, row.steroid_first_at, row.steroid_premedication) == (None, None, False)


@pytest.mark.parametrize(("h", "expected"), [(-24.01, False), (-24, True), (-1, True), (0, True), (0.01, False)])
def test_premedication_is_a_steroid_in_the_24_h_up_to_the_dose(h, expected):
    assert treated(steroid(h, indication="premedication", dose=16)).steroid_premedication is expected


def test_one_steroid_among_other_drugs_is_premedication():
    assert treated(drug(-2, "paracetamol"), steroid(-1, indication="premedication")).steroid_premedication


def test_premedication_is_never_treatment_and_treatment_never_premedication():
    row = treated(steroid(0, indication="premedication", dose=16))
    assert (row.steroid_first_at, row.steroid_dexamethasone_mg) == (None, None)
    assert not treated(steroid(0, dose=16)).steroid_premedication


def test_what_was_given_before_the_dose_treats_no_period_of_it():
    row = treated(drug(-1, dose=480), drug(-1, indication="prophylaxis"), steroid(-1, dose=8), drug(-1, "anakinra"))

    assert (row.tocilizumab_doses, row.tocilizumab_prophylaxis, row.steroid_first_at, row.other_anticytokine) == (
        0, False, None, False
    )  # fmt: skip


def test_a_drug_at_the_very_dose_is_inside():
    assert treated(drug(0)).tocilizumab_doses == 1
