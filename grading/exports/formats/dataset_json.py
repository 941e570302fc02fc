"""Dataset-JSON 1.1 (CDISC, final 2024-12-05), as one object or as lines (NDJSON).

A missing value is null, never an empty text. Instants are the clock of the site, without an offset: readers shift one
that has an offset to UTC. In an ADaM data set they are numbers to SAS, which `targetDataType` says. The number of
records stands before the rows, so rows wait in a temporary file until they are counted.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO

from psycopg import sql
from psycopg.abc import Buffer

from crsmonitor import __version__
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.groups import LineFormat
from grading.exports.formats import oids
from grading.exports.formats.cells import OFFSET, Row, in_utc, is_analysis, is_instant, is_number, length_of, local_rows

ORIGINATOR = "crsmonitor"
DEFINE = "define.xml"
IN_MEMORY = 1_000_000  # bytes of rows that are kept without a file
BLOCK = 256 * 1024  # bytes read at once
ROWS = 100  # put into JSON at once: libpq gives each a buffer of its own, and more of them leave the cache

# COPY writes each cell as JSON, between two signs that JSON never has as they are: it escapes control characters.
BETWEEN, _QUOTE = "\x02", "\x01"


def write(dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    _written(dataset, _as_json(dataset, rows), out, _one_object, made_at, study)


def write_lines(dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    _written(dataset, _as_json(dataset, rows), out, _lines, made_at, study)


def write_copied(dataset: Dataset, read: Iterable[Buffer], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """The same bytes as `write`, from cells that the database made. `read`: what COPY of `copies` gives, row by row."""
    _written(dataset, _copied(read), out, _one_object, made_at, study)


def write_copied_lines(
    dataset: Dataset, read: Iterable[Buffer], out: BinaryIO, *, made_at: datetime, study: str
) -> None:
    _written(dataset, _copied(read), out, _lines, made_at, study)


# --- What stands before the rows ----------------------------------------------------------------


def metadata(dataset: Dataset, *, made_at: datetime, study: str, records: int) -> dict[str, Any]:
    """All but the rows. `made_at` is the cut: the same cut gives the same file whenever it is made."""
    return {
        "datasetJSONCreationDateTime": in_utc(made_at),
        "datasetJSONVersion": "1.1.0",
        "fileOID": f"{oids.study_oid(study)}/{oids.group_oid(dataset)}/{in_utc(made_at)}",
        "dbLastModifiedDateTime": in_utc(made_at),
        "originator": ORIGINATOR,
        "sourceSystem": {"name": ORIGINATOR, "version": __version__},
        "studyOID": oids.study_oid(study),
        "metaDataVersionOID": oids.version_oid(study),
        "metaDataRef": DEFINE,
        "itemGroupOID": oids.group_oid(dataset),
        "records": records,
        "name": dataset.name.upper(),
        "label": dataset.label,
        "columns": [_column(dataset, column) for column in dataset.columns],
    }


def _column(dataset: Dataset, column: Column) -> dict[str, Any]:
    about: dict[str, Any] = {
        "itemOID": oids.item_oid(dataset, column),
        "name": column.name,
        "label": column.label,
        "dataType": _data_type(column),
    }
    if column.is_text:
        about["length"] = length_of(column)
    if is_instant(column) and is_analysis(dataset):
        about |= {"targetDataType": "integer", "displayFormat": "E8601DT."}
    if column.is_date:
        about["displayFormat"] = "E8601DA."
    if column.name in dataset.keys:
        about["keySequence"] = dataset.keys.index(column.name) + 1
    return about


def _data_type(column: Column) -> str:
    if column.is_text:
        return "string"
    return "datetime" if is_instant(column) else "integer" if column.is_whole else "float"


# --- Rows by Python, and by the database --------------------------------------------------------


def _as_json(dataset: Dataset, rows: Iterable[Row]) -> Iterator[tuple[int, bytes]]:
    quoted = [column.kind != "N" for column in dataset.columns]
    for row in local_rows(dataset, rows):
        cells = [
            "null" if cell is None else json.dumps(cell, ensure_ascii=False) if text else cell
            for text, cell in zip(quoted, row, strict=True)
        ]
        yield 1, f"[{','.join(cells)}]\n".encode()


def copies(dataset: Dataset, statement: sql.Composed, *, local: bool = True) -> sql.Composed:
    """The COPY that writes every cell of the statement as JSON. `local` False: instants keep their offset."""
    each = sql.SQL(", ").join(_cell_as_json(column, local=local) for column in dataset.columns)
    return sql.SQL(
        "COPY (SELECT {each} FROM ({statement}) line) TO STDOUT"
        " WITH (FORMAT csv, DELIMITER {between}, QUOTE {quote}, NULL 'null')"
    ).format(each=each, statement=statement, between=sql.Literal(BETWEEN), quote=sql.Literal(_QUOTE))


def _cell_as_json(column: Column, *, local: bool) -> sql.Composed:
    if column.is_text or (is_instant(column) and not local):
        way = "to_json(nullif({cell}::text, ''))"
    elif is_instant(column):
        way = f"'\"' || left(nullif({{cell}}::text, ''), -{OFFSET}) || '\"'"
    else:
        way = "{cell}::numeric"  # raises where it is none
    return sql.SQL(way).format(cell=sql.Identifier("line", column.name))


def _copied(read: Iterable[Buffer]) -> Iterator[tuple[int, bytes]]:
    """Many rows at once: two replacements make a block of rows into JSON."""
    rows = iter(read)
    while held := list(islice(rows, ROWS)):
        yield len(held), _block(held)


def _block(rows: list[Buffer]) -> bytes:
    inner = b"".join(rows).replace(BETWEEN.encode(), b",")
    return b"[" + inner[:-1].replace(b"\n", b"]\n[") + b"]\n"


# --- Several rows of one fact at once ------------------------------------------------------------


def _code(column: Column, value: str, after: str) -> str:
    return f"""coalesce('"' || {value} || E'"{after}', E'null{after}')"""


def _plain(column: Column, value: str, after: str) -> str:
    if is_number(column):
        return f"coalesce(({value})::numeric::text || E'{after}', E'null{after}')"  # raises where it is none
    text = f"nullif(({value})::text, '')"
    return _code(column, f"left({text}, -{OFFSET})" if is_instant(column) else text, after)


def _escaped(column: Column, value: str, after: str) -> str:
    if not column.is_text:
        return _plain(column, value, after)
    return f"coalesce(to_json(nullif(({value})::text, ''))::text || E'{after}', E'null{after}')"


LINE = LineFormat(
    begin="[", between=",", end="]\\n", code=_code, plain=_plain, escaped=_escaped, unsafe=r'["\\[:cntrl:]]'
)


def write_texts(dataset: Dataset, read: Iterable[bytes], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    _written(dataset, _counted(read), out, _one_object, made_at, study)


def write_texts_as_lines(
    dataset: Dataset, read: Iterable[bytes], out: BinaryIO, *, made_at: datetime, study: str
) -> None:
    _written(dataset, _counted(read), out, _lines, made_at, study)


def _counted(read: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """No row has a line feed within it: JSON escapes it."""
    return ((block.count(b"\n"), block) for block in read)


# --- Putting them together ----------------------------------------------------------------------


def _written(
    dataset: Dataset,
    blocks: Iterable[tuple[int, bytes]],
    out: BinaryIO,
    together: Callable[[bytes, IO[bytes], BinaryIO], None],
    made_at: datetime,
    study: str,
) -> None:
    """`blocks`: how many rows, and each of them as one line."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as lines:
        records = 0
        for count, block in blocks:
            records += count
            lines.write(block)
        lines.seek(0)
        about = metadata(dataset, made_at=made_at, study=study, records=records)
        head = json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()
        together(head, lines, out)


def _lines(head: bytes, lines: IO[bytes], out: BinaryIO) -> None:
    out.write(head + b"\n")
    shutil.copyfileobj(lines, out, BLOCK)


def _one_object(head: bytes, lines: IO[bytes], out: BinaryIO) -> None:
    """A comma goes between two rows: what ends a line is held back until the next is there."""
    out.write(head[:-1] + b',"rows":[\n')
    held = b""
    while block := lines.read(BLOCK):
        block = held + block
        held = b"\n" if block.endswith(b"\n") else b""
        out.write((block[:-1] if held else block).replace(b"\n", b",\n"))
    out.write(held + b"]}\n")
