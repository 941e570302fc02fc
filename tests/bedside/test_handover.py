"""The handover: what changed since, what is due, what waits. On one screen, for those who see the ward."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.bedside.selectors.takeovers import starts_of
from grading.bedside.selectors.ward import ward_board
from grading.models.on_call import RotaShift
from regimens.models import Participant
from tests import reading
from tests.builders import World, build_world, kept, neuro, stay, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
MOST_S = 20  # to read one participant's, by the slower reading of tests/reading.py, aloud


def ago(hours: float):
    return timezone.now() - timedelta(hours=hours)


@stage
def night(dosed) -> World:
    """No CRS a day ago, grade 2 five hours ago, grade 1 since; paracetamol and tocilizumab, one yesterday."""
    for fact in (
        vitals(dosed, 0, observed_at=ago(2.9)),
        vitals(dosed, 0, observed_at=ago(1.5), temperature_c=39.1, sbp=88, hypotension=True),
        treatment(dosed, 0, "tocilizumab", "anticytokine", "crs", observed_at=ago(1.2), dose=480, unit="mg"),
        vitals(dosed, 0, observed_at=ago(0.5), temperature_c=38.4),
        neuro(dosed, 0, observed_at=ago(0.4)),
    ):
        kept(fact, dosed)
    return dosed


def words(client, user: User, address: str, of: str = r'<main id="main".*?>(.*)</main>') -> str:
    client.force_login(user)
    [page] = re.findall(of, client.get(address).content.decode(), flags=re.DOTALL)
    seen = re.sub(r'<span class="visually-hidden">.*?</span>|<button.*?</button>', "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(strip_tags(seen)))


def test_one_participant_within_twenty_seconds(client, night, record_property):
    page = words(client, night.nurse, reverse("participant-handover", args=[night.participant.pk]) + "?hours=2")

    card = _card(client, night, "en")
    assert night.participant.number in card
    assert "CRS 0 → 1, worst 2 at" in card
    assert "ICANS No ICANS" in card  # the badge; that it was and is none needs no line
    assert card.count("ICANS") == 2
    assert "tocilizumab 480 mg" in card
    assert re.search(r"Vitals \d\d:\d\d ", card)
    assert re.search(r"\d\d:\d\d, 2 sets since Temp 38.4 ↓ 39.1 BP 120/70 ↑ 88/70 ", card)
    assert "Pressors none" in card
    assert "Asia/Taipei +08:00" in page
    chinese = _card(client, night, "zh-hant")
    assert max(map(reading.seconds, (card, chinese))) <= MOST_S
    record_property("reading", {
        f"handover of one participant, {language} (bar: 20 s)": reading.figures(text)
        for language, text in {"English": card, "Chinese": chinese}.items()
    })  # fmt: skip


def _card(client, night: World, language: str) -> str:
    client.cookies["django_language"] = language
    address = reverse("participant-handover", args=[night.participant.pk]) + "?hours=2"
    return words(client, night.nurse, address, of=r'<article class="handover".*?>(.*)</article>')


def test_the_ward_as_one_list_by_the_same_queries(client, night):
    client.force_login(night.nurse)
    client.get(reverse("handover"))
    with CaptureQueriesContext(connection) as for_one:
        client.get(reverse("handover"))
    with acting(by="test", reason="another participant"):
        other = Participant.objects.create(study=night.study, site=night.site, regimen=night.regimen, number="777")
    for fact in (stay(night, observed_at=ago(3), bed="14"), vitals(night, 0, observed_at=ago(1))):
        fact.participant = other
        kept(fact, night)

    with CaptureQueriesContext(connection) as for_two:
        page = client.get(reverse("handover")).content.decode()

    assert page.count('class="handover"') == 2
    assert "Nobody is under observation here." not in page
    assert len(for_two) <= len(for_one)


@pytest.mark.parametrize(("who", "answer"), [("sponsor", 403), ("outsider", 404)])
def test_who_sees_no_ward_gets_no_handover(client, night, who, answer):
    client.force_login(getattr(night, who))

    assert client.get(reverse("participant-handover", args=[night.participant.pk])).status_code == answer
    assert night.participant.number not in client.get(reverse("handover")).content.decode()


def test_people_of_another_study_find_nobody(client, night):
    assert night.participant.number not in words(client, build_world("OTHER").nurse, reverse("handover"))


def test_a_shift_begins_when_the_rota_of_its_site_says_and_else_twelve_hours_ago(night):
    """What begins elsewhere later would leave out what happened here since it began."""
    at = timezone.now()
    [here] = ward_board(night.nurse, at=at)
    elsewhere = Participant(pk=0, study=night.study, site=night.other_site)
    both = [here, replace(here, participant=elsewhere)]
    began = starts_of(both, at=at)
    assert {(one.at, one.by_rota) for one in began.values()} == {(at - timedelta(hours=12), False)}

    common = {"person": night.nurse, "on_call_role": "assigned_nurse"}
    with acting(by="test", reason="shifts"):
        for study, site, hours, called_off in (
            (night.study, night.site, 5, False), (night.study, night.site, 3, True),
            (night.study, night.other_site, 2, False), (build_world("OTHER").study, night.site, 1, False),
        ):  # fmt: skip
            RotaShift.objects.create(
                **common, study=study, site=site, starts_at=at - timedelta(hours=hours),
                ends_at=at + timedelta(hours=3), called_off=called_off,
            )  # fmt: skip

    began = starts_of(both, at=at)
    assert [began[one.participant.pk].at for one in both] == [at - timedelta(hours=5), at - timedelta(hours=2)]


@pytest.mark.parametrize("hours", ["0", "73", "x", "٣", "-1", ""])
def test_an_address_that_cannot_be_meant_is_the_shift(client, night, hours):
    assert "Since it was taken over" not in words(client, night.nurse, f"{reverse('handover')}?hours={hours}")


# --- What an open page says of its age ------------------------------------------------------------------------


def test_the_head_of_a_participants_page_is_sent_again_with_its_time_and_zone(client, night):
    client.force_login(night.nurse)
    page = client.get(reverse("participant", args=[night.participant.pk])).content.decode()
    address = reverse("participant-live", args=[night.participant.pk])
    stream = reverse("participant-stream", args=[night.participant.pk])
    assert f'data-list="{address}"' in page
    assert f'data-stream="{stream}"' in page
    assert client.get(stream)["Content-Type"] == "text/event-stream"

    head = client.get(address, headers={"X-By-Itself": "1"}).content.decode()

    assert "<html" not in head
    assert "38.4" in head
    assert "Asia/Taipei +08:00" in head.split("data-newest")[1]
    before = re.search(r'data-newest="([^"]+)"', head)[1]
    kept(vitals(night, 0, observed_at=ago(0.1), temperature_c=37.1), night)
    assert f'data-newest="{before}"' not in client.get(address).content.decode()
    client.force_login(night.sponsor)
    assert [client.get(one).status_code for one in (address, stream)] == [403, 403]
