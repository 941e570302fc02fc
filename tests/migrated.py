"""A database with every migration in it, made once for all workers of pytest-xdist while they collect.

The first process holds the lock from before a worker starts until the program at the end of this file has made it;
a worker waits for the lock and copies. Where there is nothing to copy a worker migrates a database of its own.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

MIGRATED, UNFINISHED = "test_crs_migrated", "test_crs_unfinished"
LOCK = 0x6D696772  # of the cluster's database `crs`, which no test uses


def locked() -> psycopg.Connection:
    """The owner's connection, holding the lock until it is closed."""
    connection = psycopg.connect(os.environ["CRS_TEST_OWNER_URL"], autocommit=True)
    connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    return connection


def start_making(config: pytest.Config) -> None:
    """Called in the first process, before it starts workers."""
    lock = locked()
    maker = subprocess.Popen([sys.executable, "-m", "tests.migrated"], cwd=Path(__file__).parents[1])

    def unlock_afterwards() -> None:
        maker.wait()
        lock.close()

    waiting = threading.Thread(target=unlock_afterwards)
    waiting.start()

    def stop() -> None:
        maker.kill()  # of no use any more, if it still runs
        waiting.join()

    config.add_cleanup(stop)


def copy_as(name: str) -> None:
    with locked() as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [MIGRATED]).fetchone():
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
            connection.execute(copy.format(sql.Identifier(name), sql.Identifier(MIGRATED)))


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "crsmonitor.settings_test"
    import django
    from django.conf import settings
    from django.db import connections
    from django.test.utils import setup_databases

    django.setup()
    settings.DATABASES["owner"]["TEST"]["NAME"] = UNFINISHED
    setup_databases(verbosity=0, interactive=False, aliases={"owner"}, serialized_aliases=set())
    connections.close_all()
    with psycopg.connect(os.environ["CRS_TEST_OWNER_URL"], autocommit=True) as connection:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        connection.execute(rename.format(sql.Identifier(UNFINISHED), sql.Identifier(MIGRATED)))


if __name__ == "__main__":
    main()
