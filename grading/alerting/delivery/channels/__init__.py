"""The channels by which a message leaves: one row for each, with its folder's transport, words and form.

Nothing here touches the database, and nothing here runs inside a transaction.
"""

import asyncio
import math
import time
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

from grading.alerting.delivery.channels import calling
from grading.alerting.delivery.channels.email import form as email_form
from grading.alerting.delivery.channels.email import transport as email
from grading.alerting.delivery.channels.gateway import form as gateway_form
from grading.alerting.delivery.channels.gateway import transport as gateway
from grading.alerting.delivery.channels.push import form as push_form
from grading.alerting.delivery.channels.push import transport as push
from grading.alerting.delivery.channels.webhook import transport as webhook
from grading.alerting.delivery.messages import destination_of, notification_of
from grading.alerting.delivery.notification import Notification
from grading.models import Channel, Outgoing


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRow:
    """How it is sent: by a call, of which many are under way at once, or by what keeps a thread waiting (`send`).

    Both raise ChannelFailed. `proves_receipt`: its answer is the receiver's own, not of something on the way.

    `check_address`: of a person's contact by it, raises InvalidInput. None: no person is reached so.
    """

    send: Callable[[Notification, datetime], None] | None = None
    call: Callable[[Notification, datetime], Coroutine[Any, Any, None]] | None = None
    proves_receipt: bool = False
    check_address: Callable[[str], None] | None = None


CHANNELS: Mapping[Channel, ChannelRow] = {
    Channel.EMAIL: ChannelRow(send=email.send, check_address=email_form.check_address),
    Channel.GATEWAY: ChannelRow(send=gateway.send, check_address=gateway_form.check_address),
    Channel.PUSH: ChannelRow(call=push.call, check_address=push_form.check_address),
    Channel.WEBHOOK: ChannelRow(call=webhook.call, proves_receipt=True),
}


def is_called(message: Outgoing) -> bool:
    """Whether it leaves by a call, and so beside others."""
    return CHANNELS[destination_of(message).channel].call is not None


def send(message: Outgoing, *, at: datetime) -> bool:
    """Send it now, once, in the language of its reader.

    Raises ChannelFailed where it was not taken, ReceiverGone where it never will be.

    True: the receiver itself has it (a webhook's 2xx). False: something on the way has taken it (a mail server).
    """
    [[one]] = send_at_once([message], at=at, within=math.inf)
    if one.error is not None:
        raise one.error
    return one.proven


# --- Many at once -----------------------------------------------------------------------------------------------

TO_ONE = 8  # calls to one receiver under way at once from one worker's process
BEGUN_WITHIN = 5.0  # seconds from the first: a claim lasts 10 (outbox.LEASE), and a call 5
GATHERED = 0.01  # seconds: what is done within them is written down together
LOST = 60  # seconds without a result, of which each call has one after 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What became of one message. `error` None: it has left, or was not begun in time.

    Else ChannelFailed, ReceiverGone or what nobody expected.
    """

    message: Outgoing
    took: timedelta = timedelta()
    error: Exception | None = None
    proven: bool = False
    is_begun: bool = True


def send_at_once(messages: Sequence[Outgoing], *, at: datetime, within: float = BEGUN_WITHIN) -> Iterator[list[Try]]:
    """Send each once, now; what became of them, some at a time, as they are done."""
    sending = Sending()
    sending.begin(messages, at=at, within=within)
    yield from sending.ended()


class Sending:
    """Messages under way at once, each sent once. More may begin while others are under way.

    A receiver that is slow holds up nobody's but its own, TO_ONE at a time; what could not begin `within` is left.
    """

    def __init__(self) -> None:
        self._done: SimpleQueue[Try] = SimpleQueue()
        self._rooms: defaultdict[str, asyncio.Semaphore] = defaultdict(partial(asyncio.Semaphore, TO_ONE))
        self._called = 0
        self.waiting: list[tuple[Outgoing, ChannelRow, Notification, datetime]] = []  # what keeps a thread: by `ended`

    def begin(self, messages: Iterable[Outgoing], *, at: datetime, within: float = BEGUN_WITHIN) -> None:
        until: float | None = None
        for message in messages:
            try:
                notification = notification_of(message)
            except Exception as error:  # this message's alone
                self._called += 1
                self._done.put(Try(message=message, error=error))
                continue
            row = CHANNELS[notification.destination.channel]
            if row.call is None:
                self.waiting.append((message, row, notification, at))
                continue
            self._called += 1
            until = until or time.monotonic() + within
            room = self._rooms[notification.destination.lane]
            call = _called(message, row, row.call(notification, at), room=room, until=until)
            asyncio.run_coroutine_threadsafe(_put(self._done, call), calling.loop())

    def ended(self) -> Iterator[list[Try]]:
        """What became of all that was begun, some at a time, as they are done."""
        while self.waiting:
            message, row, notification, at = self.waiting.pop(0)
            yield [_sent(message, row, notification, at=at)]
        while self._called:
            group = [self._done.get(timeout=LOST)]
            until = time.monotonic() + GATHERED
            while len(group) < self._called and (left := until - time.monotonic()) > 0:
                with suppress(Empty):
                    group.append(self._done.get(timeout=left))
            self._called -= len(group)
            yield group


async def _put(done: "SimpleQueue[Try]", call: Coroutine[Any, Any, Try]) -> None:
    done.put(await call)


async def _called(
    message: Outgoing, row: ChannelRow, call: Coroutine[Any, Any, None], *, room: asyncio.Semaphore, until: float
) -> Try:
    async with room:
        began = time.monotonic()
        if began > until:
            call.close()
            return Try(message=message, is_begun=False)
        try:
            await call
        except Exception as error:  # handed to who waits for it
            return Try(message=message, took=_since(began), error=error)
        return Try(message=message, took=_since(began), proven=row.proves_receipt)


def _sent(message: Outgoing, row: ChannelRow, notification: Notification, *, at: datetime) -> Try:
    assert row.send is not None
    began = time.monotonic()
    try:
        row.send(notification, at)
    except Exception as error:  # as above
        return Try(message=message, took=_since(began), error=error)
    return Try(message=message, took=_since(began), proven=row.proves_receipt)


def _since(began: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - began)
