"""The grade before saving."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import VitalSigns
from tests.bedside.posted import common, text_of, typed, url
from tests.builders import kept, vitals

pytestmark = pytest.mark.django_db


def test_the_preview_is_the_grade_that_saving_gives_and_writes_nothing(nurse, dosed):
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(minutes=30), temperature_c=38.4), dosed)
    now_well = typed(temperature_c="37.2", sbp="120", hypotension="no")  # fever earlier in the episode still counts
    shown = text_of(nurse.post(url(dosed, "vitals-preview"), now_well))
    assert "Grade 2" in shown
    assert VitalSigns.objects.count() == 1
    assert "Grade 2" in text_of(nurse.post(url(dosed, "vitals"), now_well, follow=True))


def test_the_preview_bears_a_half_typed_form(nurse, dosed):
    answer = nurse.post(url(dosed, "vitals-preview"), common(temperature_c="38.", confirm_number=""))
    assert answer.status_code == 200
    assert "cannot be told" in text_of(answer)


def test_the_preview_of_a_correction_knows_the_course(nurse, dosed):
    now = timezone.now()
    kept(vitals(dosed, 0, observed_at=now - timedelta(minutes=30), temperature_c=38.4), dosed)
    second = vitals(dosed, 0, observed_at=now - timedelta(minutes=10), temperature_c=37, oxygen_device=None, spo2=None)
    kept(second, dosed)
    answer = nurse.post(reverse("correct-preview", args=["vitals", second.pk]), typed(when="same", temperature_c="37"))
    assert "Grade 2" in text_of(answer)
    assert VitalSigns.objects.count() == 2


@pytest.mark.parametrize("name", ["vitals-preview", "neuro-preview"])
def test_a_stranger_previews_nothing(client, dosed, name):
    client.force_login(dosed.outsider)
    assert client.post(url(dosed, name), typed()).status_code == 404
