"""How many connections the processes of one machine may open, and whether the server has as many.

A connection that the server refuses is a page that says "busy" under a full ward, so it is counted before that.
"""

import logging

from django.conf import settings
from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

LARGEST_POOL, SMALLEST_POOL = 21, 9
POOLS_TOGETHER = 56  # of three processes and more: with what is beside them, less than the 97 of a new PostgreSQL
# Of a web process, beside its pool: two for notices (crsmonitor/pages/), one draws (web/drawing.py), two download.
BESIDE_THE_POOL = 5
OTHERS = 6  # packets, designs, beat, watchdog, a worker's first process, and a command
FULL = 0.9  # of what the server has

_AVAILABLE = """
    SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0),
           (SELECT sum(numbackends)::int FROM pg_stat_database)
"""


def pool_of_each(web_processes: int) -> int:
    """Most connections of each web process where DB_POOL does not say."""
    return min(LARGEST_POOL, max(SMALLEST_POOL, POOLS_TOGETHER // web_processes))


def most_connections(*, web: int, pool: int, workers: int) -> int:
    """Of a machine that runs every service with so many processes."""
    return web * (pool + BESIDE_THE_POOL) + workers + OTHERS


def doubts(*, wanted: int, available: int, used: int) -> str:
    """What is to be done about it; empty where there are enough."""
    if wanted > available:
        return (
            f"this machine may open {wanted} connections, and the database has {available}: lower DB_POOL or "
            "CRS_WEB_PROCESSES, or raise max_connections"
        )
    if used > FULL * available:
        return f"{used} of the {available} connections of the database are open: raise max_connections"
    return ""


def connection_doubts() -> str:
    """As `doubts`, of this machine's settings and this server. Raises DatabaseError."""
    wanted = most_connections(
        web=settings.WEB_PROCESSES, pool=max(1, settings.DB_POOL), workers=settings.WORKER_PROCESSES
    )
    with connection.cursor() as cursor:
        cursor.execute(_AVAILABLE)
        available, used = cursor.fetchone()
    return doubts(wanted=wanted, available=available, used=used)


def say_connection_doubts() -> None:
    """At the start of a web process, where there are any."""
    try:
        if words := connection_doubts():
            logger.warning("web: %s", words)
    except DatabaseError:  # said by whoever asks whether it is there
        pass
    finally:
        connection.close()
