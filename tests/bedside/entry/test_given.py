"""Entry of treatments, doses and beds."""

import pytest
from django.urls import reverse

from grading.models import Treatment
from regimens.models import Dose, DoseEnd, DoseStatus
from tests.bedside.posted import common, text_of, url

pytestmark = pytest.mark.django_db


def test_a_treatment_is_recorded_with_its_indication(nurse, dosed):
    given = {"drug": "paracetamol", "drug_class": "antipyretic", "dose": "1000", "unit": "mg", "indication": "crs"}
    assert nurse.post(url(dosed, "treatment"), common(**given)).status_code == 302
    one = Treatment.objects.get()
    assert (one.drug, one.dose, one.indication) == ("paracetamol", 1000, "crs")
    assert nurse.get(reverse("correct", args=["treatment", one.pk])).status_code == 200
    missing = nurse.post(url(dosed, "treatment"), common(drug="paracetamol", dose="1000"))
    assert set(missing.context["form"].errors) == {"indication", "unit"}  # its class is that of its name


def test_a_dose_starts_from_the_plan(nurse, dosed):
    form = nurse.get(url(dosed, "dose")).context["form"]
    assert (form["step"].value(), form["amount"].value(), form["unit"].value()) == (str(dosed.steps[1].pk), "25", "mg")
    assert dict(form.fields["unit"].choices)["mg"] == "mg"
    given = {"step": str(dosed.steps[1].pk), "status": "GIVEN", "amount": "25", "unit": "mg", "route": "INTRAVENOUS"}
    assert nurse.post(url(dosed, "dose"), common(**given)).status_code == 302
    assert Dose.objects.filter(amount=25).count() == 1


def test_a_dose_not_given_says_why_and_has_no_amount(nurse, dosed):
    held = {"step": str(dosed.steps[1].pk), "status": "NOT GIVEN", "amount": "25", "unit": "mg", "route": "INTRAVENOUS"}
    refused = nurse.post(url(dosed, "dose"), common(**held))
    assert list(refused.context["form"].errors) == ["not_given_because"]
    assert nurse.post(url(dosed, "dose"), common(**held, not_given_because="CRS grade 2")).status_code == 302
    one = Dose.objects.get(status=DoseStatus.NOT_GIVEN)
    assert (one.amount, one.not_given_because) == (None, "CRS grade 2")


@pytest.mark.parametrize("amount", ["", "0"])
def test_a_dose_given_has_an_amount(nurse, dosed, amount):
    given = {"step": str(dosed.steps[1].pk), "status": "GIVEN", "amount": amount, "unit": "mg", "route": "INTRAVENOUS"}
    assert list(nurse.post(url(dosed, "dose"), common(**given)).context["form"].errors) == ["amount"]


def test_the_end_of_an_infusion_is_recorded_once(nurse, dosed):
    assert nurse.post(url(dosed, "dose-end"), common()).status_code == 302
    assert DoseEnd.objects.count() == 1
    assert nurse.get(url(dosed, "dose-end")).status_code == 404


def test_a_move_to_another_bed(nurse, dosed):
    nurse.post(url(dosed, "stay"), common(kind="icu", ward="ICU", bed="3"))
    assert "Bed 3, ward ICU" in text_of(nurse.get(url(dosed, "participant")))
