"""Stand-downs as rows of the outbox: to whom, and when one may leave. The rule is rules/alerting/stand_down.py.

A stand-down never overtakes its page: it waits until that has left, or is known never to leave. A page that a worker
held when it was dropped may have left all the same; then the stand-down leaves too, once that worker's lease is over.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from crsmonitor.accounts.models import User
from grading.models import LEFT, UNSENT, Alert, Channel, Delivery, DeliveryState, Purpose
from grading.rules.alerting.lifecycle import WAITING
from grading.rules.alerting.stand_down import Message, Way, Why, to_stand_down
from regimens.models import Membership

LOOK_AGAIN = timedelta(seconds=2)  # at least, for a page that has not left
# It left, or a worker held it when it was dropped and nobody knows.
MAY_HAVE_LEFT = Q(state__in=LEFT) | Q(state=DeliveryState.DROPPED.value, claimed_until__isnull=False)


def rows(
    alert: Alert, *, why: Why, by: User | None, but: Collection[int], drug_class: str, at: datetime
) -> list[Delivery]:
    """Unsaved: one for each way by which somebody was paged and still is to be reached."""
    sent = Delivery.objects.filter(MAY_HAVE_LEFT | Q(state__in=UNSENT), alert=alert)
    open_ways = Q(recipient=None) | Q(recipient__is_active=True)
    in_use = Q(endpoint=None) | Q(endpoint__active=True)
    reached = list(sent.filter(open_ways, in_use, Q(contact=None) | Q(contact__ended_at=None)).order_by("queued_at"))
    ways = to_stand_down(map(_message, reached), why=why, but=but)
    role = "" if by is None else role_of(by, alert)
    return [_row(alert, way, why=why, role=role, drug_class=drug_class, at=at) for way in ways]


def _row(alert: Alert, way: Way, *, why: Why, role: str, drug_class: str, at: datetime) -> Delivery:
    whom = f"contact{way.contact}" if way.contact else way.recipient or way.endpoint
    return Delivery(
        key=f"alert:{alert.pk}:{alert.occurrence}:stand_down:{why.value}:{way.channel}:{whom}",
        alert=alert, purpose=Purpose.STAND_DOWN, occurrence=alert.occurrence, why=why.value, by_role=role,
        drug_class=drug_class, channel=way.channel, recipient_id=way.recipient, contact_id=way.contact,
        endpoint_id=way.endpoint, queued_at=at, next_try_at=at,
    )  # fmt: skip


def _way(row: Delivery) -> Way:
    return Way(
        channel=row.channel, recipient=row.recipient_id, contact=row.contact_id, endpoint=row.endpoint_id,
        machine=row.channel == Channel.WEBHOOK,
    )  # fmt: skip


def _message(row: Delivery) -> Message:
    return Message(way=_way(row), occurrence=row.occurrence, why=Why(row.why) if row.why else None)


def role_of(user: User, alert: Alert) -> str:
    """What this person is at the participant's site: messages say that, and no name. Empty: nothing any more."""
    participant = alert.participant
    here = Q(site=None) | Q(site=participant.site_id)
    mine = Membership.objects.filter(here, user=user, study=participant.study_id, ended_at=None).order_by("pk")
    return mine.values_list("role", flat=True).first() or ""


# --- For the worker that has claimed one ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a stand-down may leave: now; not before `until`; or (`until` None) never."""

    now: bool
    until: datetime | None = None


def verdict(row: Delivery, *, at: datetime) -> Verdict:
    """Never: the alert waits again, or its page never left."""
    alert = row.alert
    if alert.occurrence != row.occurrence or alert.state in WAITING:
        return Verdict(now=False)
    pages = _pages_of(row)
    held = [until for page in pages if (until := _held_until(page)) is not None]
    waits = [page.claimed_until or page.next_try_at for page in pages if page.state in UNSENT]
    waits += [until for until in held if until > at]
    if waits:
        return Verdict(now=False, until=max(at + LOOK_AGAIN, min(waits)))
    return Verdict(now=bool(held) or any(page.state in LEFT for page in pages))


def _held_until(page: Delivery) -> datetime | None:
    """Dropped while a worker had it: until when it may still be sent. None: it is not."""
    return page.claimed_until if page.state == DeliveryState.DROPPED else None


def _pages_of(row: Delivery) -> Sequence[Delivery]:
    pages: Iterable[Delivery] = Delivery.objects.filter(
        alert=row.alert_id, purpose=Purpose.PAGE.value, channel=row.channel, recipient=row.recipient_id,
        contact=row.contact_id, endpoint=row.endpoint_id,
    )  # fmt: skip
    return list(pages)
