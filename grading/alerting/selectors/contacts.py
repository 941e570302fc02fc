"""How a person is reached. Everybody sees her own contacts; the rota asks for people by their keys."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Greatest

from crsmonitor.accounts.models import User
from crsmonitor.database.question import ReaderQuestion
from crsmonitor.errors import NotFound
from grading.models import Contact, ContactTest, Delivery, PushSubscription

GONE_SHOWN = timedelta(days=30)


def contacts_for(user: User) -> QuerySet[Contact]:
    """The user's own contacts that have not ended, each with its tests, the newest first."""
    tests = Prefetch("tests", ContactTest.objects.order_by("-queued_at"))
    return Contact.objects.filter(user=user, ended_at=None).prefetch_related(tests).order_by("pk")


def with_last_sent(contacts: QuerySet[Contact]) -> QuerySet[Contact]:
    """`last_sent`: when a message of an alert or a test was taken last for each; None: none was yet."""
    return contacts.annotate(last_sent=Greatest(_last_of(Delivery), _last_of(ContactTest)))


def _last_of(kind: type[Delivery] | type[ContactTest]) -> Subquery:
    left = kind._default_manager.filter(contact=OuterRef("pk"), sent_at__isnull=False)
    return Subquery(left.order_by("-sent_at").values("sent_at")[:1])


def subscription_in(browser: str, user: User) -> PushSubscription | None:
    """Her newest in the browser with this key. None: she has none there, or ended it herself."""
    if not browser:
        return None
    hers = PushSubscription.objects.filter(contact__user=user, browser=PushSubscription.digest_of(browser))
    newest = hers.select_related("contact").order_by("-pk").first()
    if newest is None or (newest.contact.ended_at is not None and newest.gone_at is None):
        return None
    return newest


def _gone(user: User, since: datetime) -> QuerySet[PushSubscription]:
    hers = PushSubscription.objects.filter(contact__user=user)
    open_ = hers.filter(contact__ended_at=None).values("browser")
    gone = hers.filter(gone_at__gt=since).exclude(browser__in=open_)
    return gone.select_related("contact").order_by("gone_at")


_GONE = ReaderQuestion[PushSubscription](_gone)


def gone_for(user: User, *, at: datetime) -> list[PushSubscription]:
    """Of her browsers that take no message any more since lately, unless she has subscribed there again."""
    return _GONE.all(user, since=at - GONE_SHOWN)


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
