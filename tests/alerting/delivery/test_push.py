"""Web push: sealed as RFC 8291 says, sent to a receiver on loopback, withdrawn when somebody leaves, told when gone."""

import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.urls import reverse

from crsmonitor.devices import cookie
from crsmonitor.errors import InvalidInput
from crsmonitor.security.p256 import CURVE, private_key, unbase64url
from grading.alerting import tasks
from grading.alerting.delivery import channels
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.push import form, vapid
from grading.alerting.delivery.channels.push.sealing import MOST, BadKeys, BrowserKeys, sealed
from grading.alerting.services.on_call import browsers
from grading.alerting.services.on_call.contacts import confirm
from grading.models import Channel, Contact, ContactNote, ContactTest, Delivery, DeliveryState, PushSubscription
from grading.rules.alerting.on_call.contacts import has_tested, reachable
from tests.alerting.delivery.browsers import Browser
from tests.builders import hour, kept, vitals
from tests.devices.stages import a_tablet, sign_in
from tests.pages import undrawn
from tests.sinks import Hook, serving
from tests.stages import stage

NOW = hour(5)
# RFC 8291, 5 and appendix A.
RFC = {
    "text": b"When I grow up, I want to be a watermelon",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "own": "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw",
    "salt": "DGv6ra1nlYgDCS1FRnbzlw",
    "body": (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    ),
}
VAPID_KEY = "4xJ4M2mQz1W0gJ0b3l3o7lKcG1m6hQ0u0oYvK1b2c3Q"


def test_a_message_is_sealed_as_in_the_example_of_the_rfc():
    body = sealed(
        RFC["text"], BrowserKeys.of(RFC["p256dh"], RFC["auth"]), own=private_key(RFC["own"]),
        salt=unbase64url(RFC["salt"]),
    )  # fmt: skip

    assert body == unbase64url(RFC["body"])


def test_a_browser_opens_the_longest_message_and_a_longer_one_is_refused():
    browser = Browser()

    assert browser.opens(sealed(b"a" * MOST, browser.keys)) == b"a" * MOST
    assert len(sealed(b"a" * MOST, browser.keys)) == 4096
    with pytest.raises(ValueError, match="too long"):
        sealed(b"a" * (MOST + 1), browser.keys)


@pytest.mark.parametrize(
    ("p256dh", "auth"), [("", RFC["auth"]), (RFC["p256dh"], ""), (RFC["p256dh"], RFC["auth"][:-3]), ("!", RFC["auth"]),
                         ("B" + "A" * 86, RFC["auth"]), (RFC["p256dh"][:-4], RFC["auth"])]
)  # fmt: skip
def test_what_is_no_key_of_a_browser_is_refused(p256dh, auth):
    with pytest.raises(BadKeys):
        BrowserKeys.of(p256dh, auth)


def test_a_call_says_who_calls_to_that_service_alone(settings):
    settings.VAPID_KEY, settings.OPERATOR_EMAIL = VAPID_KEY, ["ops@example.org"]

    token, key = vapid.authorization("https://push.example.net/abc", at=NOW).removeprefix("vapid t=").split(", k=")

    public = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unbase64url(key))
    claims = jwt.decode(token, public, algorithms=["ES256"], options={"verify_exp": False, "verify_aud": False})
    assert claims == {
        "aud": "https://push.example.net", "exp": int((NOW + timedelta(hours=1)).timestamp()),
        "sub": "mailto:ops@example.org",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("endpoint", "code"),
    [
        ("http://push.example.net/a", "webhook_scheme"),
        ("https://10.0.0.1/a", "webhook_not_public"),
        ("https://127.0.0.1/a", "webhook_not_public"),
        ("https://[::1]/a", "webhook_not_public"),
        ("https://169.254.169.254/latest", "webhook_not_public"),
        ("https://2130706433/a", "webhook_odd_address"),
        ("https://name:word@8.8.8.8/a", "webhook_credentials"),
        ("https://8.8.8.8:22/a", "webhook_port"),
        ("https://8.8.8.8/" + "a" * 1000, "push_unreadable"),
    ],
)
def test_an_address_that_leads_inside_is_refused_before_it_is_kept(settings, endpoint, code):
    settings.WEBHOOK_ALLOW_PRIVATE, settings.PRODUCTION = False, True

    with pytest.raises(InvalidInput) as refused:
        form.checked(Browser().subscription(endpoint))

    assert refused.value.message.code == code


@pytest.mark.parametrize("nonsense", [None, [], "x", {}, {"endpoint": 1, "keys": {"p256dh": 2, "auth": 3}}])
def test_what_no_browser_gives_is_refused(nonsense):
    with pytest.raises(InvalidInput):
        form.checked(nonsense)


# --- From the page to the browser -----------------------------------------------------------------------------


@pytest.fixture
def service(settings):
    """The push service of a browser."""
    settings.VAPID_KEY = VAPID_KEY
    with serving(Hook()) as hook:
        hook.answer = 201
        yield hook


@stage
def phone(world) -> Browser:
    return Browser()


def subscribe(client, browser: Browser, url: str, key: str = ""):
    if key:
        client.cookies["browser"] = key
    body = json.dumps(browser.subscription(url))
    return client.post(reverse("contact-browser"), body, content_type="application/json")


def raised(world) -> None:
    kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world)


def subscribed(client, world, service, phone) -> Contact:
    """By the page, its test message answered."""
    client.force_login(world.investigator)
    assert subscribe(client, phone, service.url).status_code == 204
    contact = Contact.objects.get(channel=Channel.PUSH)
    tasks.deliver(str(ContactTest.objects.get().pk))
    text = json.loads(phone.opens(service.calls[-1][1]))
    code = text["body"].partition("Code: ")[2][:6]
    return confirm(contact.pk, code, by=world.investigator, at=ContactTest.objects.get().queued_at)


@pytest.mark.django_db
def test_a_page_reaches_the_browser_with_ids_and_nobody(client, ward, service, phone):
    contact = subscribed(client, ward, service, phone)
    raised(ward)

    delivery = Delivery.objects.get(channel=Channel.PUSH)
    assert (delivery.recipient, delivery.contact) == (ward.investigator, contact)
    assert tasks.deliver(str(delivery.pk)) is True

    headers, body = service.calls[-1]
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Urgency"] == "high"
    shown = json.loads(phone.opens(body))
    assert shown["title"] == "[crsmonitor] DEMO DEMO-TPE: CRS grade 2"
    assert shown["title"].encode() not in body  # the push service reads nothing
    assert shown["link"].endswith(f"/alerts/{delivery.alert.pk}/")
    for personal in (ward.participant.number, "38.6", "7B"):
        assert personal not in undrawn(json.dumps(shown))
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.SENT  # the service has it, not yet the browser
    assert service.url not in str(PushSubscription.objects.values())


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [404, 410])
def test_a_browser_that_is_gone_is_removed_and_its_owner_told(client, ward, service, phone, answer):
    contact = subscribed(client, ward, service, phone)
    raised(ward)
    service.answer = answer
    delivery = Delivery.objects.get(channel=Channel.PUSH)

    assert tasks.deliver(str(delivery.pk)) is False

    contact.refresh_from_db()
    delivery.refresh_from_db()
    assert contact.ended_at is not None
    assert (delivery.state, delivery.failure) == (DeliveryState.DROPPED, "push_gone")
    assert tasks.deliver(str(ContactNote.objects.get().pk)) is True
    [note] = [one for one in mail.outbox if "takes no alerts" in one.subject]
    assert note.to == [ward.investigator.email]


@pytest.mark.django_db
@pytest.mark.parametrize(("answer", "code"), [(500, "push_500"), (403, "push_403"), ("redirect", "push_302")])
def test_a_service_that_does_not_take_it_is_tried_again_and_no_redirect_followed(
    client, ward, service, phone, answer, code
):
    subscribed(client, ward, service, phone)
    raised(ward)
    calls, service.answer = len(service.calls), answer

    with pytest.raises(ChannelFailed) as failed:
        channels.send(Delivery.objects.get(channel=Channel.PUSH), at=NOW)

    assert (failed.value.code, len(service.calls)) == (code, calls + 1)


@pytest.mark.django_db
def test_signing_out_ends_it_and_drops_what_has_not_left(client, ward, service, phone):
    contact = subscribed(client, ward, service, phone)
    raised(ward)

    client.post(reverse("logout"), {"idle": "1"})
    contact.refresh_from_db()
    assert contact.ended_at is None  # nobody touched the page: alerts go on

    client.force_login(ward.investigator)
    client.post(reverse("logout"))

    contact.refresh_from_db()
    assert contact.ended_at is not None
    assert Delivery.objects.get(channel=Channel.PUSH).state == DeliveryState.DROPPED


@pytest.mark.django_db
def test_whoever_signs_in_next_in_this_browser_has_nothing_of_it(client, ward, service, phone):
    contact = subscribed(client, ward, service, phone)
    client.post(reverse("logout"), {"idle": "1"})

    answer = client.post(
        reverse("login"), {"username": ward.nurse.username, "password": f"{ward.nurse.username}-password"}
    )

    assert answer.status_code == 302
    contact.refresh_from_db()
    assert contact.ended_at is not None


@pytest.mark.django_db
def test_ending_all_other_sessions_ends_her_other_browsers(ward, service, phone):
    here, there = (
        browsers.subscribe(one.subscription(f"{service.url}/{n}"), browser=f"key {n}", by=ward.nurse, at=NOW)
        for n, one in enumerate((phone, Browser()))
    )

    browsers.keep_one("key 0", by=ward.nurse, at=NOW)

    assert list(Contact.objects.filter(ended_at=None, channel=Channel.PUSH)) == [here]
    assert there.pk != here.pk


@pytest.mark.django_db
def test_not_without_a_key_not_on_a_ward_tablet_and_not_without_a_ward(client, ward, service, phone, settings):
    client.force_login(ward.sponsor)
    assert subscribe(client, phone, service.url).status_code == 404
    assert client.get(reverse("device")).status_code == 404
    client.force_login(ward.nurse)
    assert 'id="push-subscribe"' in client.get(reverse("device")).content.decode()
    settings.VAPID_KEY = ""
    assert 'id="push-subscribe"' not in client.get(reverse("device")).content.decode()
    assert subscribe(client, phone, service.url).status_code == 400
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_in_a_browser_that_becomes_a_tablet_of_the_ward_nothing_is_left_of_it(client, ward, service, phone):
    contact = subscribed(client, ward, service, phone)
    client.cookies[cookie.COOKIE] = a_tablet(ward).key

    sign_in(client, ward.investigator)

    contact.refresh_from_db()
    assert contact.ended_at is not None
    answer = subscribe(client, phone, service.url)
    assert (answer.status_code, "tablet" in answer.json()["detail"]) == (400, True)


def test_all_browsers_are_one_way_and_need_no_gateway():
    class Way:
        channel, address, tested_at, ended_at = "push", "fcm.googleapis.com 1", NOW, None

    class Other(Way):
        address = "web.push.apple.com 2"

    class Mail(Way):
        channel, address = "email", "a@example.org"

    assert has_tested([Way()], gateways=())
    assert not reachable([Way(), Other()])
    assert reachable([Way(), Mail()])
