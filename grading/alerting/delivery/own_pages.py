"""The pages that a worker leaves and sends itself."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from grading.models import Delivery


@dataclass(frozen=True, slots=True)
class Own:
    """What a worker leaves to itself: `claim` says which pages, `mine` are those that are committed."""

    claim: Callable[[Sequence[Delivery], datetime], list[Delivery]]
    mine: list[Delivery] = field(default_factory=list)


_own: ContextVar[Own | None] = ContextVar("own", default=None)


@contextmanager
def delivering(claim: Callable[[Sequence[Delivery], datetime], list[Delivery]]) -> Iterator[list[Delivery]]:
    """For a worker that sends itself some of the pages that it leaves: those, once they are committed.

    `claim` gets the pages before they are kept, and marks and returns which these are: they are its from the first.
    """
    own = Own(claim)
    token = _own.set(own)
    try:
        yield own.mine
    finally:
        _own.reset(token)


def current() -> Own | None:
    """Of the worker that is at it. None: whoever leaves pages now sends none of them."""
    return _own.get()
