"""Parquet, for analysts: an extra, written by pyarrow where it is installed (`pip install pyarrow`, 170 MB).

Whole numbers are integers, others doubles, instants the clock of the site without a zone. The same rows give the same
bytes with the same version of pyarrow, which names itself in the file.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.util import find_spec
from itertools import islice
from typing import Any, BinaryIO

from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.formats.cells import NotWritable, Row, in_utc, is_instant, local_rows

GROUP = 50_000  # rows of one row group: what is in memory at once


def is_there() -> bool:
    return find_spec("pyarrow") is not None


def write(dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """Raises NotWritable where pyarrow is not installed."""
    if not is_there():
        raise NotWritable("needs_pyarrow", dataset=dataset.name.upper())
    import pyarrow as pa  # an extra
    from pyarrow import parquet

    about = {"dataset": dataset.name.upper(), "label": dataset.label, "study": study, "cut": in_utc(made_at)}
    schema = pa.schema([_field(pa, column) for column in dataset.columns], metadata=about)
    with parquet.ParquetWriter(out, schema, compression="zstd") as file:
        for group in _groups(local_rows(dataset, rows)):
            columns = zip(dataset.columns, zip(*group, strict=True), schema, strict=True)
            arrays = [pa.array(_values(column, cells), field.type) for column, cells, field in columns]
            file.write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=GROUP)


def _field(pa: Any, column: Column) -> Any:
    number = pa.int64() if column.is_whole else pa.float64()
    kind = pa.string() if column.is_text else pa.timestamp("us") if is_instant(column) else number
    return pa.field(column.name, kind, metadata={"label": column.label, "unit": column.unit})


def _values(column: Column, cells: Iterable[str | None]) -> list[Any]:
    if column.is_text:
        return list(cells)
    made = datetime.fromisoformat if is_instant(column) else int if column.is_whole else float
    return [None if cell is None else made(cell) for cell in cells]


def _groups(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while group := list(islice(rows, GROUP)):
        yield group
