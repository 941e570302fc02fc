"""Which threads answer a request: a crowd of one kind never keeps another kind waiting."""

import re
from collections.abc import Mapping
from typing import Final

SAVES, PAGES, EXPORTS, WATCH = "saves", "pages", "exports", "watch"

# Downloads last for minutes; probes and the beacon take milliseconds and must be heard.
_FIXED: Final = {EXPORTS: 2, WATCH: 2}
_ELSEWHERE: Final = 1  # connection: that of the thread that draws lists for open pages (live.py)
_LEAST: Final = 2
DEFAULT_THREADS: Final = 21  # 8 for saves, 8 for pages

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
# What a person at a bed does: facts, their corrections, answers to alerts, and what tablets send by themselves.
# Not that an alert was seen: every open page says so, and nobody waits for it.
_BEDSIDE: Final = re.compile(r"/(?:api/v1/)?(?:participants|corrections|alerts|tablets?|sync|ward)/(?!seen/).")
# The forms that lead there. What else stands below a participant is read, and named here.
_READ: Final = "window|gate|drugs|judge|course|live|stream"
_FORMS: Final = re.compile(rf"/participants/\d+/(?!(?:{_READ})/)[\w-]+/|/corrections/")
_EXPORTS: Final = re.compile(r"/(?:exports|datasets|packets?)/|\.(?:csv|zip|xpt|ndjson)$")
_WATCH: Final = frozenset({"/readyz", "/metrics", "/beacon/receipt/"})
# One participant (or alert, or corrected fact): what changes it is done one after the other in the database.
_ONE: Final = re.compile(r"/(?:api/v1/)?(participants/\d+|(?:alerts|corrections/[\w-]+)/[0-9a-fA-F-]{36})/")


def threads(total: int) -> Mapping[str, int]:
    """How many threads each lane has where `total` may work at once, each on a database connection of its own."""
    each = max(_LEAST, (total - sum(_FIXED.values()) - _ELSEWHERE) // 2)
    return {SAVES: each, PAGES: each} | _FIXED


def lane_of(method: str, path: str) -> str:
    """The lane of a request."""
    if path in _WATCH:
        return WATCH
    if _EXPORTS.search(path):
        return EXPORTS
    if method in _SAFE:
        return SAVES if _FORMS.match(path) else PAGES
    return SAVES if _BEDSIDE.match(path) else PAGES


def turn_of(method: str, path: str) -> str | None:
    """What the request changes, where those who change the same wait for each other. None: it need not wait."""
    match = None if method in _SAFE else _ONE.match(path)
    return match[1].lower() if match else None
