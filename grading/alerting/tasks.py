"""What a worker does: claim a row, send it, say so. A task carries an id and may run twice."""

import logging
import socket
import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from crsmonitor.jobs.queues import ALERTS, MESSAGES
from grading.alerting import heartbeat
from grading.alerting.delivery import batches, channels, hints, outbox, own_pages
from grading.alerting.delivery.channels import calling
from grading.alerting.delivery.channels.gateway import transport as gateway
from grading.alerting.services import conditions, sending
from grading.alerting.services import escalation as escalating
from grading.alerting.services.on_call.rota_notes import leave_notes
from grading.models import Outgoing
from grading.recording import rederiving

logger = logging.getLogger(__name__)

# A sweep's messages die unread where no worker takes them: the next sweep finds the same rows.
EXPIRES_SECONDS = 30
ANY = str(UUID(int=0))  # of whichever alerts wait; an older program's worker asks for one of this id, and there is none
# None takes a quarter of it where the database answers: a process of a worker that is at one for longer hangs, and is
# ended and replaced. What it was about is taken over as from one that died. Threads have no such end.
HUNG_SECONDS = 120
# After each look at what was raised that found it held: whoever is being recorded for is passed over, and looked for
# again; what is held for longer the sweep finds. What was raised while a batch was sent is held by nobody.
PAUSES = (0.01, 0.02, 0.05, 0.1, 0.2)
# Seconds. Who waits is called for before what others' messages became is written down, which nobody waits for; a
# worker that dies meanwhile leaves a twin of each, so it is not put off for longer.
KEPT_WITHIN = 0.3


@shared_task(time_limit=HUNG_SECONDS)
def deliver(delivery_id: str) -> bool:
    """Send one message at least once, and almost always exactly once. False: not ours, or it failed."""
    message = outbox.claim(delivery_id, at=timezone.now())
    return message is not None and _send([message]) == 1


def _send(messages: Sequence[Outgoing]) -> int:
    """How many of these, which are ours, have left."""
    sent = channels.Sending()
    sent.begin(messages, at=timezone.now())
    return _keep(sent)


def _keep(sent: channels.Sending) -> int:
    """Write down what became of all that is under way: how many have left."""
    left = 0
    for tries in sent.ended():
        sending.keep(tries, at=timezone.now())
        left += sum(one.is_begun and one.error is None for one in tries)
    return left


@shared_task(time_limit=HUNG_SECONDS)
def page(alert_id: str) -> int:
    """Take the first step of what was raised, this alert and others: how many. What is left, another task takes.

    Who is hurried from now on asks for another task, so that nothing is lost that this one did not find. What
    leaves by a call leaves from here, which spares the way through the broker; the rest is hurried before.
    """
    hints.taken_up()
    taken, pauses, sent = 0, iter(PAUSES), channels.Sending()
    try:
        kept_at = time.monotonic()
        while taken < escalating.AT_ONCE:
            taken += (now := _call_raised(sent))
            if not escalating.raised_waits():
                break
            if not now or sent.waiting or time.monotonic() - kept_at > KEPT_WITHIN:
                _keep(sent)
                kept_at = time.monotonic()
            if not now:  # it is held
                pause = next(pauses, None)
                if pause is None:
                    break
                time.sleep(pause)
    finally:
        _keep(sent)
    return taken


def _call_raised(sent: channels.Sending) -> int:
    """Take the first step of some that were raised, and begin what leaves by a call: how many. More are hurried."""
    began = time.monotonic()  # when the claims began
    with own_pages.delivering(batches.claim_new) as mine:
        called = _called_together()
    if called >= escalating.AT_ONCE:
        hints.page_soon(ANY)
    sent.begin(mine, at=timezone.now(), within=began + channels.BEGUN_WITHIN - time.monotonic())
    return called


def _called_together() -> int:
    """In one transaction; where that fails one by one, so that one alert holds up no other."""
    try:
        return escalating.call_raised(at=timezone.now())
    except Exception as error:
        logger.error("alerts that were raised: together they failed (%s)", type(error).__name__)
        return _met(escalating.raised_one_by_one(), at=timezone.now())


@shared_task(time_limit=HUNG_SECONDS)
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


@shared_task(time_limit=HUNG_SECONDS)
def escalate() -> int:
    """Call on for whatever nobody answered, let lapse what nobody acted on, and call for what a lost hint left."""
    at, sent = timezone.now(), channels.Sending()
    try:
        called = _call_raised(sent)
        _keep(sent)
    finally:  # whatever became of those
        met = _met(escalating.due(at=at, but_raised=True), at=at)
    return called + met


def _met(ones: Iterable[escalating.Due], *, at: datetime) -> int:
    """How many were met. One that fails holds up no other."""
    met, failed = 0, None
    for one in ones:
        try:
            met += escalating.meet(one, at=at)
        except Exception as error:
            logger.error("alert %s: escalation failed (%s)", one.alert, type(error).__name__)
            failed = error
    if failed is not None:
        raise failed
    return met


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
            else:
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


calling.load(), gateway.load()  # once for each worker, before the first message
