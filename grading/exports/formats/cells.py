"""What the formats share of a cell: rows come as text, N as a plain decimal, DT as ISO 8601 with its offset."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from crsmonitor.errors import DomainError
from grading.exports.datasets.dataset import RANGE, Column, Dataset

Row = tuple[str | None, ...]

WHOLE = re.compile(r"-?(0|[1-9]\d*)")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d:\d\d")
OFFSET = 6  # characters, at the end of an instant
LOCAL = 26  # characters at most of an instant without its offset: the rules order facts by microseconds


class NotWritable(DomainError):
    """A data set that a format cannot hold as it is. Names the data set, and where one is at fault, column and row."""

    code = "not_writable"


def at_fault(code: str, dataset: Dataset, column: Column, row: int | None = None, **values: Any) -> NotWritable:
    """`row` counts from 1, as lines below a header do; None where the column itself is at fault."""
    if row is not None:
        values["row"] = row
    return NotWritable(code, dataset=dataset.name.upper(), column=column.name, **values)


def is_instant(column: Column) -> bool:
    return column.kind == "DT"


def is_number(column: Column) -> bool:
    return column.kind == "N"


def length_of(column: Column) -> int:
    """Characters that a text may have; of a number or an instant as text, what is never exceeded."""
    return int(column.kind[1:]) if column.is_text else LOCAL


def unit_of(column: Column) -> str:
    """In what a number is measured: "" where it has no unit, or the table of columns says its range or kind there."""
    return column.unit if is_number(column) and not column.is_date and RANGE.fullmatch(column.unit) is None else ""


def is_analysis(dataset: Dataset) -> bool:
    """Whether it is shaped by ADaM, whose instants are numbers to SAS; those of SDTM are texts."""
    return "DATA STRUCTURE" in dataset.structure or dataset.structure in (
        "ADAM OTHER",
        "SUBJECT LEVEL ANALYSIS DATASET",
    )


def local_rows(dataset: Dataset, rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with each DT as the clock of the site showed it, and every missing value None.

    Raises NotWritable for a number or an instant that is none.
    """
    checks = [
        (place, column, INSTANT if is_instant(column) else WHOLE if column.is_whole else NUMBER)
        for place, column in enumerate(dataset.columns)
        if not column.is_text
    ]
    for number, row in enumerate(rows, start=1):
        cells = [cell or None for cell in row]
        for place, column, pattern in checks:
            cell = cells[place]
            if cell is None:
                continue
            if pattern.fullmatch(cell) is None:
                raise at_fault("cell_not_of_kind", dataset, column, number, kind=column.kind)
            if pattern is INSTANT:
                cells[place] = cell[:-OFFSET]
        yield tuple(cells)


def in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
