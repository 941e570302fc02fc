"""How an export leaves: CSV straight from COPY, block by block."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

from crsmonitor.database import replica
from crsmonitor.errors import DomainError

BLOCK = 256 * 1024  # bytes handed on at once; COPY itself gives one row at a time
MINUTES = 30  # the longest that one download may keep a snapshot of the database open
LOCKS = 7_201  # our class of advisory locks: one export a user at a time (S19)


class ExportRunning(DomainError):
    """This user has an export running already."""

    status = 429
    code = "export_running"


def blocks_of(cursor: psycopg.Cursor[Any], query: sql.Composed) -> Iterator[bytes]:
    """What COPY writes, in blocks of about BLOCK bytes."""
    with cursor.copy(query) as copy:
        held: list[bytes] = []
        size = 0
        for row in copy:
            held.append(bytes(row))
            size += len(row)
            if size >= BLOCK:
                yield b"".join(held)
                held, size = [], 0
        yield b"".join(held)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """What has left: `sha256` is of the bytes that were handed on, which are the file where it is `complete`."""

    complete: bool
    bytes: int
    sha256: str


class Turn:
    """The only one that a user has at a time, on a connection of its own. Raises ExportRunning. `end` it always."""

    def __init__(self, user_id: int) -> None:
        with connection.wrap_database_errors:  # none is free: busy, as with any other connection
            self.connection = psycopg.connect(**connection_parameters(), autocommit=True)
        try:
            # Of the session, so that it ends with the connection however the download ends.
            row = self.connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, user_id]).fetchone()
            if not (row and row[0]):
                raise ExportRunning("export_running")
        except BaseException:
            self.connection.close()
            raise

    def end(self) -> None:
        """At once: the server notices a connection that is closed a moment later."""
        if not self.connection.closed:
            with suppress(psycopg.Error):  # in the middle of a COPY
                self.connection.execute("SELECT pg_advisory_unlock_all()")
            self.connection.close()


class Download:
    """One running export, on a database connection of its own: a slow reader keeps none of the pool's.

    Raises ExportRunning where the user has one already. Iterate it once; `close` it whatever happened. `begin`:
    what comes before the rows, for a spreadsheet the mark that says UTF-8. `ended` is called once, with what was sent.
    `read`: from the query to bytes.
    """

    def __init__(
        self,
        query: sql.Composed,
        *,
        user_id: int,
        begin: bytes = b"",
        ended: Callable[[SentFile], None] = lambda sent: None,
        read: Callable[[psycopg.Cursor[Any], sql.Composed], Iterator[bytes]] = blocks_of,
    ) -> None:
        self.query, self.begin, self.ended, self.read = query, begin, ended, read
        self.turn = Turn(user_id)
        self._connection = self._connected()
        self._blocks = self._read()

    def _connected(self) -> psycopg.Connection[Any]:
        """To the replica, where there is one that has everything; else that of the turn."""
        try:
            if replica.chosen() == replica.REPLICA:
                return psycopg.connect(**connection_parameters(replica.REPLICA), autocommit=True)
        except psycopg.Error as error:  # gone since
            replica.lose(error)
        except BaseException:
            self.turn.end()
            raise
        finally:
            replica.let_go()
        return self.turn.connection

    def _read(self) -> Iterator[bytes]:
        digest, size, complete = hashlib.sha256(), 0, False
        try:
            for block in self._rows():
                digest.update(block)
                size += len(block)
                yield block
            complete = True
        finally:
            self._end()
            self.ended(SentFile(complete=complete, bytes=size, sha256=digest.hexdigest()))

    def _rows(self) -> Iterator[bytes]:
        if self.begin:
            yield self.begin
        with self._connection.cursor() as cursor:
            yield from self.read(cursor, self.query)

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def close(self) -> None:
        self._blocks.close()  # type: ignore[attr-defined]  # ends a COPY that is under way
        self._end()

    def _end(self) -> None:
        self.turn.end()
        self._connection.close()


def connection_parameters(alias: str = replica.PRIMARY, *, read_only: bool = True) -> dict[str, Any]:
    """Those of the site's own database, for a connection that as a rule only reads and whose dates are in UTC."""
    parameters = connections[alias].get_connection_params()
    for ours in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(ours, None)
    settings = {
        "default_transaction_read_only": "on" if read_only else "off",
        "timezone": "UTC",
        "datestyle": "ISO",
        "statement_timeout": f"{MINUTES}min",
        "jit": "off",  # compiling the columns takes longer than most exports
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return parameters | {"options": f"{parameters.get('options', '')} {options}".strip(), "application_name": "export"}
