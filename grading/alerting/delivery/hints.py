"""Tell Celery that something waits. Only hurries: what is lost here, the sweep finds."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from kombu import pools
from kombu.exceptions import ChannelError, LimitExceeded, OperationalError
from redis.exceptions import RedisError

from crsmonitor.jobs.queues import ALERTS, MESSAGES

logger = logging.getLogger(__name__)

# Connections of its own, kept open: the app's wait twice the settings' timeout where the broker hangs or is gone
# (measured 2.0 s), these 1.0 s and 3 ms. A new one for each hint would cost more than the rest of the way.
BROKER = {"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0}
# After a failure, so that many facts in a row do not wait a second each for a broker that hangs.
QUIET_SECONDS = 3
_quiet_until = 0.0  # of time.monotonic()


@cache
def _producers() -> Any:
    """The pool of this process: each thread borrows one."""
    from crsmonitor.celery import app  # at the first use: the web process needs it for nothing else

    return pools.producers[app.connection_for_write(connect_timeout=1, transport_options=BROKER)]


def deliver_soon(ids: Sequence[str], *, of_alerts: bool, expires: float | None = None) -> bool:
    """Ask for these messages, all of alerts or none. False: the broker did not take them, which is no error."""
    return _ask_soon("grading.alerting.tasks.deliver", ids, ALERTS if of_alerts else MESSAGES, expires)


# Of the broker: a task of alerts was asked for, and none has begun since. Its first act is to take this away; where it
# is lost with its task, it ends by itself when the sweep comes.
ASKED, ASKED_MS = "crs:page-asked", 2000


def page_soon(alert_id: str) -> bool:
    """Ask for the first step of this alert. One task takes that of all that wait: where one is asked for, it will do.

    It has not begun: it takes ASKED away before it looks, and whoever found it here had committed before.
    """

    def ask(producer: Any) -> None:
        if producer.channel.client.set(ASKED, 1, nx=True, px=ASKED_MS):
            _ask("grading.alerting.tasks.page", [alert_id], ALERTS, producer, None)

    return _with_broker(ask, what="a call")


def taken_up() -> None:
    """A task of alerts begins: whoever hurries from now on asks for another."""
    _with_broker(lambda producer: producer.channel.client.delete(ASKED), what="a call")


def _ask_soon(task: str, ids: Sequence[str], queue: str, expires: float | None) -> bool:
    return not ids or _with_broker(
        lambda producer: _ask(task, ids, queue, producer, expires), what=f"{len(ids)} times {task}"
    )


def _with_broker(ask: Callable[[Any], object], *, what: str) -> bool:
    """Whether the broker took it. Where it failed lately it is not asked."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        with _producers().acquire(block=True, timeout=1) as producer:
            ask(producer)
    except (OperationalError, OSError, LimitExceeded, RedisError) as error:
        let_go()  # a connection that broke once is not lent again
        _quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("no hint for %s: broker failed (%s)", what, type(error).__name__)
        return False
    return True


def waiting(queue: str) -> int:
    """How many tasks of this queue wait in the broker. 0 where it does not say: asking once too often does no harm."""
    try:
        with _producers().acquire(block=True, timeout=1) as producer:
            return int(producer.channel.queue_declare(queue, passive=True).message_count)
    except (ChannelError, OperationalError, OSError, LimitExceeded):
        return 0


def let_go() -> None:
    """Close the connections; the next hint opens new ones, to the broker that the settings name then."""
    _producers.cache_clear()
    pools.reset()


def _ask(task: str, ids: Sequence[str], queue: str, producer: Any, expires: float | None) -> None:
    from crsmonitor.celery import app

    for row_id in ids:
        app.send_task(
            task, args=[row_id], queue=queue, producer=producer, retry=False, expires=expires,
            ignore_result=True,
        )  # fmt: skip
