"""Signs of life: the sweep's own row, and a beacon that goes the way of an alert. Two at once do no harm."""

from datetime import datetime, timedelta

from django.db.models import Max, Q

from grading.alerting.delivery import outbox
from grading.models import UNSENT, Beacon, DeliveryState, Heartbeat
from grading.rules.alerting.watchdog import CLOCK_OFFSET

SWEEP = "sweep"
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
