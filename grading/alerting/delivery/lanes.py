"""A receiver that keeps its callers waiting must not keep the alerts of others from leaving.

Whoever takes a call and does not answer holds a worker for the whole time-out; three alerts a second hold all there
are. So the way to a receiver that was slow becomes narrow: one message at a time, after a rest where it did not answer
at all, and never two narrow ways tried at once. One quick answer, good or bad, makes it wide again.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from django.db.models import CharField, Q

from crsmonitor.database.question import OneOf, Question
from grading.alerting.delivery.messages import destination_of
from grading.models import Channel, Delivery, DeliveryState, Lane, Outgoing
from grading.rules.alerting.watchdog import CLOCK_OFFSET

logger = logging.getLogger(__name__)

# Of a call that may take 5 s: so long is slow, whatever came of it. A mail server may well need a second or two.
SLOW = timedelta(seconds=4)
# After the 1st, 2nd ... slow try that brought nothing; the last one repeats.
REST = tuple(timedelta(seconds=s) for s in (5, 10, 20, 30))
LOOK_AGAIN = timedelta(seconds=2)  # where another is being tried: with the next sweep
TRY_LASTS = timedelta(seconds=10)  # the lease of a message: then its worker is dead


def lane_of(message: Outgoing) -> str | None:
    """The name of the way to its receiver. None: our own beacon."""
    return destination_of(message).lane or None


def _deliveries_in(name: str) -> Q:
    kind, _, whom = name.partition(":")
    if kind == "webhook":
        return Q(endpoint=int(whom))
    if kind == "gateway":
        return Q(endpoint__gateway=whom) | Q(contact__channel=Channel.GATEWAY.value, contact__address=whom)
    if kind == "push":
        return Q(contact__channel=Channel.PUSH.value, contact__address__startswith=f"{whom} ")
    return Q(channel=Channel.EMAIL.value)


def wait_until(message: Outgoing, *, at: datetime) -> datetime | None:
    """None: it may leave now. Else when to come again: its receiver is slow, and another message is tried first."""
    name = lane_of(message)
    lane = Lane.objects.filter(name=name).exclude(waits=0).first() if name else None
    if lane is None:
        return None
    ahead = lane.open_at - at
    if timedelta() < ahead <= REST[-1] + CLOCK_OFFSET:  # further ahead: written before the clock was put back
        return lane.open_at
    others = Lane.objects.exclude(name=name).exclude(waits=0)
    if others.filter(tried_until__gt=at, tried_until__lte=at + TRY_LASTS).exists():
        return at + LOOK_AGAIN
    mine = Lane.objects.filter(name=name, open_at=lane.open_at)
    return None if mine.update(open_at=at + TRY_LASTS, tried_until=at + TRY_LASTS) else at + LOOK_AGAIN


def narrow_among(names: Collection[str | None]) -> set[str]:
    """Those of these ways that are narrow."""
    return set(_NARROW.all(names=[one for one in names if one is not None]))


_NARROW = Question(
    lambda names: Lane.objects.filter(OneOf("name", names, CharField())).exclude(waits=0).values_list("name", flat=True)
)


def tried(message: Outgoing, *, took: timedelta, came: bool, at: datetime) -> None:
    """What a try has shown. `came`: the receiver has taken it."""
    tried_all([(message, took, came)], at=at)


def tried_all(tries: Iterable[tuple[Outgoing, timedelta, bool]], *, at: datetime) -> None:
    """The same of several that ended together: each way is found slow once, whatever else came by it."""
    slow: dict[str, bool] = {}
    quick: set[str] = set()
    for message, took, came in tries:
        name = lane_of(message)
        if name is None:
            continue
        if took >= SLOW:
            slow[name] = slow.get(name, False) or came
        else:
            quick.add(name)
    for name, came in slow.items():
        _narrow(name, came=came, at=at)
    for name in narrow_among(quick - slow.keys()) if quick - slow.keys() else ():
        _widen(name, at=at)


def _widen(name: str, *, at: datetime) -> None:
    if Lane.objects.filter(name=name).exclude(waits=0).update(waits=0, tried_until=None):
        # What waited for its turn is found by the next sweep.
        waiting = Delivery.objects.filter(_deliveries_in(name), state=DeliveryState.QUEUED.value, next_try_at__gt=at)
        waiting.update(next_try_at=at)
        logger.warning("lane %s: answers quickly again", name)


def _narrow(name: str, *, came: bool, at: datetime) -> None:
    lane, is_new = Lane.objects.get_or_create(name=name, defaults={"waits": 1, "open_at": at})
    waits = 1 if is_new else lane.waits + 1
    rest = timedelta() if came else REST[min(waits, len(REST)) - 1]
    Lane.objects.filter(name=name).update(waits=waits, open_at=at + rest, tried_until=None)
    if waits == 1:
        logger.warning("lane %s: slow, one message at a time from now on", name)
