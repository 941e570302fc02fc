"""A person's own contacts: each counts once its test message was shown to have arrived."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import InvalidInput, NotFound
from grading.alerting import tasks
from grading.alerting.delivery import outbox, receivers
from grading.alerting.services.on_call import contacts
from grading.models import Contact, ContactTest, Delivery, DeliveryState
from grading.rules.alerting.on_call.contacts import reachable
from tests.builders import dose, hour, kept, stay, vitals
from tests.pages import undrawn
from tests.stages import stage

NOW = hour(4)


# --- Who can be reached -----------------------------------------------------------------------------------------


@dataclass
class Way:
    channel: str
    address: str
    tested_at: datetime | None = NOW
    ended_at: datetime | None = None


@pytest.mark.parametrize(
    ("ways", "answer"),
    [
        ([], False),
        ([Way("email", "a@x")], False),
        ([Way("email", "a@x"), Way("gateway", "pager")], True),
        ([Way("gateway", "ward"), Way("gateway", "pager")], True),
        ([Way("gateway", "pager"), Way("gateway", "pager")], False),
        ([Way("email", "a@x"), Way("email", "b@x")], False),  # one mail server carries both
        ([Way("email", "a@x"), Way("gateway", "pager", tested_at=None)], False),
        ([Way("email", "a@x"), Way("gateway", "pager", ended_at=NOW)], False),
    ],
)
def test_two_tested_channels_that_do_not_fail_together(ways, answer):
    assert reachable(ways) is answer


# --- Test messages ----------------------------------------------------------------------------------------------


@stage
def contact(world) -> Contact:
    return contacts.add("email", "ward.phone@example.org", by=world.nurse, at=NOW)


def deliver_test(contact: Contact) -> str:
    """The code of the message that has just arrived."""
    assert tasks.deliver(str(contact.tests.latest("queued_at").pk)) is True
    return re.search(r"Code: (\d{6})\n", mail.outbox[-1].body)[1]


@pytest.mark.django_db
def test_the_code_of_the_message_makes_it_count(contact, world):
    code = deliver_test(contact)

    confirmed = contacts.confirm(contact.pk, f" {code[:3]} {code[3:]} ", by=world.nurse, at=NOW + timedelta(minutes=1))

    assert mail.outbox[-1].to == ["ward.phone@example.org"]
    assert confirmed.tested_at == NOW + timedelta(minutes=1)
    last = AuditEvent.objects.filter(table_name="grading_contact").latest("at")
    assert (last.subject, last.reason) == (f"user:{world.nurse.pk}", "test message confirmed")
    assert code not in undrawn(str(last.before) + str(last.after))


@pytest.mark.django_db
def test_an_alert_goes_to_a_tested_address_only(contact, world):
    kept(stay(world), world)
    kept(dose(world), world)
    kept(vitals(world, 4, temperature_c=38.6, sbp=85, hypotension=True), world)
    assert not Delivery.objects.filter(contact=contact).exists()

    contacts.confirm(contact.pk, deliver_test(contact), by=world.nurse, at=NOW)
    kept(vitals(world, 5, temperature_c=38.6, sbp=85, hypotension=True, oxygen_device="venturi_mask"), world)

    delivery = Delivery.objects.get(contact=contact)
    assert tasks.deliver(str(delivery.pk)) is True
    assert mail.outbox[-1].to == ["ward.phone@example.org"]


@pytest.mark.django_db
def test_a_code_grows_old_after_half_an_hour(contact, world):
    code = deliver_test(contact)

    with pytest.raises(InvalidInput):
        contacts.confirm(contact.pk, code, by=world.nurse, at=NOW + timedelta(minutes=30, seconds=1))


@pytest.mark.django_db
def test_five_wrong_codes_use_a_message_up(contact, world):
    code = deliver_test(contact)
    wrong = str((int(code) + 1) % 10**6).zfill(6)
    for _guess in range(5):
        with pytest.raises(InvalidInput):
            contacts.confirm(contact.pk, wrong, by=world.nurse, at=NOW)

    with pytest.raises(InvalidInput):
        contacts.confirm(contact.pk, code, by=world.nurse, at=NOW)


@pytest.mark.django_db
def test_one_test_message_a_minute(contact, world):
    with pytest.raises(contacts.TooSoon):
        contacts.test(contact.pk, by=world.nurse, at=NOW + timedelta(seconds=59))

    contacts.test(contact.pk, by=world.nurse, at=NOW + timedelta(seconds=61))

    assert contact.tests.count() == 2


@pytest.mark.django_db
def test_six_contacts_are_the_most_and_adding_one_twice_is_one(contact, world):
    again = contacts.add("email", "ward.phone@example.org", by=world.nurse, at=NOW)
    assert (again, ContactTest.objects.count()) == (contact, 1)
    for n in range(5):
        contacts.add("email", f"{n}@example.org", by=world.nurse, at=NOW)

    with pytest.raises(InvalidInput):
        contacts.add("email", "7@example.org", by=world.nurse, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("channel", "address"), [("email", "nobody"), ("gateway", "unknown"), ("webhook", "x"), ("", "")]
)
def test_what_cannot_be_an_address_is_refused(world, channel, address):
    with pytest.raises(InvalidInput):
        contacts.add(channel, address, by=world.nurse, at=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["test", "end", "confirm"])
def test_nobody_touches_the_contact_of_another(contact, world, action):
    typed = ["000000"] if action == "confirm" else []
    with pytest.raises(NotFound):
        getattr(contacts, action)(contact.pk, *typed, by=world.charge_nurse, at=NOW)


@pytest.mark.django_db
def test_a_contact_that_has_ended_is_told_nothing_more(contact, world):
    contacts.confirm(contact.pk, deliver_test(contact), by=world.nurse, at=NOW)

    contacts.end(contact.pk, by=world.nurse, at=NOW)

    assert receivers.contacts_to_tell([world.nurse]) == []


@pytest.mark.django_db
def test_the_mail_of_the_account_is_not_told_twice(world):
    contact = contacts.add("email", world.nurse.email.upper(), by=world.nurse, at=NOW)
    contacts.confirm(contact.pk, deliver_test(contact), by=world.nurse, at=NOW)

    assert receivers.contacts_to_tell([world.nurse]) == []


# --- The page ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_by_page_from_adding_to_counting(client, world, settings):
    settings.GATEWAYS = {"pager": ("json://localhost",)}
    client.force_login(world.nurse)
    page = reverse("contacts")
    with time_machine.travel(NOW, tick=False):
        html = client.post(page, {"address": "me@example.org"}, follow=True).content.decode()
        assert "e-mail: me@example.org" in html
        assert "Not tested: no alert comes this way yet." in html
        assert "You cannot be put on the rota yet" in html
        contact = Contact.objects.get()
        action = reverse("contact_action", args=[contact.pk])
        wrong = client.post(action, {"action": "confirm", "code": "1"})
        assert (wrong.status_code, "Not the code of the last half hour" in wrong.content.decode()) == (400, True)
        done = client.post(action, {"action": "confirm", "code": deliver_test(contact)}, follow=True).content.decode()
        assert "Tested</strong> 2026-03-02 13:00 UTC" in done
        assert "Add gateway pager" in done
        client.post(page, {"gateway": "pager"})
        assert Contact.objects.filter(channel="gateway", user=world.nurse, address="pager").exists()
        client.post(action, {"action": "end"})
        assert "e-mail: me@example.org" not in client.get(page).content.decode()
    contact.refresh_from_db()
    assert contact.ended_at == NOW


@pytest.mark.django_db
def test_a_test_message_that_failed_says_so_on_the_page(client, world, contact):
    failed = outbox.claim(str(contact.tests.get().pk), at=NOW)
    outbox.mark_failed(failed, why="mail_550", at=NOW)
    client.force_login(world.nurse)

    html = client.get(reverse("contacts")).content.decode()

    assert contact.tests.get().state == DeliveryState.FAILED
    assert "failed, will be tried again (mail_550)" in html


@pytest.mark.long
@pytest.mark.django_db
def test_the_page_is_for_the_ward_and_shows_ones_own_only(client, world, contact):
    client.force_login(world.charge_nurse)
    assert "ward.phone@example.org" not in client.get(reverse("contacts")).content.decode()
    assert client.post(reverse("contact_action", args=[contact.pk]), {"action": "end"}).status_code == 404
    client.force_login(world.sponsor)
    assert client.get(reverse("contacts")).status_code == 404
    assert client.post(reverse("contacts"), {"address": "a@example.org"}).status_code == 404


@pytest.mark.long
def test_adding_and_ending_mails_nobody_for_ever(world):
    """Case M3: a stranger's address took as many messages as somebody had patience."""
    for turn in range(contacts.TESTS_A_DAY):
        one = contacts.add("email", f"stranger{turn % 3}@example.org", by=world.nurse, at=NOW + timedelta(minutes=turn))
        contacts.end(one.pk, by=world.nurse, at=NOW + timedelta(minutes=turn))
    late = NOW + timedelta(minutes=contacts.TESTS_A_DAY)

    with pytest.raises(contacts.TooManyTests):
        contacts.add("email", "stranger@example.org", by=world.nurse, at=late)
    assert not contacts.contacts_for(world.nurse).exists()  # nothing is kept of it
    assert contacts.add("email", "own@example.org", by=world.charge_nurse, at=late)
    assert contacts.add("email", "own@example.org", by=world.nurse, at=NOW + timedelta(days=1, minutes=1))
