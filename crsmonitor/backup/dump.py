"""Take a backup: one snapshot of the database, dumped by pg_dump and counted by us."""

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel

from crsmonitor import __version__
from crsmonitor.backup import manifest, programs
from crsmonitor.backup.manifest import Manifest
from crsmonitor.operating import release

DUMP, MANIFEST = "database.dump", "manifest.json"


def take(folder: Path, *, source: Mapping[str, Any], at: datetime) -> Path:
    """A new folder inside `folder`, whole or not at all; its owner's only. Raises BackupFailed.

    `source`: Django's settings of a connection whose role may read every table.
    """
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder))  # mode 0700
    dump = unfinished / DUMP
    with connected(source) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot, server = _one(connection, "SELECT pg_export_snapshot(), current_setting('server_version')")
        programs.run(
            "pg_dump", "--format=custom", f"--file={dump}", f"--snapshot={snapshot}", "--lock-wait-timeout=60s",
            connection=source,
        )  # fmt: skip
        taken = Manifest(
            taken_at=at.isoformat(), version=__version__, commit=release.commit(), schema=release.schema(),
            server=server, sha256=manifest.digest_of(dump), tables=manifest.counted(connection),
            heads=manifest.heads(connection),
        )  # fmt: skip
    taken.write(unfinished / MANIFEST)
    for path in (dump, unfinished / MANIFEST):
        path.chmod(0o600)
        _to_disk(path)
    finished = folder / f"crs-{at:%Y%m%dT%H%M%SZ}"
    unfinished.rename(finished)
    _to_disk(folder)
    return finished


def connected(settings: Mapping[str, Any]) -> psycopg.Connection[Any]:
    """A connection of our own, without the limits of the site."""
    words = {name.removeprefix("PG").lower(): value for name, value in programs.environment(settings).items()}
    return psycopg.connect(dbname=words.pop("database"), **words)  # type: ignore[arg-type]


def _one(connection: psycopg.Connection[Any], query: str) -> tuple[Any, ...]:
    row = connection.execute(query).fetchone()
    assert row is not None
    return row


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
