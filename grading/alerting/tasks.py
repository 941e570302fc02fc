"""What a worker does: claim a row, send it, say so. A task carries an id and may run twice."""

import logging
import socket
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from crsmonitor.jobs.queues import ALERTS, MESSAGES
from grading.alerting import heartbeat
from grading.alerting.delivery import channels, hints, lanes, outbox
from grading.alerting.delivery.channels.failure import ChannelFailed, ReceiverGone
from grading.alerting.delivery.channels.gateway import transport as gateway
from grading.alerting.services import answers, conditions
from grading.alerting.services import escalation as escalating
from grading.alerting.services.on_call import browsers
from grading.alerting.services.on_call.rota_notes import leave_notes
from grading.models import Delivery, Outgoing, Purpose
from grading.recording import rederiving

logger = logging.getLogger(__name__)

# A sweep's messages die unread where no worker takes them: the next sweep finds the same rows.
EXPIRES_SECONDS = 30


@shared_task
def deliver(delivery_id: str) -> bool:
    """Send one message at least once, and almost always exactly once. False: not ours, or it failed."""
    return _send(outbox.claim(delivery_id, at=timezone.now()))


def _send(delivery: Outgoing | None) -> bool:
    """None: it is not ours."""
    if delivery is None:
        return False
    began = time.monotonic()
    try:
        proven = channels.send(delivery, at=timezone.now())
    except ReceiverGone as gone:
        lanes.tried(delivery, took=_since(began), came=True, at=timezone.now())  # it answered
        browsers.gone(delivery, why=gone.code, at=timezone.now())
        return False
    except ChannelFailed as failed:
        lanes.tried(delivery, took=_since(began), came=False, at=timezone.now())
        outbox.mark_failed(delivery, why=failed.code, at=timezone.now())
        return False
    except Exception as error:  # the row must say so before the worker reports it
        logger.error("delivery %s: unexpected %s", delivery.pk, type(error).__name__)
        outbox.mark_failed(delivery, why=f"unexpected: {type(error).__name__}", at=timezone.now())
        raise
    outbox.mark_sent(delivery, at=timezone.now(), proven=proven)
    lanes.tried(delivery, took=_since(began), came=True, at=timezone.now())
    if isinstance(delivery, Delivery) and delivery.purpose == Purpose.PAGE:
        answers.delivered(delivery.alert, at=timezone.now())
    return True


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)


@shared_task
def page(alert_id: str) -> bool:
    """Take the first step of an alert that was raised. False: it is taken, or needed no more.

    Its first message leaves from here, which spares the way through the broker; the others are hurried before.
    """
    with outbox.delivering() as messages:
        is_called = escalating.call_first(UUID(alert_id), at=timezone.now())
    if messages:
        hints.deliver_soon([str(one.pk) for one in messages[1:]], of_alerts=True)
        _send(outbox.claim_own(messages[0], at=timezone.now()))
    return is_called


@shared_task
def sweep() -> int:
    """Hand every message that waits to a worker, and give a sign of life. Two at once only ask twice.

    Where the broker still holds more than one sweep hands out, what is asked now would only stand behind it, and
    the workers would spend their time on finding it sent.
    """
    at = timezone.now()
    alerts, others = outbox.due_of_alerts(at=at), outbox.due_of_others(at=at)
    for ids, queue in ((alerts, ALERTS), (others, MESSAGES)):
        if ids and hints.waiting(queue) < outbox.BATCH:
            hints.deliver_soon(ids, of_alerts=queue == ALERTS, expires=EXPIRES_SECONDS)
    heartbeat.beat(at=at)
    heartbeat.tell_clock(socket.gethostname(), at=timezone.now())
    return len(alerts) + len(others)


@shared_task
def escalate() -> int:
    """Call on for whatever nobody answered, let lapse what nobody acted on. One that fails holds up no other."""
    at = timezone.now()
    moved, failed = 0, None
    for due in escalating.due(at=at):
        try:
            moved += escalating.meet(due, at=at)
        except Exception as error:
            logger.error("alert %s: escalation failed (%s)", due.alert, type(error).__name__)
            failed = error
    if failed is not None:
        raise failed
    return moved


@shared_task
def watch_courses() -> int:
    """Raise what has come due in a course by itself. One that fails holds up no other."""
    at = timezone.now()
    return _watch(conditions.due(at=at), at=at)


@shared_task
def watch_policies() -> int:
    """The same of whoever was left under a policy that is in force no more: found by asking of everybody."""
    at = timezone.now()
    return _watch(conditions.left_behind(at=at), at=at)


def _watch(participants: Iterable[int], *, at: datetime) -> int:
    raised, failed = 0, None
    for participant_id in participants:
        try:
            if conditions.has_another_policy(participant_id, at=at):
                raised += len(rederiving.under_another_policy(participant_id, at=at))
            raised += len(conditions.meet(participant_id, at=at))
        except Exception as error:
            logger.error("participant %s: watching failed (%s)", participant_id, type(error).__name__)
            failed = error
    if failed is not None:
        raise failed
    return raised


@shared_task
def rota_notes() -> int:
    """The morning's mails about the rotas, once a day and person."""
    return leave_notes(at=timezone.now())


gateway.load()  # once for each worker, before the first message
