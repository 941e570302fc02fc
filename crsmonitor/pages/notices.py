"""What changed, told to every web process: a notice of PostgreSQL has keys of the study, the site and the participant.

A notice is a hint. Who misses one looks by itself some seconds later (live.py).
"""

import itertools
import logging
import re
import threading
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from django.db import connections, transaction

from crsmonitor.database import rows
from crsmonitor.database.straight import Statement

logger = logging.getLogger(__name__)

CHANNEL = "crs_live"
GATHER_SECONDS = 0.1  # what a ward saves within it is one notice
IDLE_SECONDS = 5.0  # then the connection of the hints is given back

# A study and a site of it. 0: any; a page that shows all sites of a study looks at (study, 0), and one that shows a
# single participant at (PARTICIPANT, their key), and at (SOMEBODY, their site) for what does not say of whom it is.
Place = tuple[int, int]
PARTICIPANT, SOMEBODY = -1, -2


def places_of(study_id: int, site_id: int, participant_id: int | None = None) -> frozenset[Place]:
    """Where a change at this site of this study is seen. `participant_id` None: of whom it is, is not said."""
    places = frozenset({(study_id, site_id), (study_id, 0), (0, site_id)})
    return places | {(SOMEBODY, site_id) if participant_id is None else (PARTICIPANT, participant_id)}


# --- What this process has heard of ------------------------------------------------------------------------------

_ticks = itertools.count(1)
_changes: dict[Place, int] = {}  # the tick of a place's last change


def changed(places: Iterable[Place]) -> None:
    tick = next(_ticks)
    _changes.update(dict.fromkeys(places, tick))


def version_of(places: Collection[Place]) -> tuple[int, ...]:
    """Another one after each change at one of these places."""
    return tuple(_changes.get(place, 0) for place in sorted(places))


# --- Telling -----------------------------------------------------------------------------------------------------


def announce(study_id: int, site_id: int, participant_id: int | None = None) -> None:
    """Wake the pages of a site when this transaction commits; nothing happens if it does not."""
    rows.fetch(*announcement(study_id, site_id, participant_id))


def announcement(study_id: int, site_id: int, participant_id: int | None = None) -> Statement:
    """The statement that does it, to go with what is written."""
    # Who saved reads it before the notice comes.
    transaction.on_commit(partial(changed, places_of(study_id, site_id, participant_id)))
    return "SELECT pg_notify($1, $2)", [CHANNEL, _payload(study_id, site_id, NOW, participant_id)]


def hint(study_id: int, site_id: int, participant_id: int | None = None) -> None:
    """The same soon after this transaction, for what is saved often and is no alert: the save does not wait for it.

    Where the process dies first it is lost, as any notice may be.
    """

    def soon() -> None:
        changed(places_of(study_id, site_id, participant_id))
        hints.add(_payload(study_id, site_id, MAY_WAIT, participant_id))

    transaction.on_commit(soon, robust=True)


# --- What a notice says ------------------------------------------------------------------------------------------

NOW, MAY_WAIT = "now", "wait"  # of no alert: so one drawing may show several such changes


@dataclass(frozen=True, slots=True)
class Notice:
    """`places`: where the change that it tells of is seen."""

    places: frozenset[Place]
    may_wait: bool = False


def _payload(study_id: int, site_id: int, kind: str, participant_id: int | None) -> str:
    return f"{study_id}.{site_id}.{kind}" + ("" if participant_id is None else f".{participant_id}")


_NOTICE = re.compile(rf"(\d+)\.(\d+)(?:\.({NOW}|{MAY_WAIT})(?:\.(\d+))?)?")


def notice_of(payload: str) -> Notice | None:
    """None: it cannot be read, so the change may be anywhere. The version before said study and site alone."""
    match = _NOTICE.fullmatch(payload)
    if match is None:
        return None
    study, site, kind, participant = match.groups()
    places = places_of(int(study), int(site), None if participant is None else int(participant))
    return Notice(places, may_wait=kind == MAY_WAIT)


class Hints:
    """A thread that tells of what was added, each once in GATHER_SECONDS. There while there is something to tell."""

    def __init__(self) -> None:
        self._pending: set[str] = set()
        self._more = threading.Condition()
        self._thread: threading.Thread | None = None

    def add(self, payload: str) -> None:
        with self._more:
            self._pending.add(payload)
            if self._thread is None or not self._thread.is_alive():  # a process that was forked has none
                self._thread = threading.Thread(target=self._tell, name="hints", daemon=True)
                self._thread.start()
            self._more.notify()

    def _tell(self) -> None:
        try:
            with psycopg.connect(**address(), autocommit=True) as telling:
                while payloads := self._taken():
                    telling.execute("SELECT pg_notify(%s, one) FROM unnest(%s::text[]) one", [CHANNEL, payloads])
        except (psycopg.Error, OSError) as error:
            logger.warning("notices: not told (%s)", type(error).__name__)
        finally:
            with self._more:
                if self._thread is threading.current_thread():
                    self._thread = None

    def _taken(self) -> list[str]:
        """What there is to tell. Empty after a while without: the thread is over, and the next one begins another."""
        with self._more:
            if not self._pending and not self._more.wait(IDLE_SECONDS):
                self._thread = None
                return []
        threading.Event().wait(GATHER_SECONDS)
        with self._more:
            payloads, self._pending = sorted(self._pending), set()
        return payloads


hints = Hints()


def address() -> dict[str, Any]:
    """Of the app's own database, without what is Django's in its options: a pool, cursors."""
    libpq = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    settings = connections["default"].get_connection_params()
    keepalive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}  # seconds, seconds, tries
    return {name: value for name, value in settings.items() if name in libpq} | keepalive
