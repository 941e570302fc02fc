"""The database makes the same bytes as the rules do, only faster."""

import io

import pytest
from django.db import connection
from psycopg import sql

from grading.exports.formats.cells import NotWritable
from grading.exports.formats.table import FORMATS, save
from tests.exports.formats.examples import ADVS, CUT, ROWS, STUDY, written

# What COPY and JSON each quote in their own way, and the signs that stand between the cells on their way to JSON.
TEXTS = (
    'a "b", c',
    "back\\slash",
    "two\nlines",
    "\r\t\b\f",
    "\x01\x02\x1f\x7f",
    "步驟一 😀",
    "null",
    "\\.",
    "</x>",
    "",
)
FINE = (*ROWS[0][:3], "2026-03-02T07:00:00.012345+08:00", *ROWS[0][4:])
LINES = (*ROWS, FINE, *((*ROWS[0][:6], text) for text in TEXTS))


def statement(lines=LINES):
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in ADVS.columns)
    values = sql.SQL(", ").join(sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, line))) for line in lines)
    return sql.SQL("SELECT * FROM (VALUES {}) line({})").format(values, names)


def saved(name, lines=LINES):
    out = io.BytesIO()
    with connection.cursor() as cursor:
        save(FORMATS[name], ADVS, statement(lines), cursor.cursor, out, made_at=CUT, study=STUDY)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["csv", "excel", "dataset-json", "ndjson"])
def test_the_bytes_are_those_of_the_rows(name):
    assert saved(name) == written(name, rows=LINES)
    assert saved(name, lines=LINES[:1]) == written(name, rows=LINES[:1])


@pytest.mark.django_db
def test_a_format_of_rows_reads_them_as_they_come():
    assert saved("xpt", ROWS) == written("xpt")
    with pytest.raises(NotWritable):
        saved("xpt")
