"""How a command that takes a while says how far it is, and how it is interrupted."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

INTERRUPTED = 130  # what a shell expects of Ctrl-C


@contextmanager
def bar(stdout: Any, what: str, *, of: str, total: int, every: int) -> Iterator[Callable[[], None]]:
    """A bar on a terminal; elsewhere a line now and then. Gives what to call after each."""
    if stdout.isatty():
        shape = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*shape) as progress:
            task = progress.add_task(what, total=total)
            yield lambda: progress.advance(task)
        return
    done = 0

    def one_more() -> None:
        nonlocal done
        done += 1
        if done % every == 0:
            stdout.write(f"{done} of {total} {of}")

    yield one_more


@contextmanager
def stop_on_ctrl_c() -> Iterator[list[int]]:
    """The first Ctrl-C is noted, so that what is under way is finished; the second one acts at once."""
    interrupts: list[int] = []

    def note(number: int, frame: object) -> None:
        interrupts.append(number)
        signal.signal(signal.SIGINT, before)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupts
    finally:
        signal.signal(signal.SIGINT, before)
