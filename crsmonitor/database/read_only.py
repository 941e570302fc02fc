"""A database that answers and keeps nothing, as a standby does during a failover.

The server says so of itself whenever it changes (ParameterStatus), so nobody has to ask.
"""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection

from crsmonitor.database.limits import is_read_only_error


def is_read_only() -> bool:
    """Of the connection of this thread. False also where there is none yet: whoever writes will be told."""
    if connection.connection is None or connection.connection.closed:
        return False
    reports = connection.connection.info
    return "on" in {reports.parameter_status(name) for name in ("in_hot_standby", "default_transaction_read_only")}


class SessionStore(db.SessionStore):
    """A page is not refused because it cannot be noted that somebody uses it."""

    def save(self, must_create: bool = False) -> Any:
        try:
            super().save(must_create)
        except UpdateError as error:
            if error.__context__ is None or not is_read_only_error(error.__context__):
                raise
