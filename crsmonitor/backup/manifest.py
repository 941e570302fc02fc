"""What must be in a backup, counted in the same instant as it was taken."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

FORMAT = 1  # of the manifest itself
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_HEADS = "SELECT string_agg(subject || ' ' || seq || ' ' || hash, E'\\n' ORDER BY subject) FROM audit_head"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """`tables`: rows of each. `heads`: a digest of the ends of all chains of the audit trail."""

    taken_at: str
    version: str
    commit: str
    schema: str
    server: str
    sha256: str
    tables: Mapping[str, int]
    heads: str
    format: int = FORMAT

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1) + "\n")

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Raises ValueError where it is none that this program knows."""
        entries = json.loads(path.read_text())
        if not isinstance(entries, dict) or entries.get("format") != FORMAT:
            raise ValueError(f"{path} is no manifest of a backup that this version knows")
        try:
            return cls(**entries)
        except TypeError as error:
            raise ValueError(f"{path}: {error}") from None


def counted(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Rows of each table of ours."""
    counts = {}
    for (table,) in connection.execute(_TABLES).fetchall():
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        counts[table] = row[0] if row else 0
    return counts


def heads(connection: psycopg.Connection[Any]) -> str:
    row = connection.execute(_HEADS).fetchone()
    return hashlib.sha256(((row and row[0]) or "").encode()).hexdigest()


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def differences(manifest: Manifest, connection: psycopg.Connection[Any]) -> Iterator[str]:
    """What a database has otherwise than the manifest says. Nothing: it is all there."""
    here = counted(connection)
    for table in sorted(manifest.tables.keys() | here.keys()):
        then, now = manifest.tables.get(table), here.get(table)
        if then != now:
            yield f"{table}: {_rows(then)} in the backup, {_rows(now)} here"
    if manifest.heads != heads(connection):
        yield "the chains of the audit trail do not end where they ended in the backup"


def _rows(count: int | None) -> str:
    return "no such table" if count is None else f"{count} rows"
