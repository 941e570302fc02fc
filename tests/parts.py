"""With what each worker of pytest-xdist begins, so that both cores are busy to the end of a whole run."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Test = TypeVar("Test")


def in_parts(tests: Sequence[Test], kinds: Sequence[Callable[[Test], bool]], workers: int) -> list[Test]:
    """The order of which xdist gives each worker a like number, with the tests of a kind first in one of these parts.

    A kind that waits, or of few that take long, is begun at once that way, beside what computes; what is left at the
    end, and taken over from whoever has most of it, are the many quick ones.
    """
    heads: list[list[Test]] = [[] for _ in range(workers)]
    rest: list[Test] = []
    for test in tests:
        of = next((place for place, is_of in enumerate(kinds) if is_of(test)), None)
        (rest if of is None else heads[of % workers]).append(test)
    order: list[Test] = []
    for place, head in enumerate(heads):
        room = max(0, (len(tests) - len(order)) // (workers - place) - len(head))
        order += head + rest[:room]
        del rest[:room]
    return order
