"""Channels that fail again and again: raised once, told to operators, shown to the study, over when they work."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from crsmonitor.audit.acting import acting
from grading.alerting.delivery import channels, outbox
from grading.alerting.delivery import outages as troubles
from grading.models import Channel, ChannelOutage, Delivery, DeliveryState, Endpoint, OperatorNote
from tests.builders import build_world, hour, kept, vitals
from tests.stages import stage

pytestmark = pytest.mark.django_db
NOW = hour(4)


@pytest.fixture(autouse=True)
def operator(settings):
    settings.OPERATOR_EMAIL = ["operator@example.org"]


@stage(lasts_s=600)
def messages(ward) -> dict[str, Delivery]:
    """The mail and the webhook of one alert."""
    with acting(by="test", reason="an endpoint"):
        Endpoint.objects.create(study=ward.study, url="https://gateway.example/hook", secret="s")
    kept(vitals(ward, 4, temperature_c=38.6), ward)
    return {delivery.channel: delivery for delivery in Delivery.objects.all()}


def fail(message: Delivery, times: int = 1) -> None:
    for _time in range(times):
        message.refresh_from_db()
        at = max(NOW, message.next_try_at)
        outbox.mark_failed(outbox.claim(str(message.pk), at=at), why="webhook_500", at=at)


def work(message: Delivery) -> None:
    message.refresh_from_db()
    at = message.next_try_at
    outbox.mark_sent(outbox.claim(str(message.pk), at=at), at=at, proven=True)


def test_four_failures_in_a_row_are_counted_and_nobody_is_told(messages):
    fail(messages["webhook"], 4)

    trouble = ChannelOutage.objects.get()
    assert (trouble.failures, trouble.failure, trouble.raised_at) == (4, "webhook_500", None)
    assert not OperatorNote.objects.exists()


def test_the_fifth_raises_it_and_the_sixth_does_not_raise_it_again(messages):
    fail(messages["webhook"], 6)

    trouble = ChannelOutage.objects.get()
    assert (trouble.failures, trouble.endpoint.study.code) == (6, "DEMO")
    # tries after 5, 15, 45 and 135 s
    assert trouble.raised_at == NOW + timedelta(seconds=200)
    assert OperatorNote.objects.get().key == f"trouble:{trouble.pk}:raised"


def test_failures_of_several_messages_add_up(messages, world):
    fail(messages["webhook"], 4)
    [alert] = kept(vitals(world, 5, temperature_c=38.6, sbp=85, hypotension=True), world).alerts

    fail(alert.deliveries.get(channel=Channel.WEBHOOK))

    assert ChannelOutage.objects.get().raised_at is not None


def test_a_success_between_begins_the_count_anew(messages, world):
    fail(messages["webhook"], 4)
    work(messages["webhook"])
    [alert] = kept(vitals(world, 5, temperature_c=38.6, sbp=85, hypotension=True), world).alerts

    fail(alert.deliveries.get(channel=Channel.WEBHOOK), 4)

    assert not ChannelOutage.objects.filter(raised_at__isnull=False).exists()
    assert not OperatorNote.objects.exists()


def test_one_channel_does_not_count_for_another(messages):
    fail(messages["webhook"], 4)
    fail(messages["email"], 4)

    assert sorted(ChannelOutage.objects.values_list("channel", "failures")) == [("email", 4), ("webhook", 4)]
    assert ChannelOutage.objects.get(channel="email").recipient.username == "demo.investigator"


@pytest.mark.parametrize("how", ["said", "found"])
def test_a_message_that_is_given_up_raises_it_at_once(messages, how):
    message = messages["email"]
    last = outbox.ATTEMPTS - 1 if how == "said" else outbox.ATTEMPTS
    Delivery.objects.filter(pk=message.pk).update(attempts=last)
    if how == "said":
        fail(message)
    else:
        assert outbox.claim(str(message.pk), at=NOW) is None

    message.refresh_from_db()
    assert message.state == DeliveryState.DEAD
    assert ChannelOutage.objects.get().raised_at == NOW
    assert OperatorNote.objects.count() == 1


def test_it_is_over_when_the_channel_works_and_operators_hear_of_it(messages):
    fail(messages["webhook"], 5)

    work(messages["webhook"])

    trouble = ChannelOutage.objects.get()
    assert trouble.resolved_at is not None
    assert sorted(note.over for note in OperatorNote.objects.all()) == [False, True]


def test_the_note_to_operators_leaves_like_any_message_with_ids_only(messages):
    fail(messages["webhook"], 5)
    note = OperatorNote.objects.get()

    assert channels.send(outbox.claim(str(note.pk), at=NOW + timedelta(hours=1)), at=NOW) is False

    [message] = mail.outbox
    assert message.to == ["operator@example.org"]
    assert "A channel does not work" in message.subject
    assert "Study DEMO, endpoint" in message.body
    assert "webhook_500" in message.body
    assert "gateway.example" not in message.body


def test_a_note_that_fails_raises_no_trouble_of_its_own(messages):
    fail(messages["webhook"], 5)
    note = OperatorNote.objects.get()
    outbox.mark_failed(outbox.claim(str(note.pk), at=hour(5)), why="mail_unreachable", at=hour(5))

    assert ChannelOutage.objects.count() == 1
    note.refresh_from_db()
    assert note.state == DeliveryState.FAILED


def test_without_an_operator_the_log_says_so(messages, settings, caplog):
    settings.OPERATOR_EMAIL = []

    fail(messages["webhook"], 5)

    assert "OPERATOR_EMAIL is not set" in caplog.text
    assert ChannelOutage.objects.get().raised_at is not None


# --- On pages ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["board", "alerts", "alert_list", "alert"])
def test_pages_of_the_study_say_so_in_words(client, world, messages, name):
    fail(messages["webhook"], 5)
    fail(messages["email"], 5)
    client.force_login(world.nurse)

    args = [messages["email"].alert_id] if name == "alert" else []
    html = client.get(reverse(name, args=args)).content.decode()

    endpoint = messages["webhook"].endpoint
    assert f"webhook {endpoint.pk} of study DEMO has taken no alert since 2026-03-02 13:00 UTC" in html
    assert "demo.investigator cannot be reached by e-mail since 2026-03-02 13:00 UTC: call." in html


def test_another_study_does_not_hear_of_it_and_nobody_once_it_is_over(client, world, messages):
    fail(messages["webhook"], 5)
    client.force_login(build_world("OTHER").nurse)
    assert "has taken no alert" not in client.get(reverse("alerts")).content.decode()

    work(messages["webhook"])

    client.force_login(world.nurse)
    assert "has taken no alert" not in client.get(reverse("alerts")).content.decode()


def test_one_message_alone_raises_it_within_four_minutes():
    """Convention: one message alone reaches it in 200 s, so that it is known during the alert."""
    waits = [outbox.delay_after(n).total_seconds() for n in range(1, troubles.FAILURES_IN_A_ROW)]

    assert sum(waits) == 200
