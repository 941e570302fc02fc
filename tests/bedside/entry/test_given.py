"""Entry of treatments, doses and beds."""

import pytest
from django.urls import reverse

from grading.models import Treatment, TreatmentEnd, VitalSigns
from regimens.models import Dose, DoseEnd, DoseStatus, StayEnd
from tests.bedside.posted import common, text_of, typed, url

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


def told_by(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_the_end_of_an_infusion_is_recorded_once(nurse, dosed):
    page, first = url(dosed, "participant"), common()
    assert url(dosed, "dose-end") in text_of(nurse.get(page))
    saved = nurse.post(url(dosed, "dose-end"), first)
    assert f'data-saved="{first["id"]}"' in text_of(nurse.get(saved["Location"]))
    assert url(dosed, "dose-end") not in text_of(nurse.get(page))
    again = nurse.post(url(dosed, "dose-end"), first, follow=True)  # the answer was lost
    assert "nothing was saved twice" in told_by(again)[0]
    colleague = nurse.post(url(dosed, "dose-end"), common(), follow=True)  # had the page open meanwhile
    assert (colleague.status_code, colleague.request["PATH_INFO"]) == (200, page)
    assert told_by(colleague) == ["Nothing was saved: nothing runs that could end. Its end may be recorded already."]
    assert DoseEnd.objects.count() == 1


def test_an_end_that_is_wrong_is_withdrawn_and_one_stays_with_a_corrected_dose(nurse, dosed):
    nurse.post(url(dosed, "dose-end"), common())
    end, dose = DoseEnd.objects.get(), Dose.objects.get()
    change = reverse("correct", args=["dose-end", end.pk])
    assert change in text_of(nurse.get(url(dosed, "participant")))
    assert nurse.post(change, common(when="same", withdrawn="on", reason="it runs on")).status_code == 302
    assert url(dosed, "dose-end") in text_of(nurse.get(url(dosed, "participant")))  # it runs, as far as is known
    nurse.post(url(dosed, "dose-end"), common())
    given = {"step": str(dose.step_id), "status": "PARTIAL", "amount": "2", "unit": "mg", "route": "INTRAVENOUS"}
    again = common(**given, when="same", because="half", reason="the pump stopped")
    assert nurse.post(reverse("correct", args=["dose", dose.pk]), again).status_code == 302
    page = text_of(nurse.get(url(dosed, "participant")))
    assert url(dosed, "dose-end") not in page
    assert reverse("correct", args=["dose-end", DoseEnd.objects.standing().get().pk]) in page
    nurse.post(url(dosed, "dose-end"), common())  # from a page of before
    assert DoseEnd.objects.standing().count() == 1


def test_what_was_taken_back_says_so_with_what_it_changed(nurse, dosed):
    kept = nurse.post(url(dosed, "vitals"), typed())
    one = VitalSigns.objects.get()
    assert f'data-saved="{one.pk}"' in text_of(nurse.get(kept["Location"]))
    back = nurse.post(
        reverse("correct", args=["vitals", one.pk]), typed(when="same", withdrawn="on", reason="of another participant")
    )
    page = text_of(nurse.get(back["Location"]))
    assert "Taken back" in page
    assert "What this changed" in page
    assert "data-saved" not in text_of(nurse.get(f"{url(dosed, 'participant')}?saved={one.pk}"))  # corrected since


def test_whoever_corrects_second_is_led_to_the_version_that_holds(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    address = reverse("correct", args=["vitals", VitalSigns.objects.get().pk])
    nurse.post(address, typed(when="same", reason="mistyped", spo2="93"))
    second = nurse.post(address, typed(when="same", reason="mistyped", spo2="92"))
    assert second.status_code == 400
    assert reverse("correct", args=["vitals", VitalSigns.objects.standing().get().pk]) in text_of(second)


@pytest.mark.parametrize("left", ["stay-end", "treatment-end"])
def test_what_stopped_is_said_once_more_without_a_second_stop(nurse, dosed, left):
    vasopressors = {"drug_class": "vasopressor", "dose": "5", "unit": "ug/min", "indication": "crs"}
    for drug in ("norepinephrine", "vasopressin"):
        nurse.post(url(dosed, "treatment"), common(drug=drug, **vasopressors))
    nurse.post(url(dosed, "stay"), common(kind="ward", ward="7B", bed="1"))
    running = Treatment.objects.filter(drug="norepinephrine").get()
    stop = common(treatment=str(running.pk))
    for _ in range(2):
        answer = nurse.post(url(dosed, left), stop, follow=True)
    assert (answer.status_code, "nothing was saved twice" in told_by(answer)[0]) == (200, True)
    assert (TreatmentEnd if left == "treatment-end" else StayEnd).objects.count() == 1


def test_a_move_to_another_bed(nurse, dosed):
    nurse.post(url(dosed, "stay"), common(kind="icu", ward="ICU", bed="3"))
    assert "Bed 3, ward ICU" in text_of(nurse.get(url(dosed, "participant")))


def test_a_character_that_nobody_sees_is_refused_at_its_field(nurse, dosed):
    for bed in ("1\x1f2", "12\x1e.", "1\u202e2"):
        answer = nurse.post(url(dosed, "stay"), common(kind="ward", ward="7B", bed=bed))
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, ["bed"])
    lines = "of yesterday,\r\n\tas on paper"
    assert nurse.post(url(dosed, "stay"), common(kind="ward", ward="7B", bed="12 ü", reason=lines)).status_code == 302
