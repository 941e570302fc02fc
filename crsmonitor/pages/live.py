"""Pages that change by themselves: a notice (notices.py) wakes every page that shows the site it names.

What pages show is drawn once for all who may see the same; each page gets what it does not have yet. While somebody
looks it is drawn again every few seconds in any case: ages go on, and a lost notice costs seconds.
"""

import asyncio
import contextlib
import logging
import operator
import threading
import weakref
from collections.abc import AsyncGenerator, Callable, Collection, Hashable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import TypeVar

import psycopg
from django.conf import settings
from django.db import DatabaseError, connections
from psycopg import sql

from crsmonitor.pages.exhibit import PACE_SECONDS, Exhibit
from crsmonitor.pages.notices import CHANNEL, Place, address, changed, notice_of, version_of
from crsmonitor.pages.parts import Parts, Shelf, list_event

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15
STREAM_SECONDS = 600  # then the page connects again
# How often it is asked whether those who look still may: within 15 s of a sign-out or a lost role a stream ends.
RIGHTS_SECONDS = 8
STREAMS_A_PERSON = 4  # the oldest makes room: without HTTP/2 a browser has six connections, and one is for saving
FRESH_SECONDS = 10  # what was drawn tells ages in minutes, and whether alerts can be trusted to arrive
KEPT = 256  # drawings: each participant whose page is open has one
RECONNECT_SECONDS = (0.5, 10.0)  # the first wait and the longest; each is twice the one before

T = TypeVar("T")

_EVENT = b"event: %s\ndata: -\n\n"  # a browser passes over an event without data
HEARTBEAT, CROWDED = _EVENT % b"heartbeat", _EVENT % b"crowded"
RETRY = b"retry: 2000\n\n"  # milliseconds until the browser connects again


# --- What is shown ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page shows. Pages with the same key show the same, to whoever may see it: nothing of a person is in it.

    `may_wait`: for alerts too it waits until its next drawing is due, since the page tells of them elsewhere. `fresh`:
    after how many seconds it is drawn again in any case.
    """

    key: Hashable
    places: frozenset[Place]  # what it shows
    draw: Callable[[], Parts] = field(compare=False)
    may_wait: bool = field(default=False, compare=False)
    fresh: float | None = field(default=None, compare=False)


class Gallery:
    """What was drawn last of each picture, for every thread. `drawn_by`: who draws what is lacking."""

    def __init__(self) -> None:
        self.drawn_by: Callable[[Callable[[], Parts]], Parts] = operator.call
        self._kept: Shelf[Hashable, tuple[tuple[int, ...], float, Parts]] = Shelf(KEPT)
        self._locks: weakref.WeakValueDictionary[Hashable, threading.Lock] = weakref.WeakValueDictionary()
        self._guard = threading.Lock()

    def show(self, picture: Picture) -> Parts:
        """As it is now. Drawn anew where something changed, where it is old, or where no notice would be heard."""
        with self._guard:
            mine = self._locks.setdefault(picture.key, threading.Lock())
        with mine:  # who comes meanwhile waits, and takes what was drawn, unless something changed since it was begun
            version, began = version_of(picture.places), monotonic()
            kept = self._kept.get(picture.key)
            if kept and kept[0] == version and began - kept[1] < FRESH_SECONDS and is_listening():
                return kept[2]
            drawn = self.drawn_by(picture.draw)
            self._kept.put(picture.key, (version, began, drawn))
            return drawn


gallery = Gallery()
_drawing = ThreadPoolExecutor(1, thread_name_prefix="live")


async def _in_thread(work: Callable[[], T]) -> T:
    def run() -> T:
        try:
            return work()
        finally:
            connections.close_all()  # back to the pool

    return await asyncio.get_running_loop().run_in_executor(_drawing, run)


Arrange = Callable[[Parts], Parts]


def as_drawn(parts: Parts) -> Parts:
    return parts


# --- Who looks --------------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Page:
    """One open page. `still`: which of these pages may go on showing what they show; asked in a thread.

    `arrange`: how it shows what was drawn. `has`: the drawing that it shows.
    """

    person: int
    session: str
    picture: Picture
    still: Callable[[Sequence["Page"]], Collection["Page"]]
    arrange: Arrange = as_drawn
    news: asyncio.Event = field(default_factory=asyncio.Event)
    has: Parts | None = None
    over: bool = False
    crowded: bool = False

    async def events(self) -> AsyncGenerator[bytes, None]:
        """Server-sent events: `list` with what there is to see that is new, `heartbeat` while nothing is."""
        yield RETRY
        loop, here = asyncio.get_running_loop(), listener()
        end, shown = loop.time() + STREAM_SECONDS, Parts()
        beats_at = loop.time() + HEARTBEAT_SECONDS
        with here.subscribed(self) as exhibit:
            while loop.time() < end:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(beats_at):
                        await self.news.wait()
                is_told = self.news.is_set()
                self.news.clear()
                if self.over:
                    break
                drawn = None if exhibit.is_away else exhibit.parts
                if drawn is not None and drawn is not self.has:
                    self.has = drawn
                    earlier, shown = shown, self.arrange(drawn)
                    if shown != earlier:
                        yield list_event(earlier, shown)
                        beats_at = loop.time() + HEARTBEAT_SECONDS
                        continue
                if (is_told and exhibit.is_away) or loop.time() >= beats_at:
                    yield HEARTBEAT
                    beats_at = loop.time() + HEARTBEAT_SECONDS
        if self.crowded:
            yield CROWDED

    def end(self, *, crowded: bool = False) -> None:
        self.crowded, self.over = crowded, True
        self.news.set()


def streams_here() -> int:
    """Of a person, in this process. A page whose stream ended asks now and then, and tries again, maybe elsewhere."""
    return max(2, STREAMS_A_PERSON // settings.WEB_PROCESSES)


class Listener:
    """One database connection for all pages of an event loop: there while somebody looks."""

    def __init__(self) -> None:
        self.pages: dict[Page, None] = {}  # the oldest first
        self.tasks: list[asyncio.Task[None]] = []
        self.listening = False
        self.exhibits: dict[Hashable, Exhibit] = {}

    @contextlib.contextmanager
    def subscribed(self, page: Page) -> Iterator[Exhibit]:
        mine = [one for one in self.pages if one.person == page.person and not one.over]
        for one in mine[: max(0, len(mine) + 1 - streams_here())]:
            one.end(crowded=True)
        self.pages[page] = None
        exhibit = self._exhibit_of(page.picture)
        exhibit.pages[page] = None
        if self.listening:
            exhibit.show(page)  # what happened between the page and its stream
        if not self.tasks:
            self.tasks = [asyncio.create_task(self.listen()), asyncio.create_task(self.ask_for_rights())]
        try:
            yield exhibit
        finally:
            del self.pages[page], exhibit.pages[page]
            if not exhibit.pages:
                exhibit.task.cancel()  # nobody waits for it any more
                if self.exhibits.get(page.picture.key) is exhibit:
                    del self.exhibits[page.picture.key]
            if not self.pages:
                for task in self.tasks:
                    task.cancel()
                self.tasks, self.listening = [], False

    def _exhibit_of(self, picture: Picture) -> Exhibit:
        exhibit = self.exhibits.get(picture.key)
        if exhibit is None or exhibit.task.done():
            draw = partial(_in_thread, partial(gallery.show, picture))
            exhibit = self.exhibits[picture.key] = Exhibit(picture, draw, fresh=picture.fresh or FRESH_SECONDS).begin()
        return exhibit

    async def listen(self) -> None:
        """Pass notices on, for ever. A new connection wakes everybody: what came meanwhile was missed."""
        wait, longest = RECONNECT_SECONDS
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**address(), autocommit=True) as listening:
                    await listening.execute(sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL)))
                    self.wake(None)
                    self.listening, wait = True, RECONNECT_SECONDS[0]
                    async for notice in listening.notifies():
                        self.wake(notice.payload)
            except (psycopg.Error, OSError) as error:
                logger.warning("live: lost the database (%s), again in %s s", type(error).__name__, wait)
            self.listening = False
            await asyncio.sleep(wait)
            wait = min(wait * 2, longest)

    def wake(self, payload: str | None) -> None:
        """What shows the site that a notice names; None, or a notice that cannot be read: everything, at once."""
        notice = None if payload is None else notice_of(payload)
        if notice is None:
            changed(place for one in self.exhibits.values() for place in one.picture.places)
            for one in self.exhibits.values():
                one.wake(within=0)
            return
        changed(notice.places)
        for one in sorted(self.exhibits.values(), key=lambda one: one.picture.may_wait):  # lists of alerts are first
            if not notice.places.isdisjoint(one.picture.places):
                one.wake(within=PACE_SECONDS if notice.may_wait or one.picture.may_wait else 0)

    async def ask_for_rights(self) -> None:
        """Now and then: a session or a role may have ended."""
        while True:
            await asyncio.sleep(RIGHTS_SECONDS)
            pages = list(self.pages)
            try:
                for still in {one.still for one in pages}:
                    mine = [one for one in pages if one.still is still]
                    may = await _in_thread(partial(still, mine))
                    for page in mine:
                        if page not in may:
                            page.end()
            except DatabaseError as error:
                logger.warning("live: rights not known (%s)", type(error).__name__)


_listeners: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Listener] = weakref.WeakKeyDictionary()


def listener() -> Listener:
    """That of the running event loop; a web process has one."""
    return _listeners.setdefault(asyncio.get_running_loop(), Listener())


def is_listening() -> bool:
    """Whether a change of anybody would be heard in this process."""
    return any(one.listening for one in list(_listeners.values()))
