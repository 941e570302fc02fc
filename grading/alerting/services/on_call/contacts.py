"""Add, test and end the ways in which a person is reached. One counts once its code was typed in."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, InvalidInput
from grading.alerting.delivery import outbox
from grading.alerting.delivery.channels import CHANNELS
from grading.alerting.delivery.contact_codes import is_code_of
from grading.alerting.selectors.contacts import contact_for, contacts_for
from grading.models import Channel, Contact, ContactTest

# Against a page that mails strangers at will, and against guessing a code of six digits (5 of 1,000,000).
CONTACTS_EACH = 6
TEST_EVERY = timedelta(minutes=1)
TESTS_A_DAY = 20  # of one person, to whatever address: adding and ending in turn would mail anybody for ever
CODE_LASTS = timedelta(minutes=30)
WRONG_CODES = 5


class TooSoon(DomainError):
    """Wait before the next test message."""

    code = "too_soon"


class TooManyTests(TooSoon):
    """Enough for a day."""

    status = 429
    code = "too_many_tests"


@transaction.atomic
def add(channel: str, address: str, *, by: User, at: datetime) -> Contact:
    """A contact of one's own, and its first test message. Adding it twice changes nothing.

    Raises InvalidInput, TooManyTests.
    """
    address = address.strip()
    row = CHANNELS.get(Channel(channel)) if channel in Channel.values else None
    if row is None or row.check_address is None:
        raise InvalidInput.at("address", "no_such_gateway")
    row.check_address(address)
    if known := contacts_for(by).filter(channel=channel, address=address).first():
        return known
    check_number(by)
    with acting(by=by, reason="contact added"):
        contact = Contact.objects.create(user=by, channel=channel, address=address, added_at=at)
    send_test(contact, at=at)
    return contact


def check_number(user: User) -> None:
    """Raises InvalidInput where she has as many as she may."""
    if contacts_for(user).count() >= CONTACTS_EACH:
        raise InvalidInput("too_many_contacts", n=CONTACTS_EACH)


@transaction.atomic
def test(contact_id: int, *, by: User, at: datetime) -> None:
    """Another test message. Raises NotFound, TooSoon, TooManyTests."""
    contact = contact_for(by, contact_id)
    if contact.tests.filter(queued_at__gt=at - TEST_EVERY).exists():
        raise TooSoon("test_too_soon")
    send_test(contact, at=at)


def send_test(contact: Contact, *, at: datetime) -> None:
    """Raises TooManyTests."""
    User.objects.select_for_update(no_key=True).get(pk=contact.user_id)  # of two at once the second sees the first
    if (
        ContactTest.objects.filter(contact__user=contact.user_id, queued_at__gt=at - timedelta(days=1)).count()
        >= TESTS_A_DAY
    ):
        raise TooManyTests("too_many_tests", n=TESTS_A_DAY)
    # Two requests in the same minute ask for the same message.
    key = f"test:{contact.pk}:{int(at.timestamp() // TEST_EVERY.total_seconds())}"
    outbox.leave([ContactTest(key=key, contact=contact, queued_at=at, next_try_at=at)])


def confirm(contact_id: int, code: str, *, by: User, at: datetime) -> Contact:
    """The code of a test message arrived. Raises NotFound; InvalidInput for a wrong or an old code."""
    contact = contact_for(by, contact_id)
    tests = contact.tests.filter(queued_at__gt=at - CODE_LASTS, wrong_codes__lt=WRONG_CODES)
    code = "".join(code.split())
    if not any(is_code_of(one, code) for one in tests):
        tests.update(wrong_codes=F("wrong_codes") + 1)
        raise InvalidInput.at("code", "wrong_test_code")
    with acting(by=by, reason="test message confirmed"):
        Contact.objects.filter(pk=contact.pk, tested_at=None).update(tested_at=at)
    contact.refresh_from_db()
    return contact


def end(contact_id: int, *, by: User, at: datetime) -> None:
    """It is used no more. Raises NotFound."""
    contact = contact_for(by, contact_id)
    with transaction.atomic(), acting(by=by, reason="contact ended"):
        Contact.objects.filter(pk=contact.pk, ended_at=None).update(ended_at=at)
        if contact.channel == Channel.PUSH:  # a mail may still arrive, a browser's screen is seen by others
            outbox.drop_waiting(contact)
