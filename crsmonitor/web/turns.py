"""Who changes the same participant waits here, and not in a thread.

The database lets them through one after the other. One stuck transaction and ten tablets that try again and again
would else sit in all the threads there are.
"""

import asyncio
import contextlib
import weakref
from collections.abc import AsyncIterator

AT_ONCE = 2  # one in the database, and one that follows at once
WAIT_SECONDS = 3.0  # as long as a lock of the database is waited for


class Turns:
    def __init__(self) -> None:
        self._taken: weakref.WeakValueDictionary[str, asyncio.Semaphore] = weakref.WeakValueDictionary()

    @contextlib.asynccontextmanager
    async def turn(self, what: str | None) -> AsyncIterator[bool]:
        """False: it is still another's turn after WAIT_SECONDS."""
        if what is None:
            yield True
            return
        turn = self._taken.get(what)
        if turn is None:
            turn = self._taken[what] = asyncio.Semaphore(AT_ONCE)
        if turn.locked():
            try:
                async with asyncio.timeout(WAIT_SECONDS):
                    await turn.acquire()
            except TimeoutError:
                yield False
                return
        else:
            await turn.acquire()  # without waiting, so there is no time to be counted
        try:
            yield True
        finally:
            turn.release()
