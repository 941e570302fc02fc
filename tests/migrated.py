"""A cluster with every migration in it: made once, kept in pytest's cache, and copied for each run of the tests.

It is kept under a hash of whatever may show in it, so what has changed is never found again; `pytest --cache-clear`
forgets it. Each worker of pytest-xdist copies the database in it. Where migrating fails there is nothing to copy:
each worker then migrates a database of its own, which says why.
"""

import contextlib
import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from crsmonitor import embedded
from tests.kept import Kept

ROOT = Path(__file__).resolve().parents[1]
OURS = ("crsmonitor", "grading", "regimens")
SHOWS = {"migrations", "models", "facts", "audit", "embedded", "settings", "apps"}  # modules, or folders of them
MIGRATED, UNFINISHED = "test_crs_migrated", "test_crs_unfinished"
KEPT = Kept(ROOT / ".pytest_cache/d/clusters", most=3)  # of 100 MB each


def bring(postgres: embedded.Postgres) -> None:
    """Give an engine that has no cluster yet the one with every migration."""
    packages = [f"{one.name} {one.version}" for one in importlib.metadata.distributions()]
    name = made_of(ROOT, [str(embedded.postgres_bin()), postgres.version, str(postgres.user), *sorted(packages)])
    with contextlib.suppress(CannotMigrate):
        KEPT.copy(name, postgres.state, make=lambda: make(postgres))


def made_of(root: Path, versions: Iterable[str]) -> str:
    """A hash of the migrations, of the models and what else may show in a database, and of versions."""
    digest = hashlib.sha256("\n".join(versions).encode())
    for path in sorted(sources(root)):
        digest.update(f"\n{path.relative_to(root)} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def sources(root: Path) -> Iterator[Path]:
    yield root / "tests/migrated.py"
    for package in OURS:
        for path in (root / package).rglob("*.py"):
            if SHOWS & {*path.relative_to(root).with_suffix("").parts}:
                yield path


class CannotMigrate(Exception):
    """A migration fails."""


def make(postgres: embedded.Postgres) -> list[Path]:
    """Migrates in a process of its own: this one has not read its settings yet."""
    postgres.start()
    try:
        no_broker = {"CRS_TEST_REDIS_URL": "redis://127.0.0.1:9/0", "CRS_TEST_STATE_DIR": str(postgres.state)}
        env = os.environ | addresses(postgres) | no_broker
        made = subprocess.run([sys.executable, "-m", "tests.migrated"], cwd=ROOT, env=env, capture_output=True)
    finally:
        postgres.stop()
    if made.returncode:
        raise CannotMigrate
    return [postgres.data, *postgres.state.glob("*.secret")]


def addresses(postgres: embedded.Postgres) -> dict[str, str]:
    return {
        "CRS_TEST_DATABASE_URL": postgres.url(embedded.APP),
        "CRS_TEST_OWNER_URL": postgres.url(embedded.OWNER),
        "CRS_TEST_SUPERUSER_URL": postgres.url(embedded.SUPERUSER),
    }


def copy_as(name: str) -> None:
    """A database of this name with every migration in it, if there is one to copy."""
    with psycopg.connect(os.environ["CRS_TEST_OWNER_URL"], autocommit=True) as connection:
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
