"""What the log says: one JSON object a line in production, a line for people in the one-command run.

Of our own, because python-json-logger and structlog write an exception as it comes, and what an exception says may
quote what somebody typed (`Key (number)=(...)`, `invalid literal: '...'`). Here it is its class, the database's code
and where it was raised; nothing else, in no line.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.functional import empty

from crsmonitor import __version__
from crsmonitor.logs.request_id import current_request_id
from crsmonitor.operating import release
from crsmonitor.web.lanes import WATCH, lane_of

requests = logging.getLogger("crsmonitor.requests")
FRAMES = 12  # of the newest end of a traceback
NOT_SHOWN = "…"
OPEN_A_DOOR = frozenset({"key", "token", "uidb36", "uidb64", "code"})  # arguments of an address


class RequestIdFilter(logging.Filter):
    """Gives each record the id of its request, so that the lines of one request are found together."""

    def filter(self, record: logging.LogRecord) -> bool:
        """'-' outside a request. Never drops a record."""
        record.request_id = current_request_id() or "-"
        return True


class NotWhatWeRefused(logging.Filter):
    """Drops Django's own line about a 503: whoever answered "not now" has logged why, as a warning."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) != 503


class JsonLines(logging.Formatter):
    """One object a line; `extra={"fields": {...}}` of a call stands in it too."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and (error := record.exc_info[1]):
            line["message"] = _without_words_of(error, line["message"])
            line["error"] = [_described(one) for one in _chain(error)]
        return json.dumps(line, ensure_ascii=False, default=str)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """It, and what it came from."""
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__ or one.__context__


def _described(error: BaseException) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
    described: dict[str, Any] = {
        "class": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    if code := getattr(error, "sqlstate", None):
        described["sqlstate"] = code
    return described


def _without_words_of(error: BaseException, message: str) -> str:
    """The first line of it: the others are a traceback. Celery puts the exception's own words into it."""
    message = message.split("\n", 1)[0]
    for one in _chain(error):
        foreign = {
            words.split("\n", 1)[0] for words in (str(one), repr(one), *map(str, one.args), *map(repr, one.args))
        }
        for words in sorted(foreign - {""}, key=len, reverse=True):
            message = message.replace(words, NOT_SHOWN)
    return message


# --- What is written ------------------------------------------------------------------------------------------


def log_answer(request: HttpRequest, response: HttpResponseBase, *, began: float) -> None:
    """One line a request: no query, no address that we do not have, and of the person the id. `began`: of
    time.monotonic(). Probes that are answered well are at DEBUG: they come every few seconds for ever."""
    # A stranger may write anything into an address that we do not have.
    path = _without_keys(request) if request.resolver_match else "-"
    fields = {
        "method": request.method, "path": path, "status": response.status_code,
        "ms": round((time.monotonic() - began) * 1000), "user": _who(request),
    }  # fmt: skip
    probe = request.path == "/healthz" or lane_of(request.method or "", request.path) == WATCH
    quiet = probe and response.status_code < 400
    level = logging.DEBUG if quiet else logging.INFO
    requests.log(level, "%(method)s %(path)s %(status)s", fields, extra={"fields": fields})


def _without_keys(request: HttpRequest) -> str:
    """The path, and nothing that opens a door by itself: a link of a reset, an invitation or a calendar."""
    path = request.path
    for name, value in (request.resolver_match.kwargs if request.resolver_match else {}).items():
        if name in OPEN_A_DOOR:
            path = path.replace(str(value), NOT_SHOWN)
    return path


def _who(request: HttpRequest) -> int | None:
    """The id of who is signed in, as far as that is known already: a log line asks no database."""
    user = getattr(request, "user", None)
    return None if getattr(user, "_wrapped", None) is empty else getattr(user, "pk", None)


def say_start(process: str) -> None:
    """The line with which each process begins: what it is, and whether the database is as it expects it."""
    fields = {
        "process": process, "version": __version__, "commit": release.commit(), "schema": release.schema(),
        "database": _state_of_database(), "python": sys.version.split()[0],
    }  # fmt: skip
    logging.getLogger("crsmonitor").info(
        "%(process)s starts: %(version)s, commit %(commit)s, %(schema)s, database %(database)s",
        fields, extra={"fields": fields},
    )  # fmt: skip


def _state_of_database() -> str:
    from django.db import DatabaseError, connection

    from crsmonitor.health import migrations_missing  # not before the settings are read

    try:
        missing = migrations_missing()
    except DatabaseError as error:
        return f"cannot be asked ({type(error).__name__})"
    finally:
        connection.close()  # whoever starts forks, or waits
    return f"lacks {', '.join(missing)}" if missing else "is migrated"
