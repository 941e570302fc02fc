"""A PostgreSQL of a test's own, which it may kill and fill, with the tables of the test database."""

import contextlib
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from crsmonitor import embedded
from tests import migrated
from tests.faults.rig.stack import Stack, family


@contextmanager
def a_database_of_its_own(stack: Stack, folder: Path) -> Iterator[embedded.Postgres]:
    """Durable, as in production. What the stack starts and Django here speak to it until the block ends."""
    postgres, here = embedded.Postgres(folder), connection.settings_dict
    before = dict(here)
    migrated.bring(postgres)
    try:
        postgres.start()
        use_migrated(postgres)
        connection.close()
        with psycopg.connect(postgres.url(embedded.APP)) as session:
            here |= {"NAME": session.info.dbname, "PORT": str(session.info.port), "PASSWORD": session.info.password}
        stack.env |= {"DATABASE_URL": postgres.url(embedded.APP), "DATABASE_OWNER_URL": postgres.url(embedded.OWNER)}
        yield postgres
    finally:
        stack.end()
        connection.close()
        here.update(before)
        postgres.stop()


def use_migrated(postgres: embedded.Postgres) -> None:
    """The database with every migration is the one that the app finds."""
    with postgres.connect() as superuser:
        superuser.execute(f"DROP DATABASE {embedded.DATABASE}")
        superuser.execute(f"ALTER DATABASE {migrated.MIGRATED} RENAME TO {embedded.DATABASE}")


def kill(postgres: embedded.Postgres) -> None:
    """The server and everything that it started, at once."""
    assert postgres.process
    for pid in family(postgres.process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    postgres.process.wait()
    connection.close()
