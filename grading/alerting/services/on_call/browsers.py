"""A person's own browser as a contact: subscribed there, and withdrawn when she leaves it or it takes no more."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, NotFound
from grading.alerting.delivery import outbox
from grading.alerting.delivery.channels.push import form, vapid
from grading.alerting.selectors.contacts import contacts_for, subscription_in
from grading.alerting.services.on_call.contacts import check_number, send_test
from grading.models import Channel, Contact, ContactNote, Outgoing, PushSubscription


@transaction.atomic
def subscribe(subscription: Any, *, browser: str, by: User, at: datetime) -> Contact:
    """What the browser gave, as a contact of hers, and its first test message. The same again changes nothing.

    `browser`: the key in its cookie. Whoever had subscribed in it before has no more of it. Raises InvalidInput.
    """
    if not vapid.is_set():
        raise InvalidInput("push_not_here")
    endpoint, p256dh, auth = form.checked(subscription)
    name = form.name_of(endpoint)
    here = Q(push__browser=PushSubscription.digest_of(browser)) | Q(address=name)
    known = contacts_for(by).filter(channel=Channel.PUSH.value, address=name).first()
    others = _open().filter(here).exclude(pk=0 if known is None else known.pk)
    withdraw(others, by=by, reason="another subscription", at=at)
    if known is not None:
        return known
    check_number(by)
    with acting(by=by, reason="browser subscribed"):
        contact = Contact.objects.create(user=by, channel=Channel.PUSH.value, address=name, added_at=at)
        PushSubscription.objects.create(
            contact=contact, sealed=PushSubscription.sealed_of(endpoint, p256dh, auth),
            browser=PushSubscription.digest_of(browser),
        )  # fmt: skip
    send_test(contact, at=at)
    return contact


@transaction.atomic
def renew(subscription: Any, *, browser: str, by: User, at: datetime) -> Contact:
    """Another subscription of the browser in which she has one, in place of the one that it changed or lost.

    It is as tested as that one was (docs/conventions.md). Raises NotFound where she has none in this browser.
    """
    earlier = subscription_in(browser, by)
    if earlier is None or not vapid.is_set():
        raise NotFound("no_such_contact")
    endpoint, p256dh, auth = form.checked(subscription)
    name = form.name_of(endpoint)
    if earlier.gone_at is None and earlier.contact.address == name:
        return earlier.contact
    withdraw(_open().filter(Q(pk=earlier.contact_id) | Q(address=name)), by=by, reason="subscription renewed", at=at)
    with acting(by=by, reason="subscription renewed"):
        contact = Contact.objects.create(
            user=by, channel=Channel.PUSH.value, address=name, added_at=at, tested_at=earlier.contact.tested_at
        )
        PushSubscription.objects.create(
            contact=contact, sealed=PushSubscription.sealed_of(endpoint, p256dh, auth), browser=earlier.browser
        )
    if contact.tested_at is None:
        send_test(contact, at=at)
    return contact


def _open() -> QuerySet[Contact]:
    return Contact.objects.filter(channel=Channel.PUSH.value, ended_at=None)


def withdraw(contacts: QuerySet[Contact], *, by: User | str, reason: str, at: datetime) -> None:
    """They are used no more, and what has not left is dropped."""
    with transaction.atomic(), acting(by=by, reason=reason):
        for contact in contacts.select_for_update(of=("self",)):
            Contact.objects.filter(pk=contact.pk).update(ended_at=at)
            outbox.drop_waiting(contact)


def leave(browser: str, *, by: User, at: datetime) -> None:
    """Somebody signs out: nothing comes to this browser any more, whoever had subscribed in it."""
    withdraw(_in(browser), by=by, reason="signed out", at=at)


def arrive(browser: str, *, by: User, at: datetime) -> None:
    """Somebody signs in: what others subscribed in this browser is over."""
    withdraw(_in(browser).exclude(user=by), by=by, reason="another signed in", at=at)


def keep_one(browser: str, *, by: User, at: datetime) -> None:
    """She ends all her other sessions: her other browsers get nothing more."""
    withdraw(_open().filter(user=by).exclude(pk__in=_in(browser).values("pk")), by=by, reason="sessions ended", at=at)


def _in(browser: str) -> QuerySet[Contact]:
    """Empty without a key."""
    return _open().filter(push__browser=PushSubscription.digest_of(browser)) if browser else Contact.objects.none()


def gone(message: Outgoing, *, why: str, at: datetime) -> None:
    """The browser takes no more: its contact is over, and its owner is told by mail, once."""
    contact = getattr(message, "contact", None)
    with transaction.atomic():
        outbox.drop_gone(message, why=why)
        if contact is None or not _open().filter(pk=contact.pk).exists():
            return
        withdraw(_open().filter(pk=contact.pk), by="push service", reason="subscription gone", at=at)
        PushSubscription.objects.filter(contact=contact).update(gone_at=at)
        if contact.user.email:
            outbox.leave([ContactNote(key=f"gone:{contact.pk}", contact=contact, queued_at=at, next_try_at=at)])
