"""What leaves the outbox, and who is stood down: for tests of messages that follow a page."""

from datetime import datetime

from crsmonitor.accounts.models import User
from grading.alerting.delivery import channels, outbox
from grading.models import Alert, Delivery, DeliveryState, Purpose
from tests.builders import World, kept, vitals


def send(at: datetime) -> list[str]:
    """What a worker sends now: the purpose of each message and whom it is for."""
    left = []
    for pk in outbox.due(at=at):
        message = outbox.claim(pk, at=at)
        if isinstance(message, Delivery):
            outbox.mark_sent(message, at=at, proven=channels.send(message, at=at))
            whom = message.endpoint or message.contact or message.recipient.username.removeprefix("demo.")
            left.append(f"{message.purpose} {whom}")
    return sorted(left)


def words(alert: Alert) -> list[tuple[str, str]]:
    """Whom a stand-down is for and why, of those that are not dropped."""
    rows = alert.deliveries.filter(purpose=Purpose.STAND_DOWN).exclude(state=DeliveryState.DROPPED)
    whom = ((row.recipient.username.removeprefix("demo.") if row.recipient else row.channel, row.why) for row in rows)
    return sorted(whom)


def withdraw(world: World, alert: Alert, *, by: User, at: datetime) -> None:
    kept(vitals(world, 4, supersedes_id=alert.fact_root, withdrawn=True, reason="wrong participant"), world, by=by,
         at=at)  # fmt: skip
