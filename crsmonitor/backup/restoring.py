"""Put a backup into an empty database, and make an empty one to try it in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from crsmonitor.backup import manifest, programs
from crsmonitor.backup.dump import DUMP, MANIFEST, connected
from crsmonitor.backup.manifest import Manifest
from crsmonitor.backup.programs import BackupFailed
from crsmonitor.operating import release


def opened(folder: Path) -> Manifest:
    """The manifest of a backup whose file is the one that was taken. Raises BackupFailed."""
    try:
        taken = Manifest.read(folder / MANIFEST)
        if release.is_newer(taken.schema):
            raise BackupFailed(
                f"{folder} was made by version {taken.version}, which is newer: restore it with that one"
            )
        if manifest.digest_of(folder / DUMP) != taken.sha256:
            raise BackupFailed(f"{folder / DUMP} is not the file that was taken: its checksum differs")
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{folder} is no backup: {error}") from None
    return taken


def restore(folder: Path, *, into: Mapping[str, Any]) -> list[str]:
    """All of it or nothing, into a database without tables. Returns what differs from the manifest afterwards.

    `into`: Django's settings of a connection whose role owns the database. Raises BackupFailed.
    """
    taken = opened(folder)
    with connected(into) as connection:
        if manifest.counted(connection):
            raise BackupFailed(f"the database {into['NAME']} has tables: a backup is restored into an empty one")
    # What an extension's comment needs is a superuser; whoever restores owns everything.
    programs.run(
        "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", "--no-comments",
        f"--dbname={into['NAME']}", str(folder / DUMP), connection=into,
    )  # fmt: skip
    with connected(into) as connection:
        connection.execute("ANALYZE")  # nothing is known of it yet, and the first questions would be planned blindly
        return list(manifest.differences(taken, connection))


@contextmanager
def scratch(beside: Mapping[str, Any], *, name: str, user: str) -> Iterator[dict[str, Any]]:
    """An empty database on the same server, for as long as the block lasts. `user`: a role that may enter it too.

    Raises BackupFailed where the role may not make one.
    """
    database, role = sql.Identifier(name), sql.Identifier(user)
    with connected(beside) as connection:
        connection.autocommit = True
        try:
            drop(name, connection)
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(database))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupFailed(
                f"the role {beside['USER']} may make no database: ALTER ROLE {beside['USER']} CREATEDB"
            ) from None
        try:
            connection.execute(sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(database))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role))
            yield dict(beside) | {"NAME": name}
        finally:
            drop(name, connection)


def drop(name: str, connection: psycopg.Connection[Any]) -> None:
    """The database, with whatever sessions of the app are left in it. None of that name: nothing is done.

    Its owner may end no autovacuum that just looks through it, which FORCE would have to; without, the server sends it
    away itself, and waits 5 s for it.
    """
    database = sql.Identifier(name)
    try:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
    except psycopg.errors.InsufficientPrivilege:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(database))
