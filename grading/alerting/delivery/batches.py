"""Many messages that one worker sends at once: claimed together, and what became of them written down together.

Each is claimed, tried and kept as one alone is (outbox.py): a worker that dies leaves leases, and they lapse.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from grading.alerting.delivery import channels, lanes, outbox
from grading.models import Delivery, DeliveryState


def claim_own(pages: Sequence[Delivery], *, at: datetime) -> list[Delivery]:
    """Of pages that this worker has just left, those that are its to send now: what is needed for that is at hand."""
    mine = _taken(pages, at=at)
    for page in mine:
        page.state, page.claimed_at, page.claimed_until = DeliveryState.SENDING.value, at, at + outbox.LEASE
        page.attempts += 1
    narrow = lanes.narrow_among({lanes.lane_of(page) for page in mine}) if mine else set()
    return [page for page in mine if lanes.lane_of(page) not in narrow or outbox.has_its_turn(page, at=at)]


def _taken(pages: Sequence[Delivery], *, at: datetime) -> Sequence[Delivery]:
    """In one statement where all are ours, as ever but where one was dropped, held or taken meanwhile."""
    free = Delivery.objects.filter(outbox.is_free(at))
    if len(pages) > 1:
        with transaction.atomic():
            all_ours = outbox.taken(free.filter(pk__in=[page.pk for page in pages]), at=at) == len(pages)
            transaction.set_rollback(not all_ours)
        if all_ours:
            return pages
    return [page for page in pages if outbox.taken(free.filter(pk=page.pk), at=at)]


def by_calls(pages: Iterable[Delivery]) -> tuple[list[Delivery], list[Delivery]]:
    """Those that one worker sends at once, and the others, for whoever is free.

    What keeps a thread waiting goes one by one: it is left to others, but for the first where nothing else is to send.
    """
    called, others = [], []
    for page in pages:
        (called if channels.is_called(page) else others).append(page)
    return (called, others) if called else (others[:1], others[1:])
