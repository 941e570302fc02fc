"""Many messages that one worker sends at once: claimed as they are left, and what became of them kept together.

Each is tried and kept as one alone is (outbox.py): a worker that dies leaves leases, and they lapse.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from grading.alerting.delivery import channels, holds, lanes, outbox
from grading.models import Delivery, DeliveryState


def claim_new(pages: Sequence[Delivery], at: datetime) -> list[Delivery]:
    """Of pages that are about to be kept, those that this worker sends at once: from the first they are claimed.

    None whose receiver is slow, and none while a restore's messages wait for a person: whoever takes one of these by
    itself looks closer (outbox.claim).
    """
    mine, _others = by_calls(pages)
    if not mine or holds.is_any():
        return []
    narrow = lanes.narrow_among({lanes.lane_of(page) for page in mine})
    mine = [page for page in mine if lanes.lane_of(page) not in narrow]
    for page in mine:
        page.state, page.claimed_at, page.claimed_until = DeliveryState.SENDING.value, at, at + outbox.LEASE
        page.attempts += 1
    return mine


def by_calls(pages: Iterable[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Those that one worker sends at once, and the others, for whoever is free.

    What keeps a thread waiting goes one by one: it is left to others, but for the first where nothing else is to send.
    """
    called, others = [], []
    for page in pages:
        (called if channels.is_called(page) else others).append(page)
    return (called, others) if called else (others[:1], others[1:])
