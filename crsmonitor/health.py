"""Is the process alive (/healthz), and can it do its work (/readyz)?"""

import logging
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crsmonitor import __version__

logger = logging.getLogger(__name__)


class NotWell(Exception):
    """A part answers, and what it says is not well."""


ALIVE = f"ok {__version__}\n".encode()  # of /healthz, which the event loop of the web process answers by itself
WAIT_SECONDS = 2  # a probe that waits longer than its caller says nothing


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers, with its version. Nothing else is asked, so a broken database restarts no web process."""
    return HttpResponse(ALIVE, content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Each part 'ok' or 'failed'; 503 if any failed. The reasons go to the log, never to the caller."""
    parts = {name: "ok" if works(name, check) else "failed" for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"status": "ok" if ready else "failed", "parts": parts}, status=200 if ready else 503)


def works(name: str, check: Callable[[], None]) -> bool:
    """Whether `check` passes; the log says why not."""
    try:
        check()
    except (DatabaseError, redis.RedisError, OSError, NotWell) as error:
        # The class only: a connection error may quote a user name or an address.
        logger.warning("readyz: %s failed (%s)", name, type(error).__name__)
        return False
    return True


def check_database() -> None:
    """Raises DatabaseError where the database does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    """Raises RedisError where the broker does not answer."""
    with redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=WAIT_SECONDS,
        socket_connect_timeout=WAIT_SECONDS,
        retry=None,
    ) as broker:
        broker.ping()


CHECKS: dict[str, Callable[[], None]] = {"database": check_database, "broker": check_broker}


def add_check(name: str, check: Callable[[], None]) -> None:
    """What an app has to say of itself on /readyz: `check` raises NotWell, or what its part raises."""
    CHECKS[name] = check
