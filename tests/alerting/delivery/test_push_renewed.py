"""Issue 13, section 6: a subscription that the browser changed or its push service ended is renewed, or she is told."""

import hashlib
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from grading.alerting import tasks
from grading.alerting.selectors.scopes import scope_of
from grading.alerting.services.on_call import browsers
from grading.alerting.views.alert_list import draw_list
from grading.models import Channel, Contact, ContactTest, Delivery, PushSubscription
from tests.alerting.delivery.browsers import Browser
from tests.alerting.delivery.test_push import phone, raised, service, subscribe, subscribed

pytestmark = pytest.mark.django_db
__all__ = ["phone", "service"]

RENEW = reverse("contact-browser-renew")


def state_of(client) -> dict:
    return client.get(RENEW, headers={"X-By-Itself": "1"}).json()


def renewed(client, browser: Browser, url: str):
    return client.post(RENEW, json.dumps(browser.subscription(url)), content_type="application/json")


def ended_by_its_service(world, service) -> None:
    raised(world)
    service.answer = 410
    assert tasks.deliver(str(Delivery.objects.get(channel=Channel.PUSH).pk)) is False
    service.answer = 201


def test_what_its_service_ended_is_told_on_every_page_of_hers_and_renewed_by_the_next(client, world, service, phone):
    before = subscribed(client, world, service, phone)
    known = hashlib.sha256(service.url.encode()).hexdigest()
    assert (state_of(client)["asked"], state_of(client)["known"]) == (True, known)
    assert f"Push messages do not reach you on {before.address}" not in client.get("/contacts/").content.decode()

    ended_by_its_service(world, service)

    for page in ("/", "/alerts/", "/contacts/", "/device/"):
        assert f"Push messages do not reach you on {before.address}" in client.get(page).content.decode(), page
    assert state_of(client)["known"] == ""

    drawn_for_many = draw_list(world.investigator, scope_of(world.investigator), "en")
    assert before.address not in "".join(drawn_for_many)  # a colleague of the same roles has it on her screen

    other = Browser()
    assert renewed(client, other, f"{service.url}/new").status_code == 200

    after = Contact.objects.get(channel=Channel.PUSH, ended_at=None)
    assert (after.user, after.tested_at) == (world.investigator, before.tested_at)  # alerts go on
    assert after.address != before.address
    assert "Push messages do not reach you" not in client.get("/contacts/").content.decode()
    assert state_of(client)["known"] == hashlib.sha256(f"{service.url}/new".encode()).hexdigest()


def test_what_the_browser_changed_takes_the_place_of_what_it_had_and_the_same_again_is_nothing_new(
    client, world, service, phone
):
    before = subscribed(client, world, service, phone)

    for _ in range(2):
        assert renewed(client, phone, f"{service.url}/new").status_code == 200

    before.refresh_from_db()
    assert before.ended_at is not None
    assert Contact.objects.filter(channel=Channel.PUSH).count() == 2
    assert ContactTest.objects.count() == 1  # nobody has to type a code again


def test_one_that_was_never_tested_is_tested(client, world, service, phone):
    client.force_login(world.investigator)
    subscribe(client, phone, service.url)
    renewed(client, phone, f"{service.url}/new")
    assert ContactTest.objects.count() == 2
    assert Contact.objects.get(channel=Channel.PUSH, ended_at=None).tested_at is None


@pytest.mark.parametrize("why", ["never", "left", "another", "no cookie"])
def test_nobody_renews_what_she_does_not_have_here(client, world, service, phone, why):
    if why == "never":
        client.force_login(world.investigator)
    else:
        subscribed(client, world, service, phone)
        key = client.cookies["browser"].value
    if why == "left":
        browsers.leave(key, by=world.investigator, at=timezone.now())
    elif why == "another":
        client.force_login(world.nurse)
    elif why == "no cookie":
        del client.cookies["browser"]
    before = PushSubscription.objects.count()

    assert state_of(client) == {"asked": False}
    assert renewed(client, Browser(), f"{service.url}/new").status_code == 404
    assert PushSubscription.objects.count() == before
    assert "Push messages do not reach you" not in client.get("/contacts/").content.decode()


def test_contacts_say_when_each_took_a_message_last_and_which_is_this_browser(client, world, service, phone):
    subscribed(client, world, service, phone)
    page = client.get("/contacts/").content.decode()
    at = ContactTest.objects.get().sent_at
    assert f"The last message was taken at {at:%Y-%m-%d %H:%M} UTC." in page
    assert "this browser" in page
