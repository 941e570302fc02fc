"""Run a coroutine in a test."""

import asyncio
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")
_run = asyncio.run


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """In a thread of its own: a browser test before it in the same process leaves a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, coroutine).result()


@contextmanager
def each_apart() -> Iterator[None]:
    """Whoever runs a coroutine meanwhile does so beside the loop that runs in this thread."""
    asyncio.run = run  # type: ignore[assignment]
    try:
        yield
    finally:
        asyncio.run = _run
