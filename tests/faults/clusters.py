"""A PostgreSQL of a test's own, which it may kill and fill, with the tables of the test database."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from crsmonitor import embedded
from tests.faults.stack import Stack, family


@contextmanager
def a_database_of_its_own(stack: Stack, folder: Path) -> Iterator[embedded.Postgres]:
    """Durable, as in production. What the stack starts and Django here speak to it until the block ends."""
    postgres, here = embedded.Postgres(folder).start(), connection.settings_dict
    before = dict(here)
    try:
        copy_tables(postgres)
        connection.close()
        with psycopg.connect(postgres.url(embedded.APP)) as found:
            here |= {"NAME": found.info.dbname, "PORT": str(found.info.port), "PASSWORD": found.info.password}
        stack.env |= {"DATABASE_URL": postgres.url(embedded.APP), "DATABASE_OWNER_URL": postgres.url(embedded.OWNER)}
        yield postgres
    finally:
        stack.end()
        connection.close()
        here.update(before)
        postgres.stop()


def copy_tables(postgres: embedded.Postgres) -> None:
    """The test database as its migrations left it. Migrating anew would take three times as long."""
    name = settings.DATABASES["default"]["NAME"]
    source = os.environ["CRS_TEST_SUPERUSER_URL"].replace("/crs?", f"/{name}?")
    programs = embedded.postgres_bin()
    dump = subprocess.run(
        [programs / "pg_dump", "--dbname", source, "--exclude-schema", "crs_seed"], capture_output=True, check=True
    )
    subprocess.run(
        [programs / "psql", "--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", postgres.url(embedded.SUPERUSER)],
        input=dump.stdout, capture_output=True, check=True,
    )  # fmt: skip


def kill(postgres: embedded.Postgres) -> None:
    """The server and everything that it started, at once."""
    assert postgres.process
    for pid in family(postgres.process):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    postgres.process.wait()
    connection.close()
