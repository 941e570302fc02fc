"""Entry of vital signs, without JavaScript: what is kept, what is asked again, what is refused."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grading.models import Alert, Grade, VitalSigns
from tests.bedside.posted import text_of, typed, url
from tests.stages import stage

pytestmark = pytest.mark.django_db


def test_a_set_is_saved_and_its_grade_shown_with_reasons(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(), follow=True)
    text = text_of(page)
    assert "Saved" in text
    for phrase in ("Grade 2", "Fever: 38.6 °C", "Hypotension not requiring a vasopressor"):
        assert phrase in text
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


WELL = {
    "temperature_c": "37.2", "sbp": "124", "dbp": "78", "spo2": "97", "oxygen_device": "room_air",
    "oxygen_flow_l_min": None, "hypotension": "no",
}  # fmt: skip


def test_an_unusual_value_of_a_set_that_is_no_worse_is_typed_again_blind_and_then_kept(nurse, dosed):
    once = typed(**WELL | {"temperature_c": "33.8"})
    response = nurse.post(url(dosed, "vitals"), once)
    assert response.status_code == 400
    assert 'name="again_temperature_c"' in text_of(response)
    assert "type it again" in text_of(response)
    assert not VitalSigns.objects.exists()

    wrong = nurse.post(url(dosed, "vitals"), once | {"again_temperature_c": "38.1"})
    assert "Look once more" in text_of(wrong)

    right = nurse.post(url(dosed, "vitals"), once | {"again_temperature_c": "33,8"}, follow=True)
    assert "Saved" in text_of(right)
    assert VitalSigns.objects.get().retyped == ["temperature_c"]


@stage
def jumped(dosed) -> str:
    """T4: 37.2 °C, and then 39.4 °C with 84/50 on nasal oxygen; the page that follows."""
    by, early = Client(), (timezone.now() - timedelta(minutes=25)).isoformat()
    by.force_login(dosed.nurse)
    by.post(url(dosed, "vitals"), typed(opened_at=early, **WELL))
    ill = by.post(url(dosed, "vitals"), typed(temperature_c="39.4", sbp="84", dbp="50"), follow=True)
    assert ill.status_code == 200
    return text_of(ill)


def confirm(vitals, field):
    return reverse("confirm-number", args=[vitals.pk, field])


def newest():
    return VitalSigns.objects.standing().latest("observed_at")


def test_a_worsening_is_kept_graded_and_told_before_its_number_is_confirmed(jumped, dosed):
    """T4: it said "not saved yet: type again", and the box lay under the save bar."""
    kept = newest()
    assert (kept.temperature_c, kept.unconfirmed, kept.retyped) == (Decimal("39.4"), ["sbp", "temperature_c"], [])
    assert Grade.objects.get(fact_id=kept.pk).grade == 2
    assert Alert.objects.get(participant=dosed.participant).grade == 2
    assert "Kept, graded and told. Confirm the number now:" in jumped
    assert jumped.index(confirm(kept, "temperature_c")) < jumped.index('class="participant-head"')


def test_the_number_is_confirmed_in_place(nurse, jumped):
    first = newest()
    for field, again in (("temperature_c", "39,4"), ("sbp", "８４")):
        page = nurse.post(confirm(newest(), field), {"id": str(uuid4()), "again": again}, follow=True)
        assert page.status_code == 200
    standing = newest()
    assert (standing.root, standing.retyped, standing.unconfirmed) == (first.root, ["sbp", "temperature_c"], [])
    assert "Confirm the number now" not in text_of(page)
    assert Alert.objects.count() == 1


def test_where_it_differs_both_are_in_sight_and_a_person_says_which(nurse, jumped, dosed):
    response = nurse.post(confirm(newest(), "temperature_c"), {"id": str(uuid4()), "again": "36.4"})
    assert response.status_code == 400
    assert "39.4 °C is right" in text_of(response)
    assert "Correct it to 36.4 °C" in text_of(response)
    assert newest().temperature_c == Decimal("39.4")

    answer = {"id": str(uuid4()), "again": "36.4", "right": "second"}
    assert nurse.post(confirm(newest(), "temperature_c"), answer).status_code == 302
    assert (newest().temperature_c, newest().reason) == (Decimal("36.4"), "Number corrected: 36.4, not 39.4.")
    assert "temperature_c" not in newest().retyped


def test_the_first_number_may_be_the_right_one(nurse, jumped):
    answer = {"id": str(uuid4()), "again": "39.9", "right": "first"}
    assert nurse.post(confirm(newest(), "temperature_c"), answer).status_code == 302
    assert (newest().temperature_c, newest().retyped) == (Decimal("39.4"), ["temperature_c"])
    assert newest().unconfirmed == ["sbp"]


def test_a_second_tap_confirms_once(nurse, jumped):
    at, answer = confirm(newest(), "sbp"), {"id": str(uuid4()), "again": "84"}
    assert [nurse.post(at, answer).status_code for _ in range(2)] == [302, 302]
    assert VitalSigns.objects.count() == 3


@pytest.mark.parametrize("again", ["", "x", "84.1.2"])
def test_what_is_no_number_confirms_nothing(nurse, jumped, again):
    answer = nurse.post(confirm(newest(), "sbp"), {"id": str(uuid4()), "again": again})
    assert (answer.status_code, newest().retyped) == (400, [])


def test_a_number_that_nobody_can_have_corrects_nothing(nurse, jumped):
    answer = {"id": str(uuid4()), "again": "301", "right": "second"}
    assert nurse.post(confirm(newest(), "sbp"), answer).status_code == 400
    assert newest().sbp == 84


@pytest.mark.parametrize("who", ["outsider", "sponsor", "data_manager"])
def test_only_who_may_record_confirms(nurse, jumped, dosed, client, who):
    at = confirm(newest(), "sbp")
    client.force_login(getattr(dosed, who))
    assert client.post(at, {"id": str(uuid4()), "again": "84"}).status_code in (403, 404)
    assert client.post(at.replace("sbp", "mood"), {}).status_code in (403, 404)
    assert newest().retyped == []


def test_a_correction_of_something_else_leaves_the_number_to_be_confirmed(nurse, jumped):
    corrected = typed(temperature_c="39.4", sbp="84", dbp="50", oxygen_flow_l_min="3", when="same", reason="flow")
    assert nurse.post(reverse("correct", args=["vitals", newest().pk]), corrected).status_code == 302
    assert newest().unconfirmed == ["sbp", "temperature_c"]


def test_a_set_that_worsens_is_held_back_by_no_question_about_another_number(nurse, dosed):
    """The temperature is unusual in the better direction, and the pressure needs a drug since the set before."""
    early = (timezone.now() - timedelta(minutes=25)).isoformat()
    nurse.post(url(dosed, "vitals"), typed(opened_at=early, **WELL | {"temperature_c": "38.6"}))
    worse = typed(**WELL | {"temperature_c": "33.5", "hypotension": "yes", "vasopressors": ["norepinephrine"]})
    assert nurse.post(url(dosed, "vitals"), worse).status_code == 302
    assert newest().unconfirmed == ["temperature_c"]


def test_a_dangerous_value_is_kept_at_once_and_confirmed_by_a_correction_too(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(sbp="55", dbp="30"), follow=True)
    assert "Confirm the number now" in text_of(page)
    one = VitalSigns.objects.get()
    address = reverse("correct", args=["vitals", one.pk])
    assert 'name="again_sbp"' in text_of(nurse.get(address))
    again = typed(sbp="55", dbp="30", again_sbp="55", when="same", reason="typed again")
    page = nurse.post(address, again, follow=True)
    assert "Confirm the number now" not in text_of(page)
    assert VitalSigns.objects.standing().get().retyped == ["sbp"]


@pytest.mark.long
def test_a_low_pressure_that_contradicts_is_kept_and_both_numbers_are_confirmed_in_place(nurse, dosed):
    page = nurse.post(url(dosed, "vitals"), typed(sbp="55", dbp="58"), follow=True)
    assert text_of(page).count("The systolic pressure must be above the diastolic (58") == 2
    for field, again in (("sbp", "55"), ("dbp", "58")):
        page = nurse.post(confirm(newest(), field), {"id": str(uuid4()), "again": again}, follow=True)
        assert page.status_code == 200
    assert (newest().retyped, newest().unconfirmed) == (["dbp", "sbp"], [])

    no_worse = nurse.post(url(dosed, "vitals"), typed(sbp="110", dbp="120"))
    assert (no_worse.status_code, "must be above the diastolic" in text_of(no_worse)) == (400, True)


def test_where_nobody_looked_the_last_value_is_a_dash(nurse, dosed):
    """R15: before the first set it said "last: no" and "last: none"."""
    page = text_of(nurse.get(url(dosed, "vitals")))
    assert page.count("last: –") == 4  # oxygen, hypotension, bolus, vasopressors
    assert page.count("last: ") == 4


@pytest.mark.req("R14")
def test_a_late_entry_says_why(nurse, dosed):
    early = (timezone.now() - timedelta(minutes=45)).isoformat()
    once = typed(opened_at=early)
    refused = nurse.post(url(dosed, "vitals"), once)
    assert list(refused.context["form"].errors) == ["reason"]
    assert nurse.post(url(dosed, "vitals"), once | {"reason": "network was down"}).status_code == 302
    assert VitalSigns.objects.get().reason == "network was down"


@pytest.mark.req("R14")
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
