"""A name that is not known, a steroid beyond the ladder and a weight that jumps: page and API ask the same."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import Treatment
from regimens.models import Measurement
from tests.bedside.posted import common, text_of, url
from tests.pages import as_read
from tests.treatment.conftest import post, toci, typed, weigh

pytestmark = pytest.mark.django_db


STEROID = {"drug_class": "corticosteroid", "checked_by": ""}
ASKED = [
    ({"drug": "tocilizumb", "dose": "5600", "checked_by": ""}, "drug", "Did you mean tocilizumab?"),
    ({"drug": "tocilizumb", "drug_class": "other", "dose": "5600"}, "drug", "Did you mean tocilizumab?"),
    ({"drug": "sarilumab"}, "drug", "is not known here"),
    ({"drug": "dexamethason"} | STEROID, "drug", "Did you mean dexamethasone?"),
    ({"drug": "dexamethasone", "dose": "100", "unit": "mg/kg"} | STEROID, "dose", "7000 mg of dexamethasone"),
    ({"drug": "methylprednisolone", "dose": "1250"} | STEROID, "dose", "a zero too many"),
    ({"drug": "prednisolone", "dose": "100000"} | STEROID, "dose", "worth 15000 mg of dexamethasone"),
    ({"drug": "hydrocortisone", "dose": "10000"} | STEROID, "dose", "worth 375 mg of dexamethasone"),
    ({"drug": "Decadron", "dose": "1000"} | STEROID, "dose", "1000 mg of dexamethasone"),
]


@pytest.mark.parametrize(("changes", "field", "why"), ASKED, ids=[str(change) for change, _, _ in ASKED])
def test_page_and_api_ask_until_it_is_typed_again_with_a_reason(nurse, weighed, changes, field, why):
    page = nurse.post(url(weighed, "treatment"), typed(weighed, **changes))
    answer = post(nurse, weighed, **changes)

    assert (page.status_code, answer.json()["title"]) == (400, "confirm")
    assert set(page.context["form"].errors) == set(answer.json()["errors"]) == {field, "because"}
    assert why in str(page.context["form"].errors[field])
    assert f'name="again_{field}"' in text_of(page)
    assert not Treatment.objects.exists()

    value = toci(weighed, **changes)[field]
    again = {f"again_{field}": value, "because": "as ordered"}
    assert nurse.post(url(weighed, "treatment"), typed(weighed, **changes) | again).status_code == 302
    kept_one = post(nurse, weighed, **changes, retyped={field: value}, because="as ordered")
    assert kept_one.status_code == 201
    assert [one.retyped for one in Treatment.objects.all()] == [[field], [field]]


def test_typing_the_dose_again_does_not_answer_for_the_name(nurse, weighed):
    wrong = {"drug": "tocilizumb", "because": "as ordered"}

    assert post(nurse, weighed, **wrong, retyped={"dose": "560"}).json()["title"] == "confirm"
    assert "retyped.drug" in post(nurse, weighed, **wrong, retyped={"drug": "tocilizumab"}).json()["errors"]
    page = nurse.post(url(weighed, "treatment"), typed(weighed, **wrong, again_drug="tocilizumab"))
    assert page.status_code == 400


@pytest.mark.parametrize("drug", ["Tyenne", "tocilizumab IV", "Avtozma", "tocilizumab-anoh 20 mg/mL"])
def test_tocilizumab_by_any_name_has_its_checks_and_is_counted(nurse, weighed, drug):
    assert list(post(nurse, weighed, drug=drug, checked_by="").json()["errors"]) == ["checked_by"]
    assert list(post(nurse, weighed, drug=drug, dose="5600").json()["errors"]) == ["dose"]
    assert post(nurse, weighed, drug=drug).status_code == 201
    assert "Less than 8 h" in str(post(nurse, weighed).json()["errors"]["dose"])


def test_two_drugs_in_one_entry_are_refused(nurse, weighed):
    both = post(nurse, weighed, drug="tocilizumab + dexamethasone")

    assert (both.json()["title"], list(both.json()["errors"])) == ("invalid", ["drug"])


def test_a_known_drug_is_tapped(nurse, weighed):
    page = as_read(text_of(nurse.get(url(weighed, "treatment"))))
    assert 'name="known" value="tocilizumab"' in page
    assert 'name="known" value="dexamethasone"' in page

    tapped = typed(weighed) | {"known": "tocilizumab", "drug": ""}
    assert "keep one of the two" in text_of(nurse.post(url(weighed, "treatment"), tapped | {"drug": "anakinra"}))
    assert "Which drug?" in text_of(nurse.post(url(weighed, "treatment"), tapped | {"known": ""}))
    assert nurse.post(url(weighed, "treatment"), tapped).status_code == 302
    assert Treatment.objects.get().drug == "tocilizumab"


def test_a_steroid_without_a_dose_says_why(nurse, weighed):
    blank = {"drug": "dexamethasone", "dose": "", "unit": ""} | STEROID
    page = nurse.post(url(weighed, "treatment"), typed(weighed, **blank))
    assert set(page.context["form"].errors) == {"dose", "because"}
    assert 'name="again_dose"' not in text_of(page)

    assert nurse.post(url(weighed, "treatment"), typed(weighed, **blank, because="chart lost")).status_code == 302
    assert Treatment.objects.get().unusual == ["steroid_dose_missing"]
    absent = blank | {"dose": None}
    assert set(post(nurse, weighed, **absent).json()["errors"]) == {"dose", "because"}
    assert post(nurse, weighed, **absent, because="chart lost").status_code == 201
    assert post(nurse, weighed, **absent | {"indication": "premedication"}).status_code == 201


def test_a_steroid_per_kilogram_without_a_weight_is_typed_again(nurse, dosed):
    per_kg = {"drug": "methylprednisolone", "dose": "1", "unit": "mg/kg"} | STEROID

    assert "record the weight first" in str(post(nurse, dosed, **per_kg).json()["errors"]["dose"])
    assert post(nurse, dosed, **per_kg, retyped={"dose": "1"}, because="no scales").status_code == 201


# --- Weights ----------------------------------------------------------------------------------------------------


def measured(client, world, kg, **more):
    body = {"id": str(uuid4()), "observed_at": timezone.now().isoformat(), "kind": "weight_kg", "value": kg} | more
    address = f"/api/v1/participants/{world.participant.pk}/measurements/"
    return client.post(address, body, content_type="application/json")


@pytest.mark.parametrize("kg", ["7", "400"])
def test_a_weight_far_from_the_one_before_is_typed_again_with_a_reason(nurse, weighed, kg):
    page = nurse.post(url(weighed, "weight"), common(value=kg))
    answer = measured(nurse, weighed, kg)
    assert (page.status_code, answer.json()["title"]) == (400, "confirm")
    assert set(page.context["form"].errors) == set(answer.json()["errors"]) == {"value", "because"}
    assert f"Was 70, now {kg} kg" in text_of(page)
    assert 'name="again_value"' in text_of(page)
    assert nurse.post(url(weighed, "weight"), common(value=kg, again_value="70", because="x")).status_code == 400
    assert nurse.post(url(weighed, "weight"), common(value=kg, again_value=kg)).status_code == 400
    assert "retyped.value" in measured(nurse, weighed, kg, retyped={"value": "70"}, because="x").json()["errors"]
    assert Measurement.objects.filter(kind="weight_kg").count() == 1

    assert nurse.post(url(weighed, "weight"), common(value=kg, again_value=kg, because="scales")).status_code == 302
    one = Measurement.objects.latest("recorded_at")
    assert (one.retyped, one.unusual, one.because) == (["value"], ["changed"], "scales")
    assert "✓✓ <q>scales</q>" in text_of(nurse.get(url(weighed, "drugs")))


def test_the_api_keeps_both_typings(nurse, weighed):
    kept_one = measured(nurse, weighed, "40", retyped={"value": "40"}, because="scales")

    assert kept_one.status_code == 201
    address = f"/api/v1/participants/{weighed.participant.pk}/measurements/{kept_one.json()['id']}/"
    shown = nurse.get(address).json()
    assert (shown["retyped"], shown["unusual"], shown["because"]) == (["value"], ["changed"], "scales")


def test_a_first_weight_of_no_adult_is_typed_again(nurse, dosed):
    assert set(measured(nurse, dosed, "154").json()["errors"]) == {"value", "because"}
    assert measured(nurse, dosed, "84").status_code == 201


def test_a_late_weight_is_held_against_the_first_after_it(nurse, weighed):
    early = (timezone.now() - timedelta(hours=5)).isoformat()

    assert "Was 70" in str(measured(nurse, weighed, "40", observed_at=early, reason="late").json()["errors"])
    assert measured(nurse, weighed, "80", observed_at=early, reason="late").status_code == 201


def test_a_corrected_weight_is_not_held_against_itself(nurse, dosed):
    weigh(dosed, "7", timezone.now() - timedelta(minutes=5))
    first = Measurement.objects.get(kind="weight_kg")
    body = common(value="70", when="same", reason="a digit was lost")

    assert nurse.post(reverse("correct", args=["weight", first.pk]), body).status_code == 302


def test_another_measurement_is_not_asked_about(nurse, weighed):
    assert measured(nurse, weighed, "7", kind="baseline_sbp").status_code == 201
