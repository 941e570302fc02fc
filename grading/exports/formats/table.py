"""The formats of a data set, and the documents about all of them: whoever writes files reads these two tables."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Protocol

import psycopg
from psycopg import sql
from psycopg.abc import Buffer

from grading.exports.datasets.dataset import Dataset
from grading.exports.datasets.groups import LineFormat
from grading.exports.datasets.statement import Statement, copy_text, copy_texts, texts_of
from grading.exports.formats import comma_separated, dataset_json, dictionary, parquet, xpt
from grading.exports.formats.cells import Row
from grading.exports.formats.define import document, page


class Write(Protocol):
    """Rows in, the same bytes out each time. `made_at` is the cut: no file knows when it was made."""

    def __call__(
        self, dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str
    ) -> None: ...


class WriteCopied(Protocol):
    """`read`: what the COPY of `Format.copies` gives, row by row."""

    def __call__(
        self, dataset: Dataset, read: Iterable[Buffer], out: BinaryIO, *, made_at: datetime, study: str
    ) -> None: ...


class Copies(Protocol):
    """The COPY by which the database makes the cells itself."""

    def __call__(self, dataset: Dataset, statement: sql.Composed) -> sql.Composed: ...


class WriteTexts(Protocol):
    """`read`: rows as `Format.line` writes them, many at once."""

    def __call__(
        self, dataset: Dataset, read: Iterable[bytes], out: BinaryIO, *, made_at: datetime, study: str
    ) -> None: ...


class WriteDocument(Protocol):
    def __call__(self, datasets: Sequence[Dataset], out: BinaryIO, *, made_at: datetime, study: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`suffix` follows the data set's name. Where the database can make the cells, `copies` and `write_copied` give
    the bytes of `write` in a fraction of its time; where several rows are of one fact, `line` and `write_texts` in
    less. `in_ascii`: it holds no other text."""

    name: str
    suffix: str
    media_type: str
    write: Write
    copies: Copies | None = None
    write_copied: WriteCopied | None = None
    line: LineFormat | None = None
    write_texts: WriteTexts | None = None
    in_ascii: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file about all data sets of a packet."""

    name: str
    media_type: str
    write: WriteDocument


FORMATS: dict[str, Format] = {one.name: one for one in (
    Format(
        name="csv", suffix=".csv", media_type="text/csv; charset=utf-8", write=comma_separated.write,
        copies=comma_separated.copies, write_copied=comma_separated.write_copied,
        line=comma_separated.LINE, write_texts=comma_separated.write_texts,
    ),
    Format(
        name="excel", suffix="-excel.csv", media_type="text/csv; charset=utf-8",
        write=comma_separated.write_for_spreadsheets,
    ),
    Format(
        name="dataset-json", suffix=".json", media_type="application/json", write=dataset_json.write,
        copies=dataset_json.copies, write_copied=dataset_json.write_copied,
        line=dataset_json.LINE, write_texts=dataset_json.write_texts,
    ),
    Format(
        name="ndjson", suffix=".ndjson", media_type="application/x-ndjson", write=dataset_json.write_lines,
        copies=dataset_json.copies, write_copied=dataset_json.write_copied_lines,
        line=dataset_json.LINE, write_texts=dataset_json.write_texts_as_lines,
    ),
    Format(name="xpt", suffix=".xpt", media_type="application/x-sas-xport", write=xpt.write, in_ascii=True),
    Format(name="parquet", suffix=".parquet", media_type="application/vnd.apache.parquet", write=parquet.write),
)}  # fmt: skip

DOCUMENTS: tuple[Document, ...] = (
    Document(name="define.xml", media_type="application/xml", write=document.write),
    Document(name="define.html", media_type="text/html; charset=utf-8", write=page.write),
    Document(name="dictionary.csv", media_type="text/csv; charset=utf-8", write=dictionary.write_csv),
    Document(name="dictionary.json", media_type="application/json", write=dictionary.write_json),
)


def save(
    format_: Format, dataset: Dataset, statement: sql.Composed, cursor: psycopg.Cursor[Any], out: BinaryIO, *,
    made_at: datetime, study: str, renamed: Callable[[Iterable[Row]], Iterable[Row]] = iter,
) -> None:  # fmt: skip
    """What the statement selects, as a file: by the database where it can, else row by row. Raises NotWritable.

    `renamed`: the rows as a format that holds ASCII alone has them.
    """
    by_fact = statement.by_fact if isinstance(statement, Statement) else None
    if by_fact is not None and format_.line is not None and format_.write_texts is not None:
        with cursor.copy(copy_texts(by_fact(format_.line))) as read:
            format_.write_texts(dataset, texts_of(read), out, made_at=made_at, study=study)
    elif format_.copies is not None and format_.write_copied is not None:
        with cursor.copy(format_.copies(dataset, statement)) as read:
            format_.write_copied(dataset, read, out, made_at=made_at, study=study)
    else:
        # Closed whatever happens: a COPY that is left open waits for itself when the connection is used again.
        with closing(text_rows(cursor, statement)) as rows:
            cells = renamed(rows) if format_.in_ascii else rows
            format_.write(dataset, cells, out, made_at=made_at, study=study)


def text_rows(cursor: psycopg.Cursor[Any], statement: sql.Composed) -> Generator[Row]:
    """The rows of a statement as text, as they come: none waits in memory."""
    with cursor.copy(copy_text(statement)) as read:
        yield from read.rows()
