"""The ward board: who, where, and what is due."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crsmonitor.audit.acting import acting
from regimens.models import Participant, Stay
from tests.bedside.posted import common, text_of
from tests.builders import dose, kept, stay, vitals

pytestmark = pytest.mark.django_db


def test_the_board_tells_who_where_and_what_is_due(nurse, dosed):
    kept(vitals(dosed, 0, observed_at=timezone.now() - timedelta(minutes=10), temperature_c=38.2), dosed)
    text = text_of(nurse.get(reverse("board")))
    for phrase in (
        "DEMO-001",
        "12",
        "STEP-UP 1",
        "Grade 1",
        "nobody looked yet",
        "38.2",
        "Vitals due in 1 h",  # 4 h after the dose, whenever the last set was
        "1 open alert",
    ):
        assert phrase in text


def test_no_sign_inside_an_open_episode_is_not_no_crs(nurse, dosed):
    now = timezone.now()
    for minutes, temperature in ((9, 38.6), (5, 37.0)):
        seen = vitals(
            dosed, 0, temperature_c=temperature, source="import", observed_at=now - timedelta(minutes=minutes)
        )
        kept(seen, dosed, at=now)

    page = nurse.get("/").content.decode()

    assert "no sign now" in page
    assert "the episode is not over" in page
    assert "No CRS" not in page


def test_the_board_says_late_in_words(client, world):
    now = timezone.now()
    for fact in (stay(world, observed_at=now - timedelta(hours=6)), dose(world, observed_at=now - timedelta(hours=5))):
        kept(fact, world)
    client.force_login(world.nurse)
    assert "Vitals 1 h 0 min late" in text_of(client.get(reverse("board")))


def test_a_refresh_by_the_page_itself_gets_the_rows_alone(nurse):
    text = text_of(nurse.get(reverse("board"), headers={"X-By-Itself": "1"}))
    assert "DEMO-001" in text
    assert "<html" not in text


def test_somebody_enrolled_without_a_fact_is_offered_a_bed(nurse, dosed):
    with acting(by="test", reason="enrolled"):
        newcomer = Participant.objects.create(
            study=dosed.study, site=dosed.site, number="DEMO-009", regimen=dosed.regimen
        )
    assert "DEMO-009" in text_of(nurse.get(reverse("board")))
    address = reverse("stay", args=[newcomer.pk])
    assert nurse.get(address).status_code == 200
    answer = nurse.post(address, common(confirm_number="009", kind="ward", ward="7B", bed="14"))
    assert answer.status_code == 302
    assert (
        Stay.objects.get(participant=newcomer).bed,
        nurse.get(reverse("participant", args=[newcomer.pk])).status_code,
    ) == ("14", 200)
