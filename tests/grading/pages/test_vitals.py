"""Entry of vital signs, without JavaScript: what is kept, what is asked again, what is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import VitalSigns
from tests.grading.pages.posted import text_of, typed, url

pytestmark = pytest.mark.django_db


def test_a_set_is_saved_and_its_grade_shown_with_reasons(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(), follow=True)
    text = text_of(page)
    assert "Saved" in text
    for said in ("Grade 2", "Fever: 38.6 °C", "Hypotension not requiring a vasopressor"):
        assert said in text
    one = VitalSigns.objects.get()
    assert (one.vasopressors, one.fluid_bolus, one.source, one.recorded_by) == ([], False, "page", dosed.nurse)


def test_a_double_tap_saves_once_and_answers_the_same(nurse, dosed):
    once = typed()
    first, second = nurse.post(url(dosed, "vitals"), once), nurse.post(url(dosed, "vitals"), once)
    assert (first.status_code, first["Location"]) == (302, second["Location"])
    assert VitalSigns.objects.count() == 1


def test_the_same_form_with_another_value_is_not_taken_for_the_first(nurse, dosed):
    once = typed()
    nurse.post(url(dosed, "vitals"), once)
    answer = nurse.post(url(dosed, "vitals"), once | {"temperature_c": "37.0"})
    assert answer.status_code == 400
    assert "already saved" in text_of(answer)
    assert VitalSigns.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("temperature_c", "61"), ("temperature_c", "38.4.1"), ("sbp", "1,200"), ("sbp", "310"), ("spo2", "104"),
        ("dbp", "99"),
        ("heart_rate", "abc"), ("respiratory_rate", "-3"), ("oxygen_flow_l_min", "80"), ("confirm_number", "7"),
        ("oxygen_device", "hood"), ("vasopressors", ["none", "dopamine"]),
    ],
)  # fmt: skip
def test_a_bad_value_comes_back_at_its_field_with_all_that_was_typed(nurse, dosed, field, value):
    answer = nurse.post(url(dosed, "vitals"), typed(**{field: value}))
    assert answer.status_code == 400
    at = "sbp" if field == "dbp" else field
    assert list(answer.context["form"].errors) == [at]
    text = text_of(answer)
    assert "Not saved yet" in text
    assert 'value="94"' in text or 'value="110"' in text  # what was right is still there
    assert not VitalSigns.objects.exists()


def test_an_unusual_value_is_typed_again_blind_and_then_kept(nurse, dosed):
    once = typed(temperature_c="41.8")
    asked = nurse.post(url(dosed, "vitals"), once)
    assert asked.status_code == 400
    assert 'name="again_temperature_c"' in text_of(asked)
    assert "type it again" in text_of(asked)
    assert not VitalSigns.objects.exists()

    wrong = nurse.post(url(dosed, "vitals"), once | {"again_temperature_c": "38.1"})
    assert "Look once more" in text_of(wrong)

    right = nurse.post(url(dosed, "vitals"), once | {"again_temperature_c": "41,8"}, follow=True)
    assert "Saved" in text_of(right)
    assert VitalSigns.objects.get().retyped == ["temperature_c"]


def test_a_dangerous_value_is_kept_at_once_and_confirmed_afterwards(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(sbp="55", dbp="30"), follow=True)
    assert "Type again to confirm" in text_of(page)
    one = VitalSigns.objects.get()
    address = reverse("correct", args=["vitals", one.pk])
    assert 'name="again_sbp"' in text_of(nurse.get(address))
    again = typed(sbp="55", dbp="30", again_sbp="55", when="same", reason="typed again")
    page = nurse.post(address, again, follow=True)
    assert "Type again to confirm" not in text_of(page)
    assert VitalSigns.objects.standing().get().retyped == ["sbp"]


def test_a_late_entry_says_why(nurse, dosed):
    early = (timezone.now() - timedelta(minutes=45)).isoformat()
    once = typed(opened_at=early)
    refused = nurse.post(url(dosed, "vitals"), once)
    assert list(refused.context["form"].errors) == ["reason"]
    assert nurse.post(url(dosed, "vitals"), once | {"reason": "network was down"}).status_code == 302
    assert VitalSigns.objects.get().reason == "network was down"


def test_a_time_in_the_future_is_refused(nurse, dosed):
    answer = nurse.post(url(dosed, "vitals"), typed(opened_at=(timezone.now() + timedelta(hours=1)).isoformat()))
    assert list(answer.context["form"].errors) == ["when"]


def test_not_done_is_never_normal_and_asks_for_completion(nurse, dosed):
    once = typed(oxygen_device=None, oxygen_flow_l_min=None, spo2=None, not_done_oxygen_device="equipment")
    page = nurse.post(url(dosed, "vitals"), once, follow=True)
    text = text_of(page)
    assert "at least 2" in text
    assert "oxygen, oxygen saturation not assessed" in text
    assert "Complete the set now" in text
    assert "oxygen: equipment" in text


def test_hypotension_without_fever_is_no_bare_zero(nurse, dosed):
    page = nurse.post(
        url(dosed, "vitals"), typed(temperature_c="36.8", oxygen_device="room_air", oxygen_flow_l_min=None), follow=True
    )
    text = text_of(page)
    assert "no CRS by definition" in text
    assert "if CRS: grade 2" in text
    assert "No CRS<" not in text
