"""Gateways of the operator: through Apprise to a real receiver on loopback, guarded as webhooks are."""

import json
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from crsmonitor.audit.acting import acting
from crsmonitor.env import BadSetting, env_gateways
from grading.alerting import tasks
from grading.alerting.delivery import channels
from grading.alerting.delivery.channels import failure
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.gateway import transport as gateway
from grading.models import Channel, Contact, Delivery, DeliveryState, Endpoint
from tests.builders import hour, kept, vitals
from tests.pages import undrawn
from tests.sinks import Hook, serving

pytestmark = pytest.mark.django_db
NOW = hour(5)


@pytest.fixture
def hook():
    with serving(Hook()) as receiver:
        receiver.answer = 200  # not 204, for which a webhook's own key is kept
        yield receiver


@pytest.fixture
def pager(hook, settings, monkeypatch):
    """A gateway whose service is the hook. What is answered is waited for, on a busy machine too."""
    monkeypatch.setattr(failure, "TIMEOUT_SECONDS", 60)
    settings.GATEWAYS = {"pager": (f"json://127.0.0.1:{hook.server_port}/page",)}
    gateway.load()
    return hook


def raised(world) -> None:
    kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world)


@pytest.fixture
def delivery(ward) -> Delivery:
    """An alert's message to an endpoint that names the gateway."""
    with acting(by="test", reason="an endpoint"):
        Endpoint.objects.create(study=ward.study, gateway="pager")
    raised(ward)
    return Delivery.objects.get(channel=Channel.GATEWAY)


def failure_of(delivery: Delivery) -> str:
    with pytest.raises(ChannelFailed) as failed:
        channels.send(delivery, at=NOW)
    return failed.value.code


def test_a_page_carries_ids_the_grade_and_the_link_and_nobody(pager, delivery, ward):
    assert tasks.deliver(str(delivery.pk)) is True

    [(_headers, body)] = pager.calls
    fields = json.loads(body)
    assert fields["title"] == "[crsmonitor] DEMO DEMO-TPE: CRS grade 2"
    assert f"http://localhost:8000/alerts/{delivery.alert.pk}/" in fields["message"]
    for personal in (ward.participant.number, "bed", "38.6"):
        assert personal not in undrawn(body.decode())
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT  # a gateway proves no receiver


def test_a_person_is_told_through_her_tested_gateway_only(pager, ward):
    with acting(by="test", reason="contacts"):
        for person, tested in ((ward.investigator, NOW), (ward.nurse, None)):
            Contact.objects.create(user=person, channel="gateway", address="pager", added_at=NOW, tested_at=tested)
    raised(ward)

    delivery = Delivery.objects.get(channel=Channel.GATEWAY)

    assert delivery.recipient == ward.investigator
    assert delivery.key.endswith(f":gateway:contact{delivery.contact.pk}")
    assert tasks.deliver(str(delivery.pk)) is True
    assert len(pager.calls) == 1


def test_somebody_without_an_account_address_is_reached_by_her_contact(pager, ward):
    ward.investigator.email = ""
    with acting(by="test", reason="test"):
        ward.investigator.save()
        Contact.objects.create(
            user=ward.investigator, channel="gateway", address="pager", added_at=NOW, tested_at=NOW
        )  # fmt: skip
    raised(ward)

    to_her = Delivery.objects.filter(recipient=ward.investigator).values_list("channel", flat=True)

    assert list(to_her) == ["gateway"]


def test_every_address_of_a_gateway_is_called_and_one_that_fails_fails_it(pager, delivery, settings):
    with serving(Hook()) as other:
        other.answer = 500
        settings.GATEWAYS = {"pager": (*settings.GATEWAYS["pager"], f"json://127.0.0.1:{other.server_port}/")}

        assert failure_of(delivery) == "gateway_not_taken"

        assert (len(pager.calls), len(other.calls)) == (1, 1)


@pytest.mark.parametrize("answer", [500, "drop", "redirect"])
def test_a_gateway_that_does_not_take_it(pager, delivery, answer):
    pager.answer = answer

    assert failure_of(delivery) == "gateway_not_taken"

    assert len(pager.calls) == 1  # no redirect is followed


@pytest.mark.long
@pytest.mark.parametrize("answer", ["hang", "drip"])
def test_a_gateway_that_is_slow_in_whatever_way_is_left(pager, delivery, answer, monkeypatch):
    monkeypatch.setattr(failure, "TIMEOUT_SECONDS", 0.6)
    pager.answer = answer
    began = time.monotonic()

    assert failure_of(delivery) == "gateway_timeout"

    assert time.monotonic() - began < 29  # it hangs for 30 s, and drips for ever


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("json://127.0.0.1:{port}/page", "gateway_refused_not_public"),
        ("ntfy://10.1.2.3/topic", "gateway_refused_not_public"),
        ("gotify://[::1]/abcdefghijklmno", "gateway_refused_not_public"),
        ("json://no-such-host.invalid/", "gateway_refused_unknown_name"),
        ("bogus://somewhere/", "gateway_malformed"),
    ],
)
def test_the_guard_stands_before_the_call(pager, delivery, settings, address, code):
    settings.WEBHOOK_ALLOW_PRIVATE = False
    settings.GATEWAYS = {"pager": (address.format(port=pager.server_port),)}

    assert failure_of(delivery) == code
    assert pager.calls == []


@pytest.mark.long
def test_a_token_in_the_place_of_a_host_is_no_host(settings):
    """PagerDuty's address holds its key where others have the host: nothing to resolve."""
    settings.WEBHOOK_ALLOW_PRIVATE = False

    assert type(gateway._service("pagerduty://key@integration")).__name__ == "NotifyPagerDuty"


def test_a_gateway_that_the_operator_took_away_fails(delivery, settings):
    settings.GATEWAYS = {}

    assert failure_of(delivery) == "gateway_unknown"


def test_an_endpoint_is_a_webhook_or_a_gateway_that_is_configured(ward, settings):
    settings.GATEWAYS = {"pager": ("json://localhost",)}
    with pytest.raises(ValidationError, match="no gateway of this name"):
        Endpoint(study=ward.study, gateway="other").full_clean()
    Endpoint(study=ward.study, gateway="pager").full_clean()
    for columns in (
        {},
        {"url": "https://x.example/"},
        {"gateway": "pager", "url": "https://x.example/", "secret": "s"},
    ):
        with (
            pytest.raises(IntegrityError, match="endpoint_webhook_or_gateway"),
            acting(by="test", reason="test"),
            transaction.atomic(),
        ):
            Endpoint.objects.create(study=ward.study, **columns)


# --- CRS_GATEWAYS -----------------------------------------------------------------------------------------------


def test_the_variable_holds_names_and_addresses(monkeypatch):
    monkeypatch.setenv("CRS_GATEWAYS", "ward=ntfys://a/x?to=b,c ward=json://d pager=gotifys://e/t")

    assert env_gateways("CRS_GATEWAYS") == {
        "ward": ("ntfys://a/x?to=b,c", "json://d"),
        "pager": ("gotifys://e/t",),
    }


@pytest.mark.parametrize("value", ["ntfys://secret@host", "a b=secret", "pager=secret", "na/me=json://secret"])
def test_a_wrong_one_stops_the_start_and_keeps_its_secret(monkeypatch, value):
    monkeypatch.setenv("CRS_GATEWAYS", value)

    with pytest.raises(BadSetting) as refused:
        env_gateways("CRS_GATEWAYS")

    assert "secret" not in str(refused.value)
