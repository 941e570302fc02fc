"""Whether a web process still does its work. It says so again and again; once it does not, its parent has another.

uvicorn's own parent asks a thread of the process, which answers however long the event loop stands still, and its
`callback_notify` goes by the clock on the wall, which may be put back. So here the loop itself counts.
"""

import logging
import mmap
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Any

import uvicorn

logger = logging.getLogger(__name__)

STUCK_SECONDS = 60.0  # a statement of the site ends after 15 (database/limits.py), and a request has few that are slow


class Pulse:
    """A byte of memory that a process shares with its forks: one counts, the other sees whether it does."""

    def __init__(self) -> None:
        self._count, self._heard = mmap.mmap(-1, 1), 0

    def beat(self) -> None:
        self._count[0] = (self._count[0] + 1) % 256

    def is_heard(self) -> bool:
        """Whether it was beaten since it was asked last."""
        before, self._heard = self._heard, self._count[0]
        return before != self._heard


class Threads(ThreadPoolExecutor):
    """Knows since when none of its threads has come to an end with anything, while something waits for one."""

    def __init__(self, number: int, name: str) -> None:
        super().__init__(number, thread_name_prefix=name)
        self._number, self._open, self._guard = number, 0, threading.Lock()
        self._moved_at = 0.0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        with self._guard:
            self._open += 1
            if self._open == self._number + 1:  # the first that waits
                self._moved_at = monotonic()
        future = super().submit(fn, *args, **kwargs)
        future.add_done_callback(self._done)
        return future

    def _done(self, _future: Future[Any]) -> None:
        with self._guard:
            self._open -= 1
            self._moved_at = monotonic()

    def is_stuck(self, at: float, *, after: float) -> bool:
        return self._open > self._number and at - self._moved_at >= after


class Server(uvicorn.Server):
    """Beats with each turn of its loop, ten times a second. It ends in order where the threads of a lane are stuck."""

    def __init__(
        self, config: uvicorn.Config, *, pulse: Pulse | None, lanes: Mapping[str, Threads],
        stuck_seconds: float = STUCK_SECONDS,
    ) -> None:  # fmt: skip
        """`pulse` None: there is no parent that would start another. `lanes`: whose threads nothing may hold."""
        super().__init__(config)
        self.pulse, self.lanes, self.stuck_seconds = pulse, lanes, stuck_seconds
        self.is_stuck = False

    async def on_tick(self, counter: int) -> bool:
        if self.pulse is not None:
            self.pulse.beat()
            now, after = monotonic(), self.stuck_seconds
            stuck = [name for name, threads in self.lanes.items() if threads.is_stuck(now, after=after)]
            if stuck:
                logger.error("web: no thread for %s within %s s, this process ends", ", ".join(stuck), after)
                self.is_stuck = True
                return True
        return await super().on_tick(counter)
