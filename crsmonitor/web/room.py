"""Room for the frames of deep calls, which Django's templates and queries make by the hundred.

CPython lays frames in chunks of 16 KB. Who loops where a chunk ends has the system map another at every call and unmap
it at every return: a fifth of the time that pages took (github.com/python/cpython/issues/142183; 3.11 and 3.12 stay
so). A frame that is large itself is given a chunk as large, and what it calls lies in what is left of that.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P, T = ParamSpec("P"), TypeVar("T")

WORDS = 66_000  # more than half of a MiB, so that it is given a whole one; never touched, it takes no memory


def with_room(call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """What `call` returns or raises."""
    return call(*args, **kwargs)


with_room.__code__ = with_room.__code__.replace(co_stacksize=WORDS)
