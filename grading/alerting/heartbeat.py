"""Signs of life: the sweep's own row, and a beacon that goes the way of an alert. Two at once do no harm."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max, Q

from grading.alerting.delivery import outbox
from grading.models import UNSENT, Beacon, DeliveryState, Heartbeat
from grading.rules.alerting.watchdog import CLOCK_OFFSET

SWEEP = "sweep"
CLOCK = "clock:"  # and the name of the worker's machine
BEACON_EVERY = timedelta(seconds=60)
# Two ticks a minute apart never share a piece of this length, and two beats that race for a piece send once.
BEACON_PIECE = timedelta(seconds=30)
BEACONS_KEPT = timedelta(days=1)  # every board reads them all


def beat(*, at: datetime) -> None:
    """The sweep ran at `at`; a beacon leaves where the last one left a minute ago.

    What lies ahead of `at` is of a clock that was put back since: it must not pass for a sign of life until then.
    """
    ahead = at + CLOCK_OFFSET
    if not Heartbeat.objects.filter(Q(at__lte=at) | Q(at__gt=ahead), name=SWEEP).update(at=at):
        Heartbeat.objects.bulk_create([Heartbeat(name=SWEEP, at=at)], ignore_conflicts=True)
    newest = Beacon.objects.aggregate(newest=Max("queued_at"))["newest"]
    if newest is None or not at - BEACON_EVERY < newest <= ahead:
        _send_beacon(at)


_TELL_CLOCK = """
    INSERT INTO grading_heartbeat (name, at, clock_offset) VALUES (%s, clock_timestamp(), clock_timestamp() - %s)
    ON CONFLICT (name) DO UPDATE SET at = excluded.at, clock_offset = excluded.clock_offset
"""


def tell_clock(machine: str, *, at: datetime) -> None:
    """What this machine believes the time to be, now. Due times are compared with it."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL_CLOCK, [f"{CLOCK}{machine}"[:80], at])


def _send_beacon(at: datetime) -> None:
    # What has not left by now would only say what this one says. Never one that a sweep beside us has just sent.
    overdue = Beacon.objects.filter(state__in=UNSENT, queued_at__lte=at - BEACON_EVERY)
    overdue.update(state=DeliveryState.DROPPED.value, claimed_until=None)
    Beacon.objects.filter(Q(queued_at__lt=at - BEACONS_KEPT) | Q(queued_at__gt=at + CLOCK_OFFSET)).delete()
    piece = int(at.timestamp() // BEACON_PIECE.total_seconds())
    outbox.leave([Beacon(key=f"beacon:{piece}", queued_at=at, next_try_at=at)])


def receive(key: str, *, at: datetime) -> bool:
    """A beacon has come back; the first time counts. False: there is none of this key."""
    Beacon.objects.filter(key=key, received_at=None).update(received_at=at)
    return Beacon.objects.filter(key=key).exists()
