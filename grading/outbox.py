"""How a message leaves: a row in the transaction of the fact, a hint to Celery, and a sweep behind both.

The row is the guarantee. A hint that is lost costs two seconds, a worker that dies costs its lease; neither
costs the message. At least once: a twin can happen and carries the same key.
"""

import logging
import uuid
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Role
from grading import hints
from grading.models import Alert, AlertState, Channel, Delivery, DeliveryState, Endpoint
from regimens.models import Membership

logger = logging.getLogger(__name__)

# --- The numbers ----------------------------------------------------------------------------------------------
# A claim lapses after twice the time that a channel may take (5 s), so a dead worker's message is taken over
# within lease + sweep (2 s) = 12 s.
LEASE = timedelta(seconds=10)
# Wait after the 1st, 2nd ... failed try; the last one repeats.
DELAYS = tuple(timedelta(seconds=s) for s in (5, 15, 45, 135, 300))
# Then the row is dead and an operator must look: 1 h 38 min after the first try, so that a mail server that
# is down for an hour loses nothing.
ATTEMPTS = 24
BATCH = 500  # rows that one sweep hands out
NURSES_FROM_GRADE = 2  # from here on the bedside is paged together with the investigator

_UNSENT = Q(state__in=[DeliveryState.QUEUED.value, DeliveryState.FAILED.value])


# --- In the transaction of the fact ---------------------------------------------------------------------------


def queue(alert: Alert, *, at: datetime) -> list[Delivery]:
    """A row for each message of this opening of the alert, and one hint when the transaction has committed.

    Queueing the same opening again adds nothing.
    """
    opening = alert.moves.filter(state=AlertState.OPEN.value).count()

    def row(channel: Channel, pk: int, **to: User | Endpoint) -> Delivery:
        key = f"alert:{alert.pk}:{opening}:{channel.value}:{pk}"
        return Delivery(key=key, alert=alert, channel=channel, queued_at=at, next_try_at=at, **to)

    rows = [row(Channel.EMAIL, person.pk, recipient=person) for person in people_to_tell(alert)]
    rows += [row(Channel.WEBHOOK, endpoint.pk, endpoint=endpoint) for endpoint in endpoints_to_tell(alert)]
    if not rows:
        logger.error("alert %s: nobody to tell, no investigator with an address and no endpoint", alert.pk)
        return []
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    kept = list(Delivery.objects.filter(key__in=[row.key for row in rows]))
    transaction.on_commit(partial(hints.deliver_soon, [str(row.pk) for row in kept]), robust=True)
    return kept


def people_to_tell(alert: Alert) -> QuerySet[User]:
    """The investigators of the site or of all sites, and from grade 2 the site's nurses.

    Where the site has no investigator who can be reached, every investigator of the study hears of it.
    """
    participant = alert.participant
    here = Q(site=None) | Q(site=participant.site_id)
    staff = Membership.objects.filter(
        study=participant.study_id, ended_at=None, user__is_active=True
    ).exclude(user__email="")  # fmt: skip
    investigators = staff.filter(role=Role.INVESTIGATOR.value)
    at_site = investigators.filter(here)
    told = at_site if at_site.exists() else investigators
    if alert.grade >= NURSES_FROM_GRADE:
        told = told | staff.filter(here, role__in=[Role.NURSE.value, Role.CHARGE_NURSE.value])
    return User.objects.filter(pk__in=told.values("user")).order_by("pk")


def endpoints_to_tell(alert: Alert) -> QuerySet[Endpoint]:
    """The active endpoints of the study, for all sites or for this one."""
    participant = alert.participant
    here = Q(site=None) | Q(site=participant.site_id)
    return Endpoint.objects.filter(here, study=participant.study_id, active=True).order_by("pk")


def drop(alert: Alert, *, at: datetime) -> None:
    """What has not left for this alert is not needed any more."""
    Delivery.objects.filter(_UNSENT, alert=alert).update(state=DeliveryState.DROPPED.value, claimed_until=None)


# --- For the worker -------------------------------------------------------------------------------------------


def _free(at: datetime) -> Q:
    """Unsent, due, and nobody's: never claimed, or by somebody whose lease is over."""
    return _UNSENT & Q(next_try_at__lte=at) & (Q(claimed_until=None) | Q(claimed_until__lte=at))


def due(*, at: datetime) -> list[str]:
    """The ids that a worker should take now, the longest waiting first."""
    waiting = Delivery.objects.filter(_free(at)).order_by("next_try_at").values_list("pk", flat=True)
    return [str(pk) for pk in waiting[:BATCH]]


def claim(delivery_id: str, *, at: datetime) -> Delivery | None:
    """The delivery, ours to send until the lease ends. None: sent, dropped, not due, another's, or unknown."""
    try:
        pk = uuid.UUID(delivery_id)
    except (ValueError, TypeError, AttributeError):
        logger.error("a message asked for a delivery that is no id")
        return None
    mine = Delivery.objects.filter(_free(at), pk=pk)
    if not mine.filter(attempts__lt=ATTEMPTS).update(
        claimed_at=at, claimed_until=at + LEASE, attempts=F("attempts") + 1
    ):
        # Every try ended with its worker: nobody was left to write the failure down.
        if mine.filter(attempts__gte=ATTEMPTS).update(state=DeliveryState.DEAD.value, claimed_until=None):
            logger.error("delivery %s: given up, an operator must look", pk)
        return None
    related = ("alert__participant__study", "alert__participant__site", "recipient", "endpoint")
    return Delivery.objects.select_related(*related).get(pk=pk)


def mark_sent(delivery: Delivery, *, at: datetime) -> None:
    """It has left: true also of a row that was dropped or taken over meanwhile."""
    rows = Delivery.objects.filter(pk=delivery.pk).exclude(state=DeliveryState.SENT.value)
    rows.update(state=DeliveryState.SENT.value, sent_at=at, claimed_until=None, failure="")


def mark_failed(delivery: Delivery, *, why: str, at: datetime) -> None:
    """Try again later, or give up after ATTEMPTS. `why` is a code; the lease ends at once.

    Nothing happens where another worker has taken the row over since.
    """
    dead = delivery.attempts >= ATTEMPTS
    state = DeliveryState.DEAD if dead else DeliveryState.FAILED
    ours = Delivery.objects.filter(_UNSENT, pk=delivery.pk, attempts=delivery.attempts)
    next_try_at = at + delay_after(delivery.attempts)
    if not ours.update(state=state.value, claimed_until=None, next_try_at=next_try_at, failure=why[:200]):
        return
    if dead:
        logger.error("delivery %s: given up after %d tries (%s)", delivery.pk, delivery.attempts, why)
    else:
        logger.warning("delivery %s: try %d failed (%s)", delivery.pk, delivery.attempts, why)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many failed tries."""
    return DELAYS[min(attempts, len(DELAYS)) - 1]


# --- For the health check -------------------------------------------------------------------------------------


def oldest_due(*, at: datetime) -> datetime | None:
    """Since when the longest waiting message could have been taken. None: none waits. Old: nobody sweeps."""
    first: datetime | None = Delivery.objects.filter(_free(at)).aggregate(first=Min("next_try_at"))["first"]
    return first


def oldest_unsent() -> datetime | None:
    """When the oldest message that has not left was queued, also while its channel is down. None: all have left."""
    first: datetime | None = Delivery.objects.filter(_UNSENT).aggregate(first=Min("queued_at"))["first"]
    return first
