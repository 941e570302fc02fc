"""A picture for all open pages that show it: one task draws it, and tells those pages that do not have it as it is now.

What changes often is drawn once for all that happened within a second, an alert at once. A drawing begins after the
notices that it is made for, so nobody is shown less than what woke her. Pages are told little by little: a hundred of
them at once would keep a save waiting that comes in meanwhile.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

from django.db import DatabaseError

from crsmonitor.errors import NotFound
from crsmonitor.pages.notices import Place, version_of
from crsmonitor.pages.parts import Parts

logger = logging.getLogger(__name__)

PACE_SECONDS = 1.0  # between two drawings of what is no alert: a ward may save ten sets a second
REST = 1  # times what a drawing took, after it: however many notices come, each picture takes half a core at most
SLICE, GAP_SECONDS = 8, 0.001  # pages that are told in one go, and the wait between two


class Viewer(Protocol):
    """An open page. `has`: the drawing that it shows; `news`: that there is another."""

    has: Parts | None
    news: asyncio.Event

    def end(self) -> None: ...


class Subject(Protocol):
    """What is drawn. `places`: where something happens to it."""

    @property
    def places(self) -> frozenset[Place]: ...


@dataclass(eq=False)
class Exhibit:
    """`draw`: what there is to see now, or DatabaseError. `fresh`: seconds until it is drawn again in any case."""

    picture: Subject
    draw: Callable[[], Awaitable[Parts]]
    fresh: float
    pages: dict[Viewer, None] = field(default_factory=dict)  # the oldest first
    parts: Parts | None = None  # as drawn last; None: not yet
    is_away: bool = False  # the database, when it was to be drawn last
    version: tuple[int, ...] = ()
    began: float = float("-inf")
    rests_until: float = float("-inf")
    due_at: float = float("inf")
    sooner: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, page: Viewer) -> None:
        """To one that has just been opened: as it was drawn, where nothing has happened since."""
        recent = asyncio.get_running_loop().time() - self.began <= self.fresh
        if self.parts is not None and not self.is_away and recent and self.version == version_of(self.picture.places):
            page.news.set()
        else:
            self.wake(within=0)

    def wake(self, *, within: float) -> None:
        """Something changed: it is drawn again so many seconds after the last drawing was begun, or now."""
        due_at = max(asyncio.get_running_loop().time(), self.began + within)
        if due_at < self.due_at:
            self.due_at = due_at
            self.sooner.set()

    def begin(self) -> "Exhibit":
        self.due_at = asyncio.get_running_loop().time() + self.fresh
        self.task = asyncio.create_task(self._go_on())
        self.task.add_done_callback(self._end)
        return self

    def _end(self, task: "asyncio.Task[None]") -> None:
        """Where it cannot be drawn the streams end: the pages ask by themselves, and are told why."""
        if task.cancelled():
            return
        if error := task.exception():
            logger.error("live: drawing failed", exc_info=error)
        for page in self.pages:
            page.end()

    async def _go_on(self) -> None:
        """For as long as somebody looks. What happens while it is drawn has it drawn once more."""
        time = asyncio.get_running_loop().time
        while True:
            while (left := max(self.due_at, self.rests_until) - time()) > 0:
                self.sooner.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await self.sooner.wait()
            self.version, self.began = version_of(self.picture.places), time()
            self.due_at = self.began + self.fresh
            try:
                drawn = await self.draw()
            except NotFound:
                return  # whom it was of may not be seen here any more
            except DatabaseError as error:
                logger.warning("live: nothing drawn (%s)", type(error).__name__)
                self.is_away = True
            else:
                self.is_away = False
                if drawn != self.parts:
                    self.parts = drawn
            self.rests_until = time() + REST * (time() - self.began)
            await self._tell()

    async def _tell(self) -> None:
        """All who do not have what was drawn; where the database is away everybody, as a sign of life."""
        waiting = [one for one in self.pages if self.is_away or one.has is not self.parts]
        for first in range(0, len(waiting), SLICE):
            for page in waiting[first : first + SLICE]:
                page.news.set()
            await asyncio.sleep(GAP_SECONDS)
