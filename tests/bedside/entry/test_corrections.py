"""Corrections and withdrawals on the pages."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.models import VitalSigns
from grading.tablet.asked import answer, badge_written
from tests.bedside.posted import text_of, typed, url
from tests.builders import kept, vitals

pytestmark = pytest.mark.django_db


def test_a_correction_is_a_new_version_and_says_why(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    one = VitalSigns.objects.get()
    address = reverse("correct", args=["vitals", one.pk])
    page = text_of(nurse.get(address))
    assert 'value="38.6"' in page  # as typed, not 38.600

    unsaid = nurse.post(address, typed(when="same", temperature_c="37.1"))
    assert list(unsaid.context["form"].errors) == ["reason"]

    page = nurse.post(address, typed(when="same", temperature_c="37.1", reason="misread"), follow=True)
    assert "corrected" in text_of(page)
    standing = VitalSigns.objects.standing().get()
    assert (standing.root, str(standing.temperature_c), standing.observed_at) == (one.root, "37.100", one.observed_at)


def test_the_second_to_correct_is_told_so_in_words(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    address = reverse("correct", args=["vitals", VitalSigns.objects.get().pk])
    nurse.post(address, typed(when="same", reason="first"))
    answer = nurse.post(address, typed(when="same", reason="second"))
    assert answer.status_code == 400
    assert "corrected this first" in text_of(answer)


def test_a_set_of_somebody_else_is_withdrawn(nurse, dosed):
    nurse.post(url(dosed, "vitals"), typed())
    address = reverse("correct", args=["vitals", VitalSigns.objects.get().pk])
    nurse.post(address, typed(when="same", reason="wrong bed", withdrawn="on"))
    assert not VitalSigns.objects.standing().exists()
    assert "No set yet" in text_of(nurse.get(url(dosed, "participant")))


def test_a_stranger_corrects_nothing(client, dosed):
    one = vitals(dosed, 0, observed_at=timezone.now())
    kept(one, dosed)
    client.force_login(dosed.outsider)
    assert client.get(reverse("correct", args=["vitals", one.pk])).status_code == 404
    assert client.get(reverse("correct", args=["vitals", uuid4()])).status_code == 404
    assert client.get(reverse("correct", args=["secrets", one.pk])).status_code == 404


@pytest.mark.long
@pytest.mark.parametrize(
    "changed", [{"sbp": "230"}, {"sbp": "230", "again_sbp": "230"}, {"spo2": "120"}, {"sbp": "59"}]
)
def test_the_rules_on_the_tablet_say_of_a_correction_what_the_server_says(nurse, dosed, changed):
    """230 mmHg is typed again, 120 % is not possible, and a pressure that fell to 59 is told first and asked after."""
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(hours=2)), dosed)
    nurse.post(url(dosed, "vitals"), typed())
    one = VitalSigns.objects.order_by("observed_at").last()
    address = reverse("correct", args=["vitals", one.pk])
    page = text_of(nurse.get(address))
    known = json.loads(re.search(r'<script id="participant-rules" type="application/json">(.*?)</script>', page)[1])
    fields = typed(when="same", reason="misread", **changed)
    form = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    question = {"kind": "vitals", "id": fields["id"], "at": known["same_at"], "fields": form, "rules": known}

    on_tablet = answer({"ask": "typed"} | question)
    saved = nurse.post(address, fields)

    server = saved.context["form"] if saved.status_code == 400 else None
    errors = {} if server is None else {name: " ".join(texts) for name, texts in server.errors.items()}
    assert on_tablet["errors"] | on_tablet["again"] == errors
    assert sorted(on_tablet["again"]) == sorted(() if server is None else server.to_retype)
    preview = nurse.post(reverse("correct-preview", args=["vitals", one.pk]), fields)
    if server is not None:  # the grade is that of what is on the glass, before it is kept
        assert on_tablet["badge"] == badge_written(preview.context["badge"])
