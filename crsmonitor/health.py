"""Is the process alive (/healthz), and can it do its work (/readyz)?"""

import logging
import time
from collections.abc import Callable
from functools import cache

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crsmonitor import __version__
from crsmonitor.database import replica
from crsmonitor.database.connections import connection_doubts
from crsmonitor.database.read_only import is_read_only
from crsmonitor.operating import release

logger = logging.getLogger(__name__)


class Doubtful(Exception):
    """A part works, and somebody should look: told, and no reason to take the process out of service."""


class NotWell(Exception):
    """A part answers, and what it says is not well."""


# Of /healthz, which the event loop of the web process answers by itself.
ALIVE = f"ok {__version__}\ncommit {release.commit()}\nschema {release.schema()}\n".encode()
SETTLE_SECONDS = 30  # after the start of a process: that its neighbours are not there yet is no fault
_STARTED = time.monotonic()
REPLICA_SECONDS = 30  # behind the database
WAIT_SECONDS = 2  # a probe that waits longer than its caller says nothing


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers, with what it is. Nothing else is asked, so a broken database restarts no web process."""
    return HttpResponse(ALIVE, content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part 'ok', 'warn' or 'failed'; 503 if any failed. The reasons go to the log, never to the caller."""
    parts = {name: state_of(name, check) for name, check in CHECKS.items()}
    ready = "failed" not in parts.values()
    return JsonResponse({"status": "ok" if ready else "failed", "parts": parts}, status=200 if ready else 503)


def state_of(name: str, check: Callable[[], None]) -> str:
    try:
        return "ok" if works(name, check) else "failed"
    except Doubtful:
        return "warn"


def works(name: str, check: Callable[[], None]) -> bool:
    """Whether `check` passes; the log says why not. Raises Doubtful."""
    try:
        check()
    except (DatabaseError, redis.RedisError, OSError, NotWell) as error:
        # The class only: a connection error may quote a user name or an address.
        level = logging.WARNING if time.monotonic() - _STARTED > SETTLE_SECONDS else logging.INFO
        logger.log(level, "readyz: %s failed (%s)", name, type(error).__name__)
        return False
    return True


def check_database() -> None:
    """Raises DatabaseError where the database does not answer, NotWell where it keeps nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if is_read_only():
        raise NotWell


def check_broker() -> None:
    """Raises RedisError where the broker does not answer."""
    with redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
        retry=None,
    ) as broker:
        broker.ping()


def check_schema() -> None:
    """Raises NotWell where a migration that this program knows was not applied. A database that is ahead is well."""
    if missing := migrations_missing():
        logger.info("readyz: not migrated: %s", ", ".join(missing))
        raise NotWell


def migrations_missing() -> list[str]:
    """The newest migration of each app that the database does not have. Raises DatabaseError."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return [f"{app} {name}" for app, name in _newest_migrations() if (app, name) not in applied]


def check_connections() -> None:
    """Raises Doubtful where the database may run out of connections. One that is away is `database`'s to say."""
    try:
        words = connection_doubts()
    except DatabaseError:
        return
    if words:
        logger.warning("readyz: %s", words)
        raise Doubtful


def check_replica() -> None:
    """Raises Doubtful where the database answers in its place, or it is long behind."""
    try:
        state = replica.replica_state()
    except DatabaseError:
        return
    if state.bytes_behind is None or state.seconds_behind > REPLICA_SECONDS:
        logger.warning("readyz: the replica is away, or %.0f s behind: the database answers", state.seconds_behind)
        raise Doubtful


@cache
def _newest_migrations() -> list[tuple[str, str]]:
    return sorted(MigrationLoader(None).graph.leaf_nodes())


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database, "broker": check_broker, "schema": check_schema, "connections": check_connections,
}  # fmt: skip
if replica.REPLICA in settings.DATABASES:
    CHECKS["replica"] = check_replica


def add_check(name: str, check: Callable[[], None]) -> None:
    """What an app has to say of itself on /readyz: `check` raises NotWell, or what its part raises."""
    CHECKS[name] = check
