"""Work shared among processes, each with a database connection of its own."""

import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

import django

T, R = TypeVar("T"), TypeVar("R")
AHEAD = 2  # items a process has waiting, so that it never stands idle and a long list is never held at once


def in_order(work: Callable[[T], R], items: Iterable[T], *, jobs: int, interrupts: Sequence[int]) -> Iterator[R]:
    """The result of `work` for each item, in the order of the items; with one job, in this process.

    Nothing more is begun once `interrupts` is not empty; what is under way is finished.
    `work` is a function of a module.
    """
    if jobs == 1:
        for item in items:
            yield work(item)
            if interrupts:
                return
        return
    context = get_context("spawn")  # a fork would share this process's connection and threads
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=django.setup) as pool:
        under_way: deque[Future[R]] = deque()
        for item in items:
            if interrupts:
                break
            with _ctrl_c_later():
                under_way.append(pool.submit(work, item))
            if len(under_way) == AHEAD * jobs:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


@contextmanager
def _ctrl_c_later() -> Iterator[None]:
    """What begins meanwhile never sees a Ctrl-C: answering it is this process's part, right afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
