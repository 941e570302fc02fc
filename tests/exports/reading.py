"""The export as a test reads it: through the query, as a list of rows."""

import csv
import io
from datetime import datetime
from typing import Any

from django.db import connection

from crsmonitor.accounts.models import User
from grading.exports.rows import rows_of, scope_for
from grading.exports.writers import blocks_of
from tests.builders import World

Row = dict[str, str]


def raw(world: World, cut: datetime, *, by: User | None = None, excel_safe: bool = False) -> bytes:
    query = rows_of(scope_for(by or world.sponsor, world.study.code), cut, excel_safe=excel_safe)
    with connection.cursor() as cursor:
        return b"".join(blocks_of(cursor.cursor, query))


def rows(world: World, cut: datetime, **options: Any) -> list[Row]:
    return list(csv.DictReader(io.StringIO(raw(world, cut, **options).decode(), newline="")))


def picked(row: Row, *names: str) -> tuple[str, ...]:
    return tuple(row[name] for name in names)
