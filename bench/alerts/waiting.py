"""How a benchmark of alerts waits, keeps a rate, and says what it has seen."""

import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

PATIENCE = 60  # seconds without any progress
SENDERS = 4  # tablets


class Progress:
    """One line that is written over, twice a second at most; none where nobody sits at a terminal."""

    def __init__(self) -> None:
        self.next = 0.0

    def say(self, text: str) -> None:
        if sys.stderr.isatty() and time.monotonic() >= self.next:
            self.next = time.monotonic() + 0.5
            print(f"\r{text:<78}\r", end="", file=sys.stderr, flush=True)


say = Progress().say


def tell(text: str) -> None:
    """A line that stays, over the one that is written over."""
    if sys.stderr.isatty():
        print(f"\r{'':<78}\r", end="", file=sys.stderr, flush=True)
    print(text, flush=True)


def wait_for_all(done: Callable[[], int], wanted: int, what: str) -> None:
    """Until `done` counts as many as wanted. Ends the run where it counts no further for PATIENCE."""
    before, moved = -1, time.monotonic()
    while (now := done()) < wanted:
        if now != before:
            before, moved = now, time.monotonic()
            say(f"{what}: {now} of {wanted}")
        if time.monotonic() - moved > PATIENCE:
            sys.exit(f"\n{what}: {now} of {wanted}, and nothing more for {PATIENCE} s")
        time.sleep(0.05)


def at_rate(rate: int, jobs: list[Callable[[], None]]) -> float:
    """Start so many a second, whether or not the ones before are done; the rate that was reached."""
    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as senders:
        for number, job in enumerate(jobs):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            senders.submit(job)
    return len(jobs) / (time.monotonic() - began)


def spread(taken: list[float]) -> tuple[float, float, float]:
    """p50, p95 and p99 in milliseconds."""
    cuts = statistics.quantiles(taken, n=100, method="inclusive")
    return cuts[49] * 1000, cuts[94] * 1000, cuts[98] * 1000
