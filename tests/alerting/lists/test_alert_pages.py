"""The alert list, one alert and its answer, on pages and in the API, for each kind of person."""

import re
import uuid
from dataclasses import replace

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from crsmonitor.audit.acting import acting
from grading.models import Alert, AlertState
from regimens.models import Participant
from tests.alerting.conditions.watched import sweep, ward
from tests.builders import World, build_world, dose, hour, kept, neuro, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
WARD = ["nurse", "charge_nurse", "investigator"]
STRANGERS = ["outsider", "sponsor"]


@stage(lasts_s=600)
def alert(ward: World) -> Alert:
    [raised] = kept(vitals(ward, 4, temperature_c=38.6, sbp=85, hypotension=True), ward).alerts
    return raised


@pytest.fixture
def as_(client, world):
    """The client, signed in as one of the world's people."""

    def sign_in(who: str):
        client.force_login(getattr(world, who))
        return client

    return sign_in


def addresses(alert: Alert) -> list[str]:
    return [reverse("alerts"), reverse("alert_list"), reverse("alert", args=[alert.pk])]


# --- Pages ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [*WARD, "data_manager"])
def test_the_ward_sees_who_it_is_what_drove_it_and_what_is_asked(as_, alert, who):
    for address in addresses(alert):
        page = as_(who).get(address).content.decode()

        for text in ("DEMO-001", "bed 12", "was: No CRS", "Grade 2", "Tocilizumab threshold met", "Hypotension",
                     "Observed Mon 2026-03-02 21:00 Asia/Taipei +08:00", "Nobody has answered yet"):  # fmt: skip
            assert text in page, (address, text)


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_and_the_sponsor_find_nothing(as_, alert, who):
    one = reverse("alert", args=[alert.pk])

    assert as_(who).get(one).status_code == 404
    assert as_(who).post(reverse("acknowledge_alert", args=[alert.pk])).status_code == 404
    alert.refresh_from_db()
    assert alert.state == AlertState.OPEN


def test_the_sponsor_has_no_list_and_the_other_site_an_empty_one(as_, alert):
    for address in (reverse("alerts"), reverse("alert_list"), reverse("alert_stream")):
        assert as_("sponsor").get(address).status_code == 404
    page = as_("outsider").get(reverse("alerts")).content.decode()
    assert "DEMO-001" not in page
    assert "No alert waits for an answer." in page


def test_without_signing_in_there_is_nothing(client, alert):
    for address in (*addresses(alert), reverse("alert_stream")):
        assert client.get(address).status_code == 302
    assert client.post(reverse("acknowledge_alert", args=[alert.pk])).status_code == 302


@pytest.mark.parametrize("who", WARD)
def test_the_ward_answers_an_alert(as_, alert, world, who):
    answer = as_(who).post(reverse("acknowledge_alert", args=[alert.pk]), follow=True)

    alert.refresh_from_db()
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, getattr(world, who))
    page = answer.content.decode()
    assert f"Answered by {alert.acknowledged_by}" in page
    assert "I am going" not in page


def test_a_page_says_no_key_of_a_message_that_was_sent(as_, alert):
    page = as_("nurse").get(reverse("alert", args=[alert.pk]))
    sent = list(alert.deliveries.all())
    assert sent
    assert not [one.key for one in sent if one.key in page.content.decode()]


def test_the_data_manager_sees_and_may_not_answer(as_, alert):
    client = as_("data_manager")

    assert "I am going" not in client.get(reverse("alert", args=[alert.pk])).content.decode()
    assert client.post(reverse("acknowledge_alert", args=[alert.pk])).status_code == 403


def test_somebody_else_answered_first(as_, alert):
    as_("nurse").post(reverse("acknowledge_alert", args=[alert.pk]))

    second = as_("investigator").post(reverse("acknowledge_alert", args=[alert.pk]))

    assert second.status_code == 409
    assert "Somebody else answered this alert first." in second.content.decode()


def test_a_second_tap_of_the_same_person_is_the_same_answer(as_, alert):
    client = as_("nurse")
    for _tap in range(2):
        assert client.post(reverse("acknowledge_alert", args=[alert.pk])).status_code == 302

    assert alert.events.count() == 2


def test_answering_needs_a_post(as_, alert):
    assert as_("nurse").get(reverse("acknowledge_alert", args=[alert.pk])).status_code == 405


def test_open_alerts_come_first(as_, alert, world):
    kept(vitals(world, 5, temperature_c=38.6, sbp=85, hypotension=True, oxygen_device="venturi_mask"), world)
    as_("nurse").post(reverse("acknowledge_alert", args=[alert.pk]))

    page = as_("nurse").get(reverse("alerts")).content.decode()

    assert page.count('data-state="open"') == 1
    assert page.index('data-state="open"') < page.index('data-state="acknowledged"')


def test_a_participant_has_one_card_and_the_highest_leads(as_, alert, world):
    """decisions, Alerts: one card per participant; answering the highest answers those below."""
    [grade_3] = kept(vitals(world, 5, temperature_c=38.6, sbp=85, vasopressors=["norepinephrine"]), world).alerts
    [icans] = kept(neuro(world, 6, consciousness="voice"), world).alerts
    list_page = as_("nurse").get(reverse("alerts"))

    [card] = list_page.context["waiting"]
    lead, *also = re.findall('data-alert="([^"]+)"', card)
    assert (lead, set(also)) == (str(grade_3.pk), {str(alert.pk), str(icans.pk)})
    page = list_page.content.decode()
    assert page.count("alert-card") == page.count("I am going") == 1
    assert page.count("data-waiting") == 3  # each is announced, and seen
    for one in (alert, grade_3, icans):
        assert f'href="{reverse("alert", args=[one.pk])}"' in page

    as_("investigator").post(reverse("acknowledge_alert", args=[grade_3.pk]))
    after = as_("nurse").get(reverse("alerts"))
    assert after.context["waiting"] == []
    assert [card.count("data-alert=") for card in after.context["others"]] == [3]


def test_what_holds_stands_in_the_card_by_its_name(as_, world):
    """A condition has no grade of its own to be drawn."""
    ward(world, "observation_overdue")
    sweep(10)  # vital signs of hour 4 and 8, the neuro check of hour 8

    page = as_("nurse").get(reverse("alerts")).content.decode()

    assert page.count("alert-card") == 1
    assert "Vital signs overdue" in page
    assert re.search(r"<a [^>]+>Neuro check overdue</a>|<a [^>]+>Vital signs overdue</a>", page)


def test_two_participants_have_two_cards(as_, alert, world):
    with acting(by="test", reason="enrolled"):
        second = Participant.objects.create(
            study=world.study, site=world.site, number="DEMO-009", regimen=world.regimen
        )  # fmt: skip
    other = replace(world, participant=second)
    kept(dose(other), other)
    kept(vitals(other, 4, temperature_c=38.6), other)

    waiting = as_("nurse").get(reverse("alerts")).context["waiting"]

    assert [re.findall("DEMO-[0-9]+(?=</a>)", card) for card in waiting] == [["DEMO-001"], ["DEMO-009"]]
    assert not [card for card in waiting if "alert-also" in card]


def test_one_alert_says_who_was_told_and_what_became_of_it(as_, alert):
    page = as_("investigator").get(reverse("alert", args=[alert.pk])).content.decode()

    for text in ("demo.investigator", "demo.nurse", "demo.charge", "e-mail", "waiting", "Test policy v1"):
        assert text in page


def test_a_reason_of_an_older_version_is_shown_as_it_was_written(as_, alert, world):
    with acting(by="test", reason="an old one"):
        old = Alert.objects.create(
            participant=world.participant, kind="crs", fact_root=uuid.uuid4(), grade=3, grade_before=2, at_most=3,
            thresholds=["gone"], reasons=[{"code": "gone", "text": "As it was then", "values": {}}], missing=[],
            flags=["gone"], policy=world.policy, observed_at=hour(1), raised_at=hour(1),
        )  # fmt: skip

    page = as_("nurse").get(reverse("alert", args=[old.pk])).content.decode()

    assert "As it was then" in page


# --- API --------------------------------------------------------------------------------------------------------


@pytest.fixture
def api(world):
    def sign_in(who: str) -> APIClient:
        client = APIClient()
        client.force_authenticate(getattr(world, who))
        return client

    return sign_in


def test_the_api_lists_and_shows_alerts(api, alert):
    listed = api("nurse").get(reverse("api-alerts")).json()
    one = api("nurse").get(reverse("api-alert", args=[alert.pk])).json()

    assert (listed["count"], listed["results"]) == (1, [one])
    assert one["id"] == str(alert.pk)
    assert (one["number"], one["study"], one["site"]) == ("DEMO-001", "DEMO", "DEMO-TPE")
    assert (one["kind"], one["grade_before"], one["grade"], one["at_most"]) == ("crs", 0, 2, 2)
    assert one["thresholds"] == ["new_grade", "tocilizumab"]
    assert {reason["code"] for reason in one["reasons"]} >= {"hypotension_no_vasopressor"}
    assert (one["state"], one["late"], one["acknowledged_by"]) == ("open", False, None)


def test_the_api_filters_by_state_and_refuses_another(api, alert):
    assert api("nurse").get(reverse("api-alerts"), {"state": "acknowledged"}).json()["count"] == 0
    assert api("nurse").get(reverse("api-alerts"), {"state": "open"}).json()["count"] == 1
    refused = api("nurse").get(reverse("api-alerts"), {"state": "gone"})
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")


def test_the_api_answers_an_alert(api, alert):
    address = reverse("api-alert-acknowledge", args=[alert.pk])

    answered = api("nurse").post(address)
    second = api("investigator").post(address)

    assert (answered.status_code, answered.json()["acknowledged_by"]) == (200, "demo.nurse")
    assert (second.status_code, second.json()["title"]) == (409, "already_acknowledged")


@pytest.mark.parametrize("who", STRANGERS)
def test_the_api_shows_a_stranger_nothing(api, alert, who):
    client = api(who)

    assert client.get(reverse("api-alert", args=[alert.pk])).status_code == 404
    assert client.post(reverse("api-alert-acknowledge", args=[alert.pk])).status_code == 404
    if who == "sponsor":
        assert client.get(reverse("api-alerts")).status_code == 404
    else:
        assert client.get(reverse("api-alerts")).json()["count"] == 0


def test_the_api_forbids_the_data_manager_to_answer(api, alert):
    assert api("data_manager").post(reverse("api-alert-acknowledge", args=[alert.pk])).status_code == 403


def test_another_study_sees_nothing(client, alert):
    other = build_world("OTHER")
    client.force_login(other.investigator)

    assert client.get(reverse("alert", args=[alert.pk])).status_code == 404
    assert "DEMO-001" not in client.get(reverse("alerts")).content.decode()
