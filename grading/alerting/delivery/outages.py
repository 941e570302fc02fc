"""Channels that fail again and again: one row for each run of failures, and a note to the operators.

Which of several workers raises it is decided by conditional updates, so that operators are told once.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, F

from crsmonitor.database.question import OneOf, Question
from grading.models import ChannelOutage, Delivery, OperatorNote

logger = logging.getLogger(__name__)

# Tries in a row, of whichever messages. One message alone needs 200 s for so many (outbox.DELAYS): long enough for
# a mail server to restart, short enough to know of it during the alert.
FAILURES_IN_A_ROW = 5


def failed(delivery: Delivery, *, why: str, dead: bool, at: datetime) -> list[OperatorNote]:
    """Count a failure; the note to send where operators must hear of it now. Runs in the transaction of the row."""
    lane = _lane(delivery)
    ChannelOutage.objects.bulk_create([ChannelOutage(**lane, first_at=at, last_at=at)], ignore_conflicts=True)
    open_ = ChannelOutage.objects.filter(**lane, resolved_at=None)
    open_.update(failures=F("failures") + 1, failure=why[:200], last_at=at)
    enough = open_.filter(raised_at=None)
    if not dead:
        enough = enough.filter(failures__gte=FAILURES_IN_A_ROW)
    if not enough.update(raised_at=at):
        return []
    trouble = open_.get()
    logger.error("%s of delivery %s fails: trouble %s", delivery.channel, delivery.pk, trouble.pk)
    return _note(trouble, over=False, at=at)


def works_again(delivery: Delivery, *, at: datetime) -> list[OperatorNote]:
    """The channel works: its trouble is over. The note to send where operators had been told."""
    outage = ChannelOutage.objects.filter(**_lane(delivery), resolved_at=None).first()
    if outage is None or not ChannelOutage.objects.filter(pk=outage.pk, resolved_at=None).update(resolved_at=at):
        return []
    # Read again: another worker may have raised it meanwhile.
    outage.refresh_from_db()
    return _note(outage, over=True, at=at) if outage.raised_at else []


def ended_by(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Of messages that have left: one for each channel that has a trouble by now, which is over."""
    by_lane = {tuple(_lane(one).values()): one for one in deliveries}
    if not by_lane:
        return []
    open_ = _OPEN.all(names=[str(one.channel) for one in by_lane.values()])
    return [by_lane[lane] for lane in open_ if lane in by_lane]


_LANE = ("channel", "endpoint_id", "recipient_id", "contact_id")
_OPEN = Question(
    lambda names: ChannelOutage.objects.filter(OneOf("channel", names, CharField()), resolved_at=None).values_list(
        *_LANE
    )
)


def _lane(delivery: Delivery) -> dict[str, Any]:
    """The channel to one receiver."""
    return {name: getattr(delivery, name) for name in _LANE}


def _note(trouble: ChannelOutage, *, over: bool, at: datetime) -> list[OperatorNote]:
    if not settings.OPERATOR_EMAIL:
        logger.error("trouble %s: OPERATOR_EMAIL is not set, no operator is told", trouble.pk)
        return []
    key = f"trouble:{trouble.pk}:{'over' if over else 'raised'}"
    return [OperatorNote(key=key, trouble=trouble, over=over, queued_at=at, next_try_at=at)]
