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

from crsmonitor.pages.notices import CHANNEL, Place, address, changed, places_named, version_of
from crsmonitor.pages.parts import Parts, Shelf, list_event

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15
STREAM_SECONDS = 600  # then the page connects again
# How often it is asked whether those who look still may: within 15 s of a sign-out or a lost role a stream ends.
RIGHTS_SECONDS = 8
STREAMS_A_PERSON = 4  # the oldest makes room: without HTTP/2 a browser has six connections, and one is for saving
FRESH_SECONDS = 10  # what was drawn tells ages in minutes, and whether alerts can be trusted to arrive
KEPT = 64  # drawings
REST = 1  # times what a drawing took, after it: however many notices come, each picture takes half a core at most
RECONNECT_SECONDS = (0.5, 10.0)  # the first wait and the longest; each is twice the one before

T = TypeVar("T")

_EVENT = b"event: %s\ndata: -\n\n"  # a browser passes over an event without data
HEARTBEAT, CROWDED = _EVENT % b"heartbeat", _EVENT % b"crowded"
RETRY = b"retry: 2000\n\n"  # milliseconds until the browser connects again


# --- What is shown ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Picture:
    """What a page shows. Pages with the same key show the same, to whoever may see it: nothing of a person is in it."""

    key: Hashable
    places: frozenset[Place]  # what it shows
    draw: Callable[[], Parts] = field(compare=False)


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

    `arrange`: how it shows what was drawn. `pace`: seconds between two lists at least.
    """

    person: int
    session: str
    picture: Picture
    still: Callable[[Sequence["Page"]], Collection["Page"]]
    arrange: Arrange = as_drawn
    pace: float = 0.0
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    crowded: bool = False

    async def events(self) -> AsyncGenerator[bytes, None]:
        """Server-sent events: `list` with what there is to see that is new, `heartbeat` while nothing is."""
        yield RETRY
        loop, here = asyncio.get_running_loop(), listener()
        end, has = loop.time() + STREAM_SECONDS, Parts()
        beats_at, looks_at = loop.time() + HEARTBEAT_SECONDS, loop.time() + FRESH_SECONDS
        with here.subscribed(self):
            while loop.time() < end:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout_at(min(beats_at, looks_at)):
                        await self.woken.wait()
                is_woken = self.woken.is_set() or loop.time() >= looks_at
                self.woken.clear()
                if is_woken:
                    looks_at = loop.time() + FRESH_SECONDS
                drawn = await here.drawn(self.picture) if is_woken and not self.over else None
                if self.over:
                    break
                now = has if drawn is None else self.arrange(drawn)
                if now != has:
                    yield list_event(has, now)
                    has = now
                    await self._rest()
                elif (is_woken and drawn is None) or loop.time() >= beats_at:
                    yield HEARTBEAT  # None: the page asks again by itself
                else:
                    continue
                beats_at = loop.time() + HEARTBEAT_SECONDS
        if self.crowded:
            yield CROWDED

    async def _rest(self) -> None:
        """What happens meanwhile is shown after it. Unless it is over: that is said at once."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.pace):
                await self.ended.wait()

    @property
    def over(self) -> bool:
        return self.ended.is_set()

    def end(self, *, crowded: bool = False) -> None:
        self.crowded = crowded
        self.ended.set()
        self.woken.set()


@dataclass(eq=False)
class Drawing:
    """What many wait for. `version` None: it is not begun, so it will show whatever happens until then."""

    picture: Picture
    version: tuple[int, ...] | None = None
    began: float = 0.0
    rests_until: float = 0.0

    def is_current(self) -> bool:
        """Whether nothing has changed since it was begun, and it is not old."""
        fresh = monotonic() - self.began <= FRESH_SECONDS
        return self.version is None or (self.version == version_of(self.picture.places) and fresh)

    def begin(self, earlier: "Drawing | None") -> "Drawing":
        self.parts = asyncio.create_task(self._draw(earlier))
        return self

    async def _draw(self, earlier: "Drawing | None") -> Parts:
        if earlier is not None:
            await asyncio.wait([earlier.parts])
            await asyncio.sleep(earlier.rests_until - monotonic())
        self.version, self.began = version_of(self.picture.places), monotonic()
        try:
            return await _in_thread(partial(gallery.show, self.picture))
        finally:
            now = monotonic()
            self.rests_until = now + REST * (now - self.began)


def streams_here() -> int:
    """Of a person, in this process. A page whose stream ended asks now and then, and tries again, maybe elsewhere."""
    return max(2, STREAMS_A_PERSON // settings.WEB_PROCESSES)


class Listener:
    """One database connection for all pages of an event loop: there while somebody looks."""

    def __init__(self) -> None:
        self.pages: dict[Page, None] = {}  # the oldest first
        self.tasks: list[asyncio.Task[None]] = []
        self.listening = False
        self.drawings: dict[Hashable, Drawing] = {}

    @contextlib.contextmanager
    def subscribed(self, page: Page) -> Iterator[None]:
        mine = [one for one in self.pages if one.person == page.person and not one.over]
        for one in mine[: max(0, len(mine) + 1 - streams_here())]:
            one.end(crowded=True)
        self.pages[page] = None
        if self.listening:
            page.woken.set()  # what happened between the page and its stream
        if not self.tasks:
            self.tasks = [asyncio.create_task(self.listen()), asyncio.create_task(self.ask_for_rights())]
        try:
            yield
        finally:
            del self.pages[page]
            if all(one.picture.key != page.picture.key for one in self.pages):
                left = self.drawings.pop(page.picture.key, None)
                if left is not None:
                    left.parts.cancel()  # nobody waits for it any more
            if not self.pages:
                for task in self.tasks:
                    task.cancel()
                self.tasks, self.listening = [], False

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
        """The pages of the site that a notice names; None, or a notice that cannot be read: all."""
        shown = {place for one in self.pages for place in one.picture.places}
        named = None if payload is None else places_named(payload)
        places = shown if named is None else named & shown
        changed(shown if named is None else named)
        for one in self.pages:
            if not places.isdisjoint(one.picture.places):
                one.woken.set()

    async def drawn(self, picture: Picture) -> Parts | None:
        """What there is to see now: all who show the same wait for one drawing. None: the database is not there."""
        kept = self.drawings.get(picture.key)
        if kept is None or not kept.is_current():
            kept = self.drawings[picture.key] = Drawing(picture).begin(earlier=kept)
        try:
            return await asyncio.shield(kept.parts)
        except DatabaseError as error:
            logger.warning("live: nothing drawn (%s)", type(error).__name__)
            if self.drawings.get(picture.key) is kept:
                del self.drawings[picture.key]
            return None

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
