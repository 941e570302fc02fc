"""Saves that are under way in this process: what open pages are told can wait a moment, whoever saves stands at a bed.

One Python does both. A thread that comes back from the database a dozen times in a save would wait each time for the
event loop to have written to some page.
"""

import asyncio
import contextlib
from collections.abc import Iterator

STEP_SECONDS = 0.002


class Saves:
    def __init__(self) -> None:
        self.under_way = 0

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        self.under_way += 1
        try:
            yield
        finally:
            self.under_way -= 1

    async def none(self, *, until: float) -> None:
        """Returns as soon as none is under way, or at that time of the loop: alerts cannot wait for long."""
        time = asyncio.get_running_loop().time
        while self.under_way and time() < until:
            await asyncio.sleep(STEP_SECONDS)


saves = Saves()
