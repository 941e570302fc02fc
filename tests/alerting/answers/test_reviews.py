"""A case that a recorded drug closed waits unreviewed until an investigator looks (Rulings 2, "A action")."""

import pytest
from django.urls import reverse

from crsmonitor.errors import Forbidden, NotFound
from grading.alerting.services.answers import acknowledge, act_on
from grading.alerting.services.reviews import review
from grading.models import Alert, AlertState
from grading.rules.alerting.lifecycle import ActionKind
from tests.alerting.paged import withdraw
from tests.alerting.staffed import PRESSOR, after, raised, state
from tests.builders import hour, kept, treatment, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db


def tocilizumab(world, h: float = 4.1, *, by=None, **columns):
    return kept(treatment(world, h, "tocilizumab", "anticytokine", "crs", **columns), world, by=by).fact


@stage(lasts_s=600)
def treated(staffed_ward, alert_3) -> Alert:
    """Grade 3; a nurse records the drug that is asked for, and nobody had answered."""
    tocilizumab(staffed_ward)
    return alert_3


def is_unreviewed(alert: Alert) -> bool:
    alert.refresh_from_db()
    return alert.unreviewed_since is not None


# --- When it waits ----------------------------------------------------------------------------------------------


def test_nobody_answered(treated):
    assert (state(treated), treated.unreviewed_since) == (AlertState.ACTED_ON, hour(4.1))


@pytest.mark.parametrize(("who", "waits"), [("nurse", True), ("charge_nurse", True), ("investigator", False)])
def test_who_answered_before_the_drug(ward, who, waits, alert_3):
    acknowledge(str(alert_3.pk), by=getattr(ward, who), at=after(1))
    tocilizumab(ward)

    assert is_unreviewed(alert_3) is waits


def test_an_investigator_who_records_the_drug_knows_the_case(ward, alert_3):
    tocilizumab(ward, by=ward.investigator)

    assert not is_unreviewed(alert_3)


@pytest.mark.parametrize("action", [ActionKind.AT_BEDSIDE, ActionKind.DECLINED])
def test_a_action_of_a_person_is_reviewed_by_nobody(ward, action, alert_3):
    act_on(str(alert_3.pk), action, by=ward.nurse, at=after(1), because="known")

    assert not is_unreviewed(alert_3)


def test_the_end_of_the_episode_is_no_review(ward, treated):
    for h in (6, 12, 18, 24, 30, 36):
        kept(vitals(ward, h), ward)

    assert (state(treated), is_unreviewed(treated)) == (AlertState.RESOLVED, True)


def test_what_is_withdrawn_or_waits_again_is_not_reviewed(ward, treated):
    gone = treatment(ward, 4.1, "tocilizumab", "anticytokine", "crs", supersedes_id=treated.actions.get().treatment_id,
                     withdrawn=True, reason="not given")  # fmt: skip
    kept(gone, ward, at=hour(4.2))
    assert (state(treated), is_unreviewed(treated)) == (AlertState.OPEN, False)

    tocilizumab(ward, 4.3)
    assert is_unreviewed(treated)
    withdraw(ward, treated, by=ward.nurse, at=hour(4.5))
    assert (state(treated), is_unreviewed(treated)) == (AlertState.WITHDRAWN, False)


# --- The review -------------------------------------------------------------------------------------------------


@pytest.mark.req("R11")
def test_an_investigator_says_so_once_and_it_is_kept_who_and_when(ward, treated):
    for minute in (20, 21):
        review(str(treated.pk), by=ward.investigator, at=after(minute))

    assert (state(treated), is_unreviewed(treated)) == (AlertState.ACTED_ON, False)
    [move] = treated.events.filter(note="reviewed")
    assert (move.by, move.at, move.state) == (ward.investigator, after(20), AlertState.ACTED_ON)


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("nurse", Forbidden), ("charge_nurse", Forbidden), ("data_manager", Forbidden), ("sponsor", NotFound),
        ("outsider", NotFound),
    ],
)  # fmt: skip
def test_nobody_else_may(ward, treated, who, refused):
    with pytest.raises(refused):
        review(str(treated.pk), by=getattr(ward, who), at=after(20))

    assert is_unreviewed(treated)


def test_looking_or_answering_is_no_review(client, ward, treated):
    client.force_login(ward.investigator)
    client.get(reverse("alert", args=[treated.pk]))
    client.post(reverse("alerts_seen"), {"alert": [str(treated.pk)]})

    assert is_unreviewed(treated)


@pytest.mark.parametrize(("reviewed", "waits"), [("low", (False, True)), ("high", (False, False))])
def test_what_is_below_is_reviewed_with_it_and_what_is_above_is_not(ward, reviewed, waits):
    alerts = {"low": raised(ward, 2), "high": kept(vitals(ward, 4.05, **PRESSOR), ward).alerts[0]}
    tocilizumab(ward)

    review(str(alerts[reviewed].pk), by=ward.investigator, at=after(20))

    assert tuple(map(is_unreviewed, alerts.values())) == waits


# --- Where it shows ---------------------------------------------------------------------------------------------


def test_list_card_and_page_say_what_was_recorded_by_whom(client, ward, treated):
    for who in (ward.nurse, ward.investigator):
        client.force_login(who)
        for address in (reverse("alerts"), reverse("alert_list"), reverse("alert", args=[treated.pk])):
            page = client.get(address).content.decode()
            assert "Not reviewed by an investigator yet" in page
            assert "tocilizumab, recorded by demo.nurse, 2026-03-02 21:06" in page
    assert "Waiting for an investigator's review: 1" in client.get(reverse("alerts")).content.decode()


def test_the_button_is_for_investigators_and_ends_it(client, ward, treated):
    one = reverse("alert", args=[treated.pk])
    client.force_login(ward.nurse)
    assert "I have reviewed this" not in client.get(one).content.decode()
    assert client.post(reverse("review_alert", args=[treated.pk])).status_code == 403
    client.force_login(ward.investigator)
    assert "I have reviewed this" in client.get(one).content.decode()
    assert client.get(reverse("review_alert", args=[treated.pk])).status_code == 405

    page = client.post(reverse("review_alert", args=[treated.pk]), follow=True).content.decode()

    assert "I have reviewed this" not in page
    assert "reviewed" in page
    assert "Waiting for an investigator" not in client.get(reverse("alerts")).content.decode()


def test_it_comes_before_what_was_answered(client, ward, treated):
    """The list shows the first hundred: what waits for a review is not cut off by what is answered."""
    kept(vitals(ward, 6), ward)
    above = kept(vitals(ward, 7, **PRESSOR), ward).alerts[0]
    acknowledge(str(above.pk), by=ward.nurse, at=hour(7.1))
    client.force_login(ward.investigator)

    ids = [row["id"] for row in client.get(reverse("api-alerts")).json()["results"]]

    assert ids == [str(treated.pk), str(above.pk)]


def test_the_api_filters_and_reviews(client, ward, treated):
    client.force_login(ward.investigator)
    listed = reverse("api-alerts")
    assert [row["id"] for row in client.get(listed, {"unreviewed": "true"}).json()["results"]] == [str(treated.pk)]
    assert client.get(listed, {"unreviewed": "false"}).json()["count"] == 0
    assert client.get(listed, {"unreviewed": "junk"}).status_code == 400

    answers = [client.post(reverse("api-alert-review", args=[treated.pk])) for _ in range(2)]

    assert [(a.status_code, a.json()["unreviewed_since"]) for a in answers] == [(200, None)] * 2
    assert client.get(listed, {"unreviewed": "true"}).json()["count"] == 0
    client.force_login(ward.nurse)
    assert client.post(reverse("api-alert-review", args=[treated.pk])).status_code == 403
