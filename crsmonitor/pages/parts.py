"""What is drawn again and again, in parts: those that did not change are neither drawn nor sent again."""

import json
import threading
from collections import OrderedDict
from collections.abc import Hashable
from functools import lru_cache
from typing import Generic, TypeVar

from django.utils.safestring import SafeString

# What a page shows: texts that stand one after the other.
Parts = tuple[str, ...]

# Between two parts of a drawing. No page shows such a character; one in a text would only cut its part in two.
CUT = "\x1e"
# Where a template has what was drawn before. It is put in when the rest is done: a template copies what it shows once
# for each block around it, and a ward of 500 is more than a megabyte. No text of a record is this: its "<" is escaped.
HERE = SafeString("<here>")

K, V = TypeVar("K", bound=Hashable), TypeVar("V")


def parts_of(drawn: str, before: Parts = ()) -> Parts:
    """A text in parts, cut where it says so. `before`: what was drawn before, for where it says HERE."""
    head, here, tail = drawn.partition(HERE)
    return (*head.split(CUT), *before, *tail.split(CUT)) if here else tuple(drawn.split(CUT))


def changes(earlier: Parts, now: Parts) -> str:
    """How `now` is made of `earlier`, as JSON: in order, a new part as its text, parts kept as [from, up to]."""
    places = {part: place for place, part in enumerate(earlier)}
    delta: list[str | list[int]] = []
    here = 0  # where `earlier` goes on: the same age may stand in many rows, and that of this row is meant
    for part in now:
        place = here if here < len(earlier) and earlier[here] == part else places.get(part)
        if place is None:
            delta.append(part)
            here += 1  # as a rule it takes the place of what stood there
            continue
        if delta and isinstance(delta[-1], list) and delta[-1][1] == place:
            delta[-1][1] = place + 1
        else:
            delta.append([place, place + 1])
        here = place + 1
    return json.dumps(delta, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=64)  # pages that show the same have had the same
def list_event(earlier: Parts, now: Parts) -> bytes:
    """The same as a server-sent event, for a page that has the earlier one."""
    return f"event: list\ndata: {changes(earlier, now)}\n\n".encode()


class Shelf(Generic[K, V]):
    """So many things that were made, under what they were made of; those not asked for the longest give way."""

    def __init__(self, most: int) -> None:
        self._most, self._kept, self._guard = most, OrderedDict[K, V](), threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        with self._guard:
            self._kept[key] = value
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
