"""Pages that change by themselves: a notice of PostgreSQL wakes every page that shows the study.

A notice is a hint and holds a study's id only. Pages fetch what changed by themselves, and also now and then
without a notice: a lost one costs seconds.
"""

import asyncio
import contextlib
import logging
import weakref
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

logger = logging.getLogger(__name__)

CHANNEL = "crs_live"
HEARTBEAT_SECONDS = 15
# Then the page connects again, which asks again whether it may: a session or a role may have ended.
STREAM_SECONDS = 600
RECONNECT_SECONDS = (0.5, 10.0)  # the first wait and the longest; each is twice the one before

_EVENT = b"event: %s\ndata: -\n\n"  # a browser passes over an event without data
CHANGED, HEARTBEAT = _EVENT % b"alerts", _EVENT % b"heartbeat"
RETRY = b"retry: 2000\n\n"  # milliseconds until the browser connects again


def announce(study_id: int) -> None:
    """Wake the pages of a study when this transaction commits; nothing happens if it does not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(study_id)])


@dataclass(eq=False, slots=True)
class Subscriber:
    """One open page: the studies that it shows, and whether something changed since it last looked."""

    studies: frozenset[int]
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Listener:
    """One database connection for all pages of an event loop: there while somebody looks."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()
        self.task: asyncio.Task[None] | None = None
        self.listening = False

    @contextlib.contextmanager
    def subscribed(self, studies: frozenset[int]) -> Iterator[Subscriber]:
        one = Subscriber(studies)
        self.subscribers.add(one)
        if self.listening:
            one.changed.set()  # what happened between the page and its stream
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.listen())
        try:
            yield one
        finally:
            self.subscribers.discard(one)
            if not self.subscribers and self.task is not None:
                self.task.cancel()
                self.task, self.listening = None, False

    async def listen(self) -> None:
        """Pass notices on, for ever. A new connection wakes everybody: what came meanwhile was missed."""
        first, longest = RECONNECT_SECONDS
        wait = first
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as listening:
                    await listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self.listening, wait = True, first
                    self.wake(None)
                    async for notice in listening.notifies():
                        self.wake(notice.payload)
            except (psycopg.Error, OSError) as error:
                logger.warning("live: lost the database (%s), again in %s s", type(error).__name__, wait)
            self.listening = False
            await asyncio.sleep(wait)
            wait = min(wait * 2, longest)

    def wake(self, study_id: str | None) -> None:
        """The pages of this study; None: all."""
        for one in self.subscribers:
            if study_id is None or (study_id.isdigit() and int(study_id) in one.studies):
                one.changed.set()


def _address() -> dict[str, Any]:
    """Of the app's own database, without what is Django's in its options: a pool, cursors."""
    libpq = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    settings = connections["default"].get_connection_params()
    keepalive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}  # seconds, seconds, tries
    return {name: value for name, value in settings.items() if name in libpq} | keepalive


_listeners: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Listener] = weakref.WeakKeyDictionary()


def listener() -> Listener:
    """That of the running event loop; a web process has one."""
    return _listeners.setdefault(asyncio.get_running_loop(), Listener())


async def events(studies: frozenset[int]) -> AsyncIterator[bytes]:
    """Server-sent events for one page: `alerts` when it should look again, `heartbeat` while nothing happens."""
    yield RETRY
    loop = asyncio.get_running_loop()
    end = loop.time() + STREAM_SECONDS
    with listener().subscribed(studies) as page:
        while loop.time() < end:
            try:
                await asyncio.wait_for(page.changed.wait(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield HEARTBEAT
                continue
            page.changed.clear()
            yield CHANGED
