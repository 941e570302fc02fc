"""How a message leaves: a row in the transaction of the fact, a hint to Celery, and a sweep behind both.

The row is the guarantee. A hint that is lost costs two seconds, a worker that dies costs its lease; neither
costs the message. At least once: a twin can happen and carries the same key.
"""

import logging
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.database.rows import add
from grading.alerting.delivery import hints, holds, lanes, own_pages
from grading.alerting.delivery import outages as troubles
from grading.alerting.delivery.callees import Callees
from grading.alerting.delivery.messages import KINDS
from grading.alerting.services import standing_down
from grading.models import (
    UNSENT,
    Alert,
    Channel,
    Contact,
    ContactTest,
    Delivery,
    DeliveryState,
    DrillMessage,
    Endpoint,
    OperatorNote,
    Outgoing,
    Purpose,
    may_leave,
)
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.alerting.stand_down import ENDS, Why
from grading.rules.alerting.watchdog import CLOCK_OFFSET

M = TypeVar("M", bound=Outgoing)

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
BATCH = 500  # rows of a kind that one sweep hands out

# Alerts in these states still want their messages.
STILL_TOLD = tuple(state.value for state in STANDING)
_UNSENT = Q(state__in=UNSENT)


# --- In the transaction of the fact ---------------------------------------------------------------------------


def pages(alert: Alert, *, people: Sequence[User], callees: Callees, escalation: int, due: datetime) -> list[Delivery]:
    """Unsaved: one for each message of this occurrence of the alert.

    `due`: from when on it is waited for, so that a worker that came late is seen to, and what a restore held is held.
    """
    occurrence = f"{alert.occurrence}.{escalation}" if escalation else str(alert.occurrence)

    def row(channel: Channel, whom: int | str, **to: User | Endpoint | Contact) -> Delivery:
        key = f"alert:{alert.pk}:{occurrence}:{channel.value}:{whom}"
        return Delivery(
            key=key, alert=alert, occurrence=alert.occurrence, channel=channel, queued_at=due, next_try_at=callees.at,
            **to,
        )  # fmt: skip

    rows = [row(Channel.EMAIL, person.pk, recipient=person) for person in people if person.email]
    rows += [
        row(Channel(contact.channel), f"contact{contact.pk}", recipient=contact.user, contact=contact)
        for contact in callees.contacts(people)
    ]
    rows += [row(one.channel, one.pk, endpoint=one) for one in callees.endpoints(alert.participant)]
    if not rows:
        logger.error("alert %s: nobody to tell, no investigator with an address and no endpoint", alert.pk)
    return rows


def queue(rows: Sequence[Delivery], *, at: datetime) -> None:
    """Keep these pages, and one hint when the transaction has committed. A key that is there already adds nothing."""
    if rows:
        own = own_pages.current()
        mine = own.claim(rows, at) if own is not None else []
        added = add(rows)
        if own is not None and mine:
            transaction.on_commit(partial(own.mine.extend, [row for row in mine if row.pk in added]))
        keys = {row.pk for row in mine}
        _hurry([row for row in rows if row.pk not in keys])  # one that was there already is found under its own id


def leave(rows: Sequence[M]) -> list[M]:
    """Keep the rows and hurry them once the transaction has committed; one whose key is there already adds nothing.

    All of one kind. Returns what is kept under these keys.
    """
    kind = type(rows[0])
    kind._default_manager.bulk_create(rows, ignore_conflicts=True)
    kept = list(kind._default_manager.filter(key__in=[row.key for row in rows]))
    _hurry(kept)
    return kept


def _hurry(rows: Sequence[Outgoing]) -> None:
    if rows:
        ids, of_alerts = [str(row.pk) for row in rows], isinstance(rows[0], Delivery)
        transaction.on_commit(partial(hints.deliver_soon, ids, of_alerts=of_alerts), robust=True)


def stand_down(
    alert: Alert, *, why: Why, by: User | None, but: Collection[int] = (), drug_class: str = "", at: datetime
) -> list[Delivery]:
    """Say to whoever was paged that nobody needs to come any more, on the same way and once.

    `by`: whose act it was, who hears nothing of it, nor does anybody of `but` (keys). An earlier word that has not
    left is not needed any more; nor is a page, where the alert has ended.
    """
    unsent = Delivery.objects.filter(_UNSENT, alert=alert)
    if why not in ENDS:
        unsent = unsent.filter(purpose=Purpose.STAND_DOWN.value)
    # A lease stays: who holds a dropped page may have sent it, which standing_down.verdict waits for.
    unsent.update(state=DeliveryState.DROPPED.value)
    known = {*but, *([] if by is None else [by.pk])}
    rows = standing_down.rows(alert, why=why, by=by, but=known, drug_class=drug_class, at=at)
    return leave(rows) if rows else []


# --- For the worker -------------------------------------------------------------------------------------------


def is_free(at: datetime) -> Q:
    """Unsent, due, held by no restore, and nobody's: never claimed, or by somebody whose lease is over.

    A time further ahead than we ever write one is of a clock that was put back since: nobody waits for it.
    """
    is_due = Q(next_try_at__lte=at) | Q(next_try_at__gt=at + DELAYS[-1] + CLOCK_OFFSET)
    is_nobodys = Q(claimed_until=None) | Q(claimed_until__lte=at) | Q(claimed_until__gt=at + LEASE + CLOCK_OFFSET)
    return _UNSENT & is_due & is_nobodys & Q(~holds.is_held())


def due(*, at: datetime) -> list[str]:
    """The ids that a worker should take now, alerts first and the longest waiting of each kind first."""
    return due_of_alerts(at=at) + due_of_others(at=at)


def due_of_alerts(*, at: datetime) -> list[str]:
    return _due(Delivery, at=at)


def due_of_others(*, at: datetime) -> list[str]:
    return [pk for kind in KINDS if kind is not Delivery for pk in _due(kind, at=at)]


def _due(kind: type[Outgoing], *, at: datetime) -> list[str]:
    waiting = kind._default_manager.filter(is_free(at)).order_by("next_try_at").values_list("pk", flat=True)
    return [str(pk) for pk in waiting[:BATCH]]


def claim(message_id: str, *, at: datetime) -> Outgoing | None:
    """The message, ours to send until the lease ends. None: sent, dropped, not due, another's, or unknown."""
    try:
        pk = uuid.UUID(message_id)
    except (ValueError, TypeError, AttributeError):
        logger.error("a message asked for a delivery that is no id")
        return None
    for kind in KINDS:
        if claimed := _claim(kind, pk, at=at):
            return claimed
        if kind._default_manager.filter(pk=pk).exists():  # of this kind, and not ours: no need to ask the others
            return None
    return None


def taken(mine: QuerySet[M], *, at: datetime) -> int:
    """How many of these were claimed."""
    columns = {"state": DeliveryState.SENDING.value, "claimed_at": at, "claimed_until": at + LEASE}
    return mine.filter(attempts__lt=ATTEMPTS).update(**columns, attempts=F("attempts") + 1)


def _claim(kind: type[Outgoing], pk: uuid.UUID, *, at: datetime) -> Outgoing | None:
    rows = kind._default_manager
    mine = rows.filter(is_free(at), pk=pk)
    if taken(mine, at=at):
        message = rows.select_related(*kind.sending_reads).get(pk=pk)
        return message if _may_leave_now(message, at=at) and has_its_turn(message, at=at) else None
    if not mine.exists():
        return None
    # Every try ended with its worker: nobody was left to write the failure down.
    with transaction.atomic():
        if mine.filter(attempts__gte=ATTEMPTS).update(state=DeliveryState.DEAD.value, claimed_until=None):
            logger.error("delivery %s: given up, an operator must look", pk)
            _tell_of(rows.get(pk=pk), why="worker_died", dead=True, at=at)
    return None


def _may_leave_now(message: Outgoing, *, at: datetime) -> bool:
    """Whether it is a page, or a stand-down whose page has left. Else it waits, or is not needed."""
    if not isinstance(message, Delivery) or message.purpose == Purpose.PAGE:
        return True
    verdict = standing_down.verdict(message, at=at)
    if not verdict.now:
        if verdict.until is not None:
            put_back(message, until=verdict.until)
        else:
            ours = Delivery.objects.filter(pk=message.pk, state=DeliveryState.SENDING.value, attempts=message.attempts)
            ours.update(state=DeliveryState.DROPPED.value, claimed_until=None)
    return verdict.now


def has_its_turn(message: Outgoing, *, at: datetime) -> bool:
    """Whether its receiver is not known to keep callers waiting, or it is the one that tries. Else it waits."""
    until = lanes.wait_until(message, at=at)
    if until is not None:
        put_back(message, until=until)
    return until is None


def put_back(message: Outgoing, *, until: datetime) -> None:
    """It was claimed and not tried: it waits until then, and that was no try."""
    ours = type(message)._default_manager.filter(
        pk=message.pk, state=DeliveryState.SENDING.value, attempts=message.attempts
    )
    ours.update(state=DeliveryState.QUEUED.value, claimed_until=None, next_try_at=until, attempts=F("attempts") - 1)


def mark_sent(message: Outgoing, *, at: datetime, proven: bool = False) -> None:
    """It has left: true also of a row that was dropped or taken over meanwhile. `proven`: the receiver has it."""
    mark_all_sent([message], at=at, proven=proven)


def mark_all_sent(messages: Sequence[Outgoing], *, at: datetime, proven: bool = False) -> None:
    """The same of several of one kind."""
    to = DeliveryState.DELIVERED if proven else DeliveryState.SENT
    kind, keys = type(messages[0]), [one.pk for one in messages]
    kind._default_manager.filter(pk__in=keys, state__in=may_leave(to)).update(
        state=to.value, sent_at=at, delivered_at=at if proven else None, claimed_until=None, failure=""
    )
    for delivery in troubles.ended_by([one for one in messages if isinstance(one, Delivery)]):
        _leave_all(troubles.works_again(delivery, at=at))


def mark_failed(message: Outgoing, *, why: str, at: datetime) -> None:
    """Try again later, or give up after ATTEMPTS. `why` is a code; the lease ends at once.

    Nothing happens where another worker has taken the row over since.
    """
    dead = message.attempts >= ATTEMPTS
    state = DeliveryState.DEAD if dead else DeliveryState.FAILED
    rows = type(message)._default_manager.filter(state__in=may_leave(state))
    with transaction.atomic():
        ours = rows.filter(pk=message.pk, attempts=message.attempts)
        next_try_at = at + delay_after(message.attempts)
        if not ours.update(state=state.value, claimed_until=None, next_try_at=next_try_at, failure=why[:200]):
            _never_left(message, why=why)
            return
        _tell_of(message, why=why, dead=dead, at=at)
    if dead:
        logger.error("delivery %s: given up after %d tries (%s)", message.pk, message.attempts, why)
    else:
        logger.warning("delivery %s: try %d failed (%s)", message.pk, message.attempts, why)


def drop_gone(message: Outgoing, *, why: str) -> None:
    """Its receiver takes nothing any more: no further try, and no channel that operators could mend."""
    ours = type(message)._default_manager.filter(pk=message.pk, state=DeliveryState.SENDING.value)
    ours.update(state=DeliveryState.DROPPED.value, claimed_until=None, failure=why[:200])


def drop_waiting(contact: Contact) -> None:
    """What has not left by a way that is used no more."""
    for kind in (Delivery, ContactTest, DrillMessage):
        waiting = kind._default_manager.filter(_UNSENT, contact=contact)
        waiting.exclude(state=DeliveryState.SENDING.value).update(state=DeliveryState.DROPPED.value)


def _never_left(message: Outgoing, *, why: str) -> None:
    """Of one that was dropped while it was being sent: whoever it was for needs no stand-down."""
    dropped = type(message)._default_manager.filter(pk=message.pk, state=DeliveryState.DROPPED.value)
    dropped.filter(attempts=message.attempts).update(claimed_until=None, failure=why[:200])


def _tell_of(message: Outgoing, *, why: str, dead: bool, at: datetime) -> None:
    if isinstance(message, Delivery):
        _leave_all(troubles.failed(message, why=why, dead=dead, at=at))


def _leave_all(notes: list[OperatorNote]) -> None:
    if notes:
        leave(notes)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many failed tries."""
    return DELAYS[min(attempts, len(DELAYS)) - 1]


# --- For the operator -----------------------------------------------------------------------------------------


def revive(dead: QuerySet[Delivery], *, reason: str, at: datetime) -> tuple[int, int]:
    """Queue given-up messages again from the first try; drop those whose alert waits for nobody any more.

    The reason stays on the row. Returns how many were queued and how many dropped.
    """
    dead = dead.filter(state=DeliveryState.DEAD.value)
    still = Q(alert__state__in=STILL_TOLD) | Q(purpose=Purpose.STAND_DOWN.value)
    wanted = list(dead.filter(still).values_list("pk", flat=True))
    others = list(dead.exclude(still).values_list("pk", flat=True))
    rows, why = Delivery.objects.filter(state=DeliveryState.DEAD.value), reason[:200]
    dropped = rows.filter(pk__in=others).update(state=DeliveryState.DROPPED.value, revived_because=why)
    queued = rows.filter(pk__in=wanted).update(
        state=DeliveryState.QUEUED.value, attempts=0, next_try_at=at, claimed_until=None, revived_because=why
    )
    transaction.on_commit(partial(hints.deliver_soon, [str(pk) for pk in wanted], of_alerts=True), robust=True)
    return queued, dropped


# --- For the health check -------------------------------------------------------------------------------------


def oldest_due(*, at: datetime) -> datetime | None:
    """Since when the longest waiting message could have been taken. None: none waits. Old: nobody sweeps."""
    firsts = [kind._default_manager.filter(is_free(at)).aggregate(first=Min("next_try_at"))["first"] for kind in KINDS]
    return min((first for first in firsts if first is not None), default=None)
