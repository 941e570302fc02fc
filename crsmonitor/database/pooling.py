"""Whether a connection is one session of the server, as this program needs it, and has the limits it was given.

A pool between them that hands sessions on after each transaction (PgBouncer's `pool_mode = transaction`) would lose the
notices that wake pages and the lock of a download, and may give away the limits that keep one transaction from stopping
a site. It is refused at the start, and not found out at night.
"""

import logging
from contextlib import ExitStack

import psycopg
from django.db import connection

from crsmonitor.database.limits import Limits

logger = logging.getLogger(__name__)

LOOKS = 3  # each of two connections is asked so often, in turn


def refuse_shared_sessions(limits: Limits) -> None:
    """SystemExit with words where a pool would break what is promised. A database that is away is another's to say."""
    if words := _doubt(limits):
        raise SystemExit(f"refusing to start. DATABASE_URL: {words} (docs/operating/hosts.md).")


def _doubt(limits: Limits) -> str:
    parameters = connection.get_connection_params()
    for ours in ("cursor_factory", "context", "prepare_threshold", "pool"):
        parameters.pop(ours, None)
    try:
        with ExitStack() as both:
            sessions = [both.enter_context(psycopg.connect(**parameters, autocommit=True)) for _ in range(2)]
            seen = [[_session(one) for one in sessions] for _ in range(LOOKS)]
            missing = [name for name, seconds in limits.by_name.items() if _seconds(sessions[0], name) != seconds]
    except psycopg.OperationalError as error:
        if "startup parameter" in str(error):
            return (
                "a pool refuses the limits of connections: ignore_startup_parameters = options, and set them there by "
                f"connect_query, or on the role: {limits.statements}"
            )
        return ""
    if any(first == second for first, second in seen) or len({tuple(each) for each in seen}) > 1:
        return "a pool shares sessions (pool_mode = transaction or statement): set pool_mode = session, or leave it out"
    if missing:
        return f"{', '.join(missing)} did not arrive: set them by connect_query, or on the role: {limits.statements}"
    return ""


def _session(one: psycopg.Connection) -> int:
    return one.execute("SELECT pg_backend_pid()").fetchone()[0]  # type: ignore[index, no-any-return]


def _seconds(one: psycopg.Connection, name: str) -> float:
    milliseconds = one.execute("SELECT setting FROM pg_settings WHERE name = %s", [name]).fetchone()
    return int(milliseconds[0]) / 1000  # type: ignore[index]
