"""Signs of life: the sweep's own row, and a beacon that goes the way of an alert. Two at once do no harm."""

from datetime import datetime, timedelta

from grading import outbox
from grading.models import UNSENT, Beacon, DeliveryState, Heartbeat

SWEEP = "sweep"
BEACON_EVERY = timedelta(seconds=60)
# Two ticks a minute apart never share a piece of this length, and two beats that race for a piece send once.
BEACON_PIECE = timedelta(seconds=30)
BEACONS_KEPT = timedelta(days=1)  # every board reads them all


def beat(*, at: datetime) -> None:
    """The sweep ran at `at`; a beacon leaves where the last one left a minute ago."""
    if not Heartbeat.objects.filter(name=SWEEP, at__lte=at).update(at=at):
        Heartbeat.objects.bulk_create([Heartbeat(name=SWEEP, at=at)], ignore_conflicts=True)
    if not Beacon.objects.filter(queued_at__gt=at - BEACON_EVERY).exists():
        _send_beacon(at)


def _send_beacon(at: datetime) -> None:
    # What has not left by now would only say what this one says. Never one that a sweep beside us has just sent.
    overdue = Beacon.objects.filter(state__in=UNSENT, queued_at__lte=at - BEACON_EVERY)
    overdue.update(state=DeliveryState.DROPPED.value, claimed_until=None)
    Beacon.objects.filter(queued_at__lt=at - BEACONS_KEPT).delete()
    piece = int(at.timestamp() // BEACON_PIECE.total_seconds())
    outbox.leave([Beacon(key=f"beacon:{piece}", queued_at=at, next_try_at=at)])


def receive(key: str, *, at: datetime) -> bool:
    """A beacon has come back; the first time counts. False: there is none of this key."""
    Beacon.objects.filter(key=key, received_at=None).update(received_at=at)
    return Beacon.objects.filter(key=key).exists()
