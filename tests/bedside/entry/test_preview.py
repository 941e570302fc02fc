"""The grade before saving."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.bedside.selectors.preview import preview
from grading.models import CurrentState, VitalSigns
from regimens.models import Measured, Measurement
from tests.bedside.posted import common, text_of, typed, url
from tests.builders import draft, kept, vitals

pytestmark = pytest.mark.django_db


def test_the_preview_is_the_grade_that_saving_gives_and_writes_nothing(nurse, dosed):
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(minutes=30), temperature_c=38.4), dosed)
    now_well = typed(temperature_c="37.2", sbp="120", hypotension="no")  # fever earlier in the episode still counts
    shown = text_of(nurse.post(url(dosed, "vitals-preview"), now_well))
    assert "Grade 2" in shown
    assert VitalSigns.objects.count() == 1
    assert "Grade 2" in text_of(nurse.post(url(dosed, "vitals"), now_well, follow=True))


def test_it_brings_what_the_rules_on_the_tablet_need_as_of_now(nurse, dosed):
    def known(answer):
        return json.loads(re.search(r'<script[^>]*type="application/json">(.*?)</script>', text_of(answer))[1])

    at_first = known(nurse.get(url(dosed, "vitals")))
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(minutes=5), temperature_c=38.4), dosed)
    meanwhile = known(nurse.post(url(dosed, "vitals-preview"), typed()))

    assert at_first["set_before"] is None
    assert meanwhile["set_before"]["temperature_c"] == "38.4"
    assert meanwhile["as_of"] > at_first["as_of"]


def test_a_set_of_before_the_newest_baseline_is_not_compared_with_it(dosed):
    """Saving derives such a set from the whole record."""
    now = timezone.now()
    measured = {"observed_at": now - timedelta(minutes=2), "kind": Measured.SBP_PROMPT, "value": Decimal(60)}
    kept(draft(Measurement, dosed, 0, **measured), dosed, at=now)
    late = {"observed_at": now - timedelta(minutes=5), "temperature_c": Decimal("38.6"), "sbp": Decimal(80)}
    state = CurrentState.objects.get(participant=dosed.participant)

    at_once = preview(vitals(dosed, 0, **late), participant=dosed.participant, state=state).graded
    grade = kept(vitals(dosed, 0, **late), dosed, at=now).grade

    assert (at_once.at_least, at_once.at_most) == (grade.at_least, grade.at_most) == (1, 2)


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
