"""Whoever was paged hears that nobody needs to come any more: on the same way, once, and after the page (R24)."""

import json
from datetime import timedelta

import pytest
from django.core import mail

from crsmonitor.accounts import languages
from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.alerting.services.answers import acknowledge, act_on
from grading.models import Alert, AlertState, Channel, Contact, Delivery, Endpoint, Purpose
from grading.rules.alerting.lifecycle import ActionKind
from tests.alerting.paged import send, withdraw, words
from tests.alerting.staffed import after, raised, state, sweep
from tests.builders import hour, kept, treatment, vitals
from tests.sinks import Hook, serving
from tests.stages import stage

pytestmark = pytest.mark.django_db
one_second = timedelta(seconds=1)


@stage(lasts_s=600)
def sent(alert_3) -> Alert:
    """Grade 3: the nurse and the on-call investigator were paged, and the mails are out."""
    assert send(after(0)) == ["page investigator", "page nurse"]
    return alert_3


# --- R24: each way in which it ends -----------------------------------------------------------------------------


def test_one_of_two_answers_and_the_other_hears_of_it(ward, sent):
    acknowledge(str(sent.pk), by=ward.nurse, at=after(2))

    assert words(sent) == [("investigator", "answered")]
    assert (send(after(2)), send(after(60))) == (["stand_down investigator"], [])


def test_the_set_is_withdrawn_and_both_hear_of_it(ward, sent):
    withdraw(ward, sent, by=ward.charge_nurse, at=after(3))

    assert state(sent) is AlertState.WITHDRAWN
    assert words(sent) == [("investigator", "withdrawn"), ("nurse", "withdrawn")]


def test_who_withdrew_it_knows(ward, sent):
    withdraw(ward, sent, by=ward.nurse, at=after(3))

    assert words(sent) == [("investigator", "withdrawn")]


def test_who_answered_hears_that_it_is_withdrawn_and_so_does_who_was_stood_down(ward, sent):
    acknowledge(str(sent.pk), by=ward.nurse, at=after(2))
    send(after(2))
    withdraw(ward, sent, by=ward.charge_nurse, at=after(3))

    assert words(sent) == [("investigator", "answered"), ("investigator", "withdrawn"), ("nurse", "withdrawn")]


def test_when_the_episode_is_over_whoever_was_called_hears_it_once(ward, sent):
    for h in (6, 12, 18, 24, 30, 36):
        kept(vitals(ward, h), ward)

    assert state(sent) is AlertState.RESOLVED
    assert words(sent) == [("investigator", "over"), ("nurse", "over")]


def test_who_was_stood_down_does_not_hear_that_it_is_over(ward, sent):
    acknowledge(str(sent.pk), by=ward.nurse, at=after(2))
    send(after(2))
    act_on(str(sent.pk), ActionKind.AT_BEDSIDE, by=ward.charge_nurse, at=after(4))
    for h in (6, 12, 18, 24, 30, 36):
        kept(vitals(ward, h), ward)

    assert state(sent) is AlertState.RESOLVED
    assert words(sent) == [("investigator", "answered")]


@pytest.mark.parametrize("action", [ActionKind.AT_BEDSIDE, ActionKind.DECLINED])
def test_something_else_was_done_by_somebody_who_was_not_paged(ward, sent, action):
    act_on(str(sent.pk), action, by=ward.charge_nurse, at=after(4), because="known to us")

    assert words(sent) == [("investigator", action.value), ("nurse", action.value)]


def test_the_drug_that_it_asks_for_is_recorded_and_nobody_had_answered(ward, sent):
    kept(treatment(ward, 4.1, "tocilizumab", "anticytokine", "crs"), ward)

    assert words(sent) == [("investigator", "treatment")]
    [row] = sent.deliveries.filter(purpose=Purpose.STAND_DOWN)
    assert (row.by_role, row.drug_class) == ("nurse", "anticytokine")


def test_who_is_named_as_going_is_not_sent_back(ward, sent):
    acknowledge(str(sent.pk), by=ward.charge_nurse, at=after(2), responder="demo.investigator")

    assert words(sent) == [("nurse", "answered")]


def test_answering_twice_tells_once(ward, sent):
    for minute in (2, 3):
        acknowledge(str(sent.pk), by=ward.nurse, at=after(minute))

    assert Delivery.objects.filter(purpose=Purpose.STAND_DOWN).count() == 1


def test_an_answer_lapses_it_is_called_again_and_another_answer_is_new(ward, sent):
    acknowledge(str(sent.pk), by=ward.nurse, at=after(0))
    send(after(0))
    sweep(15)  # the charge nurse is called
    sweep(20)  # and the investigator again
    assert send(after(20)) == ["page charge", "page investigator"]
    acknowledge(str(sent.pk), by=ward.charge_nurse, at=after(21))

    assert words(sent) == [("investigator", "answered"), ("investigator", "answered"), ("nurse", "answered")]


# --- On the same ways -------------------------------------------------------------------------------------------


def test_by_every_way_that_was_paged_and_no_other(ward):
    with acting(by="test", reason="another way"):
        phone = Contact.objects.create(
            user=ward.investigator, channel=Channel.EMAIL, address="phone@example.org", added_at=hour(0),
            tested_at=hour(0),
        )  # fmt: skip
        ended = Contact.objects.create(
            user=ward.investigator, channel=Channel.EMAIL, address="old@example.org", added_at=hour(0),
            tested_at=hour(0),
        )  # fmt: skip
    alert = raised(ward, 3)
    send(after(0))
    with acting(by="test", reason="not hers any more"):
        Contact.objects.filter(pk=ended.pk).update(ended_at=after(1))
        Contact.objects.create(
            user=ward.investigator, channel=Channel.EMAIL, address="new@example.org", added_at=after(1),
            tested_at=after(1),
        )  # fmt: skip
    acknowledge(str(alert.pk), by=ward.nurse, at=after(2))

    rows = alert.deliveries.filter(purpose=Purpose.STAND_DOWN)
    assert {(row.recipient, row.contact) for row in rows} == {(ward.investigator, None), (ward.investigator, phone)}


def test_somebody_deactivated_meanwhile_hears_nothing(ward, sent):
    with acting(by="test", reason="left"):
        User.objects.filter(pk=ward.investigator.pk).update(is_active=False)
    acknowledge(str(sent.pk), by=ward.nurse, at=after(2))

    assert words(sent) == []


def test_a_webhook_gets_each_event_signed_as_the_others(ward):
    with serving(Hook()) as hook:
        with acting(by="test", reason="an endpoint"):
            Endpoint.objects.create(study=ward.study, url=hook.url, secret="a secret")
        alert = raised(ward, 3)
        send(after(0))
        acknowledge(str(alert.pk), by=ward.nurse, at=after(2))
        send(after(2))
        kept(treatment(ward, 4.1, "tocilizumab", "anticytokine", "crs"), ward, by=ward.charge_nurse, at=after(6))
        send(after(6))

    bodies = [json.loads(body) for _headers, body in hook.calls]
    assert [body["event"] for body in bodies] == ["page", "stand_down", "stand_down"]
    assert [(b["why"], b["by_role"], b["drug_class"], b["at"]) for b in bodies[1:]] == [
        ("answered", "nurse", "", "2026-03-02T13:02:00+00:00"),
        ("treatment", "charge_nurse", "anticytokine", "2026-03-02T13:06:00+00:00"),
    ]
    assert {body["alert"] for body in bodies} == {str(alert.pk)}
    assert all("X-Crsmonitor-Signature" in headers for headers, _body in hook.calls)


def test_the_words_say_why_and_through_whom_and_nothing_personal(ward, sent):
    mail.outbox.clear()
    kept(treatment(ward, 4.1, "Actemra of Ms Example", "anticytokine", "crs"), ward)
    send(after(6))

    [message] = mail.outbox
    assert message.to == ["demo.investigator@example.org"]
    assert message.subject == "[crsmonitor] DEMO DEMO-TPE: stand down: CRS grade 3"
    assert "What it asks for was given: anticytokine, recorded by: nurse." in message.body
    assert f"/alerts/{sent.pk}/" in message.body
    for personal in (ward.participant.number, "demo.nurse", "Example", "Actemra"):
        assert personal not in message.message().as_string()


def test_each_reads_it_in_her_own_language(ward, sent):
    languages.keep(ward.investigator, "zh-hant")
    mail.outbox.clear()
    act_on(str(sent.pk), ActionKind.AT_BEDSIDE, by=ward.charge_nurse, at=after(4))
    send(after(4))

    by_receiver = {message.to[0]: message for message in mail.outbox}
    assert "臨床人員已在床邊，記錄者：護理組長。" in by_receiver["demo.investigator@example.org"].body
    assert by_receiver["demo.investigator@example.org"].subject == "[crsmonitor] DEMO DEMO-TPE: 解除：CRS 3 級"
    assert "A clinician is at the bedside, recorded by: charge nurse." in by_receiver["demo.nurse@example.org"].body


def test_a_page_comes_in_the_language_of_its_receiver(ward):
    languages.keep(ward.investigator, "zh-hant")
    raised(ward, 3)
    send(after(0))

    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects["demo.investigator@example.org"] == "[crsmonitor] DEMO DEMO-TPE: CRS 3 級"
    assert subjects["demo.nurse@example.org"] == "[crsmonitor] DEMO DEMO-TPE: CRS grade 3"
