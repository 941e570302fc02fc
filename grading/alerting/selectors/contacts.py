"""How a person is reached. Everybody sees her own contacts; the rota asks for people by their keys."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.errors import NotFound
from grading.models import Contact, ContactTest


def contacts_for(user: User) -> QuerySet[Contact]:
    """The user's own contacts that have not ended, each with its tests, the newest first."""
    tests = Prefetch("tests", ContactTest.objects.order_by("-queued_at"))
    return Contact.objects.filter(user=user, ended_at=None).prefetch_related(tests).order_by("pk")


def contact_for(user: User, contact_id: int) -> Contact:
    """One of the user's own. Raises NotFound."""
    contact = contacts_for(user).filter(pk=contact_id).first()
    if contact is None:
        raise NotFound("no_such_contact")
    return contact


def contacts_of(people: Iterable[int]) -> dict[int, list[Contact]]:
    """Key of a person -> contacts that have not ended, for rules.contacts.reachable. For services, not for pages."""
    by_person: dict[int, list[Contact]] = {pk: [] for pk in people}
    for contact in Contact.objects.filter(user__in=list(by_person), ended_at=None).order_by("pk"):
        by_person[contact.user_id].append(contact)
    return by_person
