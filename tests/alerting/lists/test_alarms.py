"""Alarms above every page: whom they reach, which come first, and where they do not come."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge
from grading.models import Alert
from regimens.models import Participant
from tests.builders import World, kept, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
WARD = ["nurse", "charge_nurse", "investigator"]


@stage(lasts_s=600)
def alert(ward: World) -> Alert:
    [raised] = kept(vitals(ward, 4, temperature_c=38.6, sbp=85, hypotension=True), ward).alerts
    return raised


def lines(client) -> str:
    return client.get(reverse("alarms")).content.decode()


@pytest.mark.parametrize("who", WARD)
def test_what_waits_is_told_with_bed_grade_and_what_is_asked(client, world, alert, who):
    client.force_login(getattr(world, who))

    text = lines(client)

    for words in ("bed 12", "DEMO-001: CRS grade 2", "Tocilizumab threshold met", "I am going"):
        assert words in text, words
    assert f'data-alert="{alert.pk}"' in text


def test_a_participant_has_one_line_of_the_most_urgent_alert(client, world, alert):
    kept(vitals(world, 5, temperature_c=38.6, sbp=80, vasopressors=["norepinephrine"]), world)
    client.force_login(world.nurse)

    text = lines(client)

    assert re.findall(r'data-say="[^"]*: ([^"]+)"', text)[0] == "CRS grade 3"
    assert text.count("<li") == 1
    assert ">1</span>" in text  # one participant


def test_an_alert_that_somebody_answered_is_no_alarm(client, world, alert):
    acknowledge(str(alert.pk), by=world.charge_nurse, at=timezone.now())
    client.force_login(world.nurse)

    assert "DEMO-001" not in lines(client)


def test_the_data_manager_sees_it_and_has_no_key_to_answer(client, world, alert):
    client.force_login(world.data_manager)

    text = lines(client)

    assert "DEMO-001" in text
    assert "I am going" not in text


def test_the_other_site_and_the_sponsor_hear_nothing(client, world, alert):
    client.force_login(world.outsider)
    assert "DEMO-001" not in lines(client)
    client.force_login(world.sponsor)
    for name in ("alarms", "alarm_stream"):
        assert client.get(reverse(name)).status_code == 404
    assert 'id="dock"' not in client.get(reverse("account")).content.decode()


def test_nobody_signed_in_hears_nothing(client, alert):
    for name in ("alarms", "alarm_stream"):
        assert client.get(reverse(name)).status_code == 302
    assert 'id="dock"' not in client.get(reverse("login")).content.decode()


@pytest.mark.parametrize("name", ["board", "participant", "vitals", "neuro", "treatment", "dose", "gate", "account"])
def test_every_page_of_the_ward_has_a_place_for_them(client, world, alert, name):
    needs = Participant.objects.get().pk
    client.force_login(world.nurse)

    page = client.get(reverse(name, args=[] if name in ("board", "account") else [needs])).content.decode()

    assert f'data-stream="{reverse("alarm_stream")}"' in page
    assert page.count('id="silent"') == 1  # whether the server is heard, beside them


def test_a_password_that_must_be_changed_comes_first(client, world, alert):
    """Until then every address leads to that page: one that asked for alarms would load itself for ever."""
    with acting(by="test", reason="set by somebody else"):
        type(world.nurse).objects.filter(pk=world.nurse.pk).update(must_change_password=True)
    client.force_login(world.nurse)

    page = client.get(reverse("account_change_password")).content.decode()

    assert 'id="dock"' not in page
