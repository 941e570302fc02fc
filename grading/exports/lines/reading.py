"""The file of an export that takes lines: its header, and blocks of what COPY writes of one text a row."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.formats.comma_separated import header
from grading.exports.lines.sets import usable_set
from grading.exports.lines.statement import with_lines
from grading.exports.rows import Scope
from grading.exports.writers import BLOCK, Download

# A line has none of these signs but where somebody typed one: it leaves as it is.
_QUOTE = b"\x01"
_COPY = "COPY ({lines}) TO STDOUT WITH (FORMAT csv, DELIMITER '\x02', QUOTE '\x01', NULL '\x03')"


def download_with_lines(scope: Scope, cut: datetime, **options: Any) -> Download | None:
    """The same bytes as those of `rows_of`. None: there are no lines for this scope. Raises ExportRunning."""
    line_set = usable_set(scope.study, scope.profile)
    if line_set is None:
        return None
    query = with_lines(line_set, study=scope.study, sites=scope.sites, cut=cut, profile=scope.profile)
    return Download(query, begin=header(ADCRSP), read=blocks_of_lines, **options)


def blocks_of_lines(cursor: psycopg.Cursor[Any], query: sql.Composed) -> Iterator[bytes]:
    """What the statement selects, each row a line, in blocks of about BLOCK bytes."""
    cursor.execute("SET max_parallel_workers_per_gather = 0")  # they take longer to begin than they save
    with cursor.copy(sql.SQL(_COPY).format(lines=query)) as copy:
        held: list[bytes] = []
        size = 0
        for row in copy:
            held.append(bytes(row))
            size += len(row)
            if size >= BLOCK:
                yield _block(held)
                held, size = [], 0
        yield _block(held)


def _block(rows: list[bytes]) -> bytes:
    block = b"".join(rows)
    return block if _QUOTE not in block else b"".join(map(_unquoted, rows))


def _unquoted(row: bytes) -> bytes:
    """Of a line with a line feed in it, or one of our signs."""
    return row[1:-2].replace(_QUOTE * 2, _QUOTE) + b"\n" if row.startswith(_QUOTE) else row
