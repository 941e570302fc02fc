"""A database of before 0.2 is recognised before anything is migrated, and named with what to do.

Its migrations were put together into one for each app, since nothing had been released: its tables have other names,
and Django would take them for migrated.
"""

from typing import Any

from django.core.management import CommandError
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

TOLD = (
    "This database was made by crsmonitor before 0.2, and its tables cannot be carried on. If it holds anything that "
    "you need, export it with the version that made it. Then set it aside and start anew: of `dev.py up`, rename the "
    "folder var/ (or the one that CRS_STATE_DIR names); of a server, make another database and name it in "
    "DATABASE_OWNER_URL and DATABASE_URL."
)


def refuse_older(using: str, **_: Any) -> None:
    """Raises CommandError where a migration was applied that only versions before 0.2 had."""
    applied = MigrationRecorder(connections[using]).applied_migrations()
    if ("regimens", "0002_sealed_and_audited") in applied:
        raise CommandError(TOLD)
