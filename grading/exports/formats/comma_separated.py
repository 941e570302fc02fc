"""CSV as PostgreSQL's COPY writes it, and the variant that a spreadsheet opens unharmed.

UTF-8, a header, quoting by RFC 4180, a line feed after each row; null is empty, an empty text is "".
"""

import codecs
import re
from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from psycopg import sql
from psycopg.abc import Buffer

from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.groups import LineFormat
from grading.exports.datasets.statement import copy_csv
from grading.exports.formats.cells import Row

# ="0012" is a formula that gives a text: 0012, 1E5, 3-4 and MAR1 stay what they are in a spreadsheet, and what
# somebody typed as a formula is a text inside it.
AS_TEXT = """'="' || replace(cell.value, '"', '""') || '"'"""  # what `as_text` does, in SQL
BLOCK = 100  # rows written at once: libpq gives each a buffer of its own, and more of them leave the cache

# What a spreadsheet reads as the beginning of a formula, full width too; a number is none.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r]")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_QUOTED = re.compile(r'[",\r\n]')


def as_text(value: str) -> str:
    return '="' + value.replace('"', '""') + '"'


def safe_cell(cell: str) -> str:
    """As `as_text` where a spreadsheet could take it for a formula: for tables that people open."""
    return as_text(cell) if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def needs_guard(column: Column) -> bool:
    """Whether a spreadsheet could take the text for something else. C1 is Y or N."""
    return column.is_text and column.kind != "C1"


def write(dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """The data as they are, instants with their offset."""
    out.write(header(dataset))
    block: list[str] = []
    for row in rows:
        block.append(_line(row))
        if len(block) == BLOCK:
            out.write("".join(block).encode())
            block.clear()
    out.write("".join(block).encode())


def write_for_spreadsheets(
    dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str
) -> None:
    """The same with a byte-order mark, and each text as a formula that gives it back. Never for a program."""
    guarded = [needs_guard(column) for column in dataset.columns]
    texts = (
        tuple(as_text(cell) if guard and cell is not None else cell for guard, cell in zip(guarded, row, strict=True))
        for row in rows
    )
    out.write(codecs.BOM_UTF8)
    write(dataset, texts, out, made_at=made_at, study=study)


def header(dataset: Dataset) -> bytes:
    return _line(tuple(column.name for column in dataset.columns)).encode()


def _line(row: Row) -> str:
    return ",".join([_cell(cell) for cell in row]) + "\n"


def _cell(value: str | None) -> str:
    if value is None:
        return ""
    if value == "" or _QUOTED.search(value):
        return '"' + value.replace('"', '""') + '"'
    return value


# --- By the database ----------------------------------------------------------------------------


def copies(dataset: Dataset, statement: sql.Composed) -> sql.Composed:
    """The COPY that writes the whole file."""
    return copy_csv(statement)


def write_copied(dataset: Dataset, read: Iterable[Buffer], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    rows = iter(read)
    while block := b"".join(islice(rows, BLOCK)):
        out.write(block)


def _code(column: Column, value: str, after: str) -> str:
    return f"coalesce({value} || E'{after}', E'{after}')"


def _plain(column: Column, value: str, after: str) -> str:
    cell = f"coalesce(({value})::text || E'{after}', E'{after}')"
    return f"""CASE {value} WHEN '' THEN E'""{after}' ELSE {cell} END""" if column.is_text else cell


def _escaped(column: Column, value: str, after: str) -> str:
    if not column.is_text:
        return _plain(column, value, after)
    quoted = f"""'"' || replace({value}, '"', '""') || E'"{after}'"""
    return f"CASE WHEN {value} ~ '{_UNSAFE}' THEN {quoted} ELSE {_plain(column, value, after)} END"


_UNSAFE = '[",\\r\\n]'
LINE = LineFormat(begin="", between=",", end="\\n", code=_code, plain=_plain, escaped=_escaped, unsafe=_UNSAFE)


def write_texts(dataset: Dataset, read: Iterable[bytes], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """What `LINE` made of the rows."""
    out.write(header(dataset))
    out.writelines(read)


def spreadsheet_cell(column: Column) -> str:
    """How the cell of a statement is read for a spreadsheet."""
    if not needs_guard(column):
        return column.sql
    return f"(SELECT {AS_TEXT} FROM (SELECT {column.sql}) cell(value))"  # noqa: S608  # our own texts
