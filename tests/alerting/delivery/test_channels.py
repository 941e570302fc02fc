"""What leaves: the mail, the webhook call, and every way in which they fail. Against real local servers."""

import hashlib
import hmac
import json
import socket
import time

import pytest
from django.apps import apps
from django.core import mail

from crsmonitor.audit.acting import acting
from grading.alerting import tasks
from grading.alerting.delivery import channels
from grading.alerting.delivery.channels import failure
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.messages import KINDS
from grading.models import Channel, Delivery, DeliveryState, Endpoint, Outgoing
from tests.builders import hour, kept, vitals
from tests.pages import undrawn
from tests.sinks import Hook, Mailbox, serving

pytestmark = pytest.mark.django_db
NOW = hour(5)
GRADE_2 = {"temperature_c": 38.6, "sbp": 85, "hypotension": True}


@pytest.fixture
def hook():
    with serving(Hook()) as receiver:
        yield receiver


@pytest.fixture
def calls(ward, hook):
    """The delivery of a grade 2 alert to the hook."""
    return delivery_to(ward, hook.url)


def delivery_to(world, url: str) -> Delivery:
    with acting(by="test", reason="an endpoint"):
        Endpoint.objects.create(study=world.study, url=url, secret="a secret")
    kept(vitals(world, 4, **GRADE_2), world)
    return Delivery.objects.get(channel=Channel.WEBHOOK)


def failure_of(delivery: Delivery) -> str:
    with pytest.raises(ChannelFailed) as failed:
        channels.send(delivery, at=NOW)
    return failed.value.code


def test_every_kind_of_message_and_every_channel_has_its_row():
    kinds = {model for model in apps.get_models() if issubclass(model, Outgoing)}
    assert set(KINDS) == kinds
    assert set(channels.CHANNELS) == set(Channel)


# --- Webhook ----------------------------------------------------------------------------------------------------


def test_a_webhook_call_carries_ids_the_grade_and_what_is_asked(calls, hook, ward):
    channels.send(calls, at=NOW)

    [(headers, body)] = hook.calls
    alert = calls.alert
    assert json.loads(body) == {
        "event": "page", "occurrence": 1,
        "key": calls.key, "alert": str(alert.pk), "study": "DEMO", "site": "DEMO-TPE", "kind": "crs", "condition": "",
        "grade": 2, "urgency": None,
        "at_most": 2, "asked": ["new_grade", "tocilizumab"], "raised_at": "2026-03-02T13:00:00+00:00",
        "link": f"http://localhost:8000/alerts/{alert.pk}/",
    }  # fmt: skip
    assert headers["Idempotency-Key"] == calls.key
    assert headers["Host"] == f"127.0.0.1:{hook.server_port}"


def test_the_call_is_signed_over_its_time_and_body(calls, hook):
    channels.send(calls, at=NOW)

    [(headers, body)] = hook.calls
    stamp = headers["X-Crsmonitor-Timestamp"]
    expected = hmac.new(b"a secret", stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert stamp == str(int(NOW.timestamp()))
    assert headers["X-Crsmonitor-Signature"] == f"v1={expected}"


def test_no_message_says_who_it_is(calls, hook, ward):
    channels.send(calls, at=NOW)
    for delivery in Delivery.objects.filter(channel=Channel.EMAIL).select_related(
        "recipient", "alert__participant__site"
    ):
        channels.send(delivery, at=NOW)

    messages = [hook.calls[0][1].decode(), *(m.message().as_string() for m in mail.outbox)]
    assert len(messages) == 4
    for text in map(undrawn, messages):
        for personal in (ward.participant.number.lower(), "bed", "38.6"):
            assert personal not in text.lower()


@pytest.mark.parametrize(
    ("answer", "code"),
    [(500, "webhook_500"), (404, "webhook_404"), ("redirect", "webhook_302"), ("drop", "webhook_unreachable")],
)
def test_anything_but_a_success_has_failed(calls, hook, answer, code):
    hook.answer = answer

    assert failure_of(calls) == code

    assert len(hook.calls) == 1


@pytest.mark.long
@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_a_receiver_that_is_slow_in_whatever_way_is_left(calls, hook, answer, monkeypatch):
    monkeypatch.setattr(failure, "TIMEOUT_SECONDS", 0.6)
    hook.answer = answer
    began = time.monotonic()

    assert failure_of(calls) == "webhook_timeout"

    assert time.monotonic() - began < 29  # it hangs for 30 s, and drips for ever


def test_nobody_listens(ward):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert failure_of(delivery_to(ward, f"http://127.0.0.1:{unused.getsockname()[1]}/")) == "webhook_unreachable"


def test_the_guard_stands_before_the_call(calls, hook, settings):
    settings.WEBHOOK_ALLOW_PRIVATE = False

    assert failure_of(calls).startswith("webhook_refused_")
    assert hook.calls == []


def test_production_takes_https_only(calls, hook, settings):
    settings.PRODUCTION = True

    assert failure_of(calls) == "webhook_refused_scheme"
    assert hook.calls == []


# --- E-mail -----------------------------------------------------------------------------------------------------


def mailed(world) -> Delivery:
    kept(vitals(world, 4, temperature_c=38.6), world)
    return Delivery.objects.get()


def test_a_mail_says_the_grade_what_is_asked_and_where_to_look(ward):
    delivery = mailed(ward)

    channels.send(delivery, at=NOW)

    [message] = mail.outbox
    assert message.to == ["demo.investigator@example.org"]
    assert message.subject == "[crsmonitor] DEMO DEMO-TPE: CRS grade 1"
    assert message.body == (
        "CRS grade 1\n"
        "- New grade: review the participant\n"
        "\n"
        "Study DEMO, site DEMO-TPE\n"
        f"Alert {delivery.alert.pk}, raised 2026-03-02 13:00 UTC\n"
        f"Who it is and what was seen: http://localhost:8000/alerts/{delivery.alert.pk}/\n"
    )


def test_a_grade_with_data_missing_is_told_as_a_floor(ward):
    kept(vitals(ward, 4, temperature_c=38.6, sbp=None, dbp=None, hypotension=None), ward)

    channels.send(Delivery.objects.first(), at=NOW)

    assert mail.outbox[0].subject.endswith("CRS at least grade 1")


def test_twins_of_a_mail_have_one_message_id(ward):
    delivery = mailed(ward)

    channels.send(delivery, at=NOW)
    channels.send(delivery, at=hour(6))

    first, twin = (message.message() for message in mail.outbox)
    assert first["Message-ID"] == twin["Message-ID"]
    assert first["Message-ID"].endswith("@localhost>")
    assert first["X-Crsmonitor-Key"] == delivery.key


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("refuse", "mail_SMTPRecipientsRefused"),
        ("hang", "mail_SMTPServerDisconnected"),
        ("drop", "mail_SMTPServerDisconnected"),
    ],
)
def test_a_mail_server_that_does_not_take_it(ward, settings, answer, code):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with serving(Mailbox(answer)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 0.5
        assert failure_of(mailed(ward)) == code


def test_no_mail_server(ward, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = unused.getsockname()

        assert failure_of(mailed(ward)) == "mail_unreachable"


# --- The task ---------------------------------------------------------------------------------------------------


def test_the_task_sends_once_and_says_so(calls, hook):
    assert tasks.deliver(str(calls.pk)) is True
    assert tasks.deliver(str(calls.pk)) is False

    calls.refresh_from_db()
    assert (calls.state, calls.attempts, len(hook.calls)) == (DeliveryState.DELIVERED, 1, 1)
    assert calls.delivered_at == calls.sent_at


def test_the_task_writes_down_that_it_failed(calls, hook):
    hook.answer = 503

    assert tasks.deliver(str(calls.pk)) is False

    calls.refresh_from_db()
    assert (calls.state, calls.failure, calls.sent_at) == (DeliveryState.FAILED, "webhook_503", None)


def test_what_nobody_expected_is_written_down_logged_and_raised(ward, settings, caplog):
    delivery = mailed(ward)
    settings.EMAIL_BACKEND = "no.such.backend"

    with pytest.raises(ImportError):
        tasks.deliver(str(delivery.pk))

    delivery.refresh_from_db()
    assert (delivery.state, delivery.failure) == (DeliveryState.FAILED, "unexpected: ModuleNotFoundError")
    assert str(delivery.pk) in caplog.text
    assert "@example.org" not in caplog.text
