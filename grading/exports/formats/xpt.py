"""SAS transport files, version 5 (XPT): what agencies still ask for.

Our own writer: the same rows give the same bytes, the stamps are those of the cut, and what the format cannot hold is
refused by name before a byte is written, where others cut it off. Source of the layout: SAS TS-140; of the limits: FDA,
"Study Data Technical Conformance Guide", and TS-140 itself.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from grading.exports.datasets.dataset import LABEL_MOST, Column, Dataset
from grading.exports.formats.cells import (
    LOCAL,
    NotWritable,
    Row,
    at_fault,
    is_analysis,
    is_instant,
    length_of,
    local_rows,
)
from grading.exports.formats.ibm import MISSING, as_ibm
from grading.exports.formats.plain_text import in_ascii

NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")
TEXT_MOST = 200  # characters of a text
COLUMNS_MOST = 9_999  # the header has four digits for their number
PRINTABLE = re.compile(r"[ -~]*")  # ASCII that is seen
CARD = 80  # bytes; every part is filled up with blanks to a multiple
IN_MEMORY = 1_000_000  # bytes of rows that are kept without a file
EPOCH = datetime(1960, 1, 1)  # noqa: DTZ001  # SAS counts seconds of the clock on the wall
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

AS_NUMBER, AS_TEXT = 1, 2
AsBytes = Callable[[str], bytes]


def write(dataset: Dataset, rows: Iterable[Row], out: BinaryIO, *, made_at: datetime, study: str) -> None:
    """Raises NotWritable where the format cannot hold it: nothing is written then."""
    check(dataset)
    cells = [_field(dataset, column) for column in dataset.columns]
    with SpooledTemporaryFile(max_size=IN_MEMORY) as held:
        size = 0
        for number, row in enumerate(local_rows(dataset, rows), start=1):
            for (column, missing, as_bytes), cell in zip(cells, row, strict=True):
                try:
                    size += held.write(missing if cell is None else as_bytes(cell))
                except _Unfit as fault:
                    raise at_fault(fault.code, dataset, column, number) from None
        held.write(b" " * (-size % CARD))
        held.seek(0)
        out.write(_header(dataset, _stamp(made_at)))
        shutil.copyfileobj(held, out)


def check(dataset: Dataset) -> None:
    """Whether the columns fit, whatever the rows are. Raises NotWritable."""
    if NAME.fullmatch(dataset.name.upper()) is None:
        raise NotWritable("dataset_name", dataset=dataset.name.upper())
    if not _is_label(dataset.label):
        raise NotWritable("dataset_label", dataset=dataset.name.upper(), most=LABEL_MOST)
    if len(dataset.columns) > COLUMNS_MOST:
        raise NotWritable("too_many_columns", dataset=dataset.name.upper(), most=COLUMNS_MOST)
    for column in dataset.columns:
        if NAME.fullmatch(column.name) is None:
            raise at_fault("column_name", dataset, column)
        if not _is_label(column.label):
            raise at_fault("column_label", dataset, column, most=LABEL_MOST)
        if column.is_text and not 1 <= length_of(column) <= TEXT_MOST:
            raise at_fault("column_length", dataset, column, most=TEXT_MOST)


def _is_label(text: str) -> bool:
    return len(text) <= LABEL_MOST and PRINTABLE.fullmatch(text) is not None


# --- Cells --------------------------------------------------------------------------------------


class _Unfit(Exception):
    """A cell that the format cannot hold."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _is_text(dataset: Dataset, column: Column) -> bool:
    """An instant is a number to ADaM and a text to SDTM."""
    return column.is_text or (is_instant(column) and not is_analysis(dataset))


def _width(dataset: Dataset, column: Column) -> int:
    return length_of(column) if _is_text(dataset, column) else 8


def _field(dataset: Dataset, column: Column) -> tuple[Column, bytes, AsBytes]:
    """The column, what is written where its value is missing, and how another is."""
    if _is_text(dataset, column):
        width = length_of(column)
        return column, b" " * width, lambda text: _text(text, width)
    return column, MISSING, _seconds if is_instant(column) else _number


def _text(text: str, width: int) -> bytes:
    text = in_ascii(text)
    if PRINTABLE.fullmatch(text) is None:
        raise _Unfit("cell_not_ascii")
    if len(text) > width:
        raise _Unfit("cell_too_long")
    return text.encode("ascii").ljust(width)


def _number(text: str) -> bytes:
    try:
        return as_ibm(float(text))
    except OverflowError:
        raise _Unfit("cell_out_of_range") from None


def _seconds(text: str) -> bytes:
    return as_ibm((datetime.fromisoformat(text) - EPOCH).total_seconds())


# --- Header -------------------------------------------------------------------------------------


def _stamp(moment: datetime) -> bytes:
    """02MAR26:09:00:00, of the cut in UTC, by a table: no locale of a machine bears on it."""
    utc = moment.astimezone(UTC)
    return f"{utc:%d}{MONTHS[utc.month - 1]}{utc:%y:%H:%M:%S}".encode("ascii")


def _title(kind: str, tail: str = "0" * 30) -> bytes:
    return f"HEADER RECORD*******{kind:<8}HEADER RECORD!!!!!!!{tail}".encode("ascii").ljust(CARD)


def _header(dataset: Dataset, stamp: bytes) -> bytes:
    name = dataset.name.upper().encode("ascii").ljust(8)
    made_by = b"9.4".ljust(8) + b"UTF8".ljust(8) + b" " * 24
    names = b"".join(_names(dataset))
    return b"".join((
        _title("LIBRARY"),
        b"SAS".ljust(8) * 2 + b"SASLIB".ljust(8) + made_by + stamp,
        stamp.ljust(CARD),
        _title("MEMBER", "0" * 17 + "16" + "0" * 8 + "140"),
        _title("DSCRPTR"),
        b"SAS".ljust(8) + name + b"SASDATA".ljust(8) + made_by + stamp,
        stamp + b" " * 16 + dataset.label.encode("ascii").ljust(40) + b" " * 8,
        _title("NAMESTR", f"{len(dataset.columns):010}" + "0" * 20),
        names + b" " * (-len(names) % CARD),
        _title("OBS"),
    ))  # fmt: skip


def _names(dataset: Dataset) -> Iterable[bytes]:
    at = 0
    for place, column in enumerate(dataset.columns, start=1):
        as_text, width = _is_text(dataset, column), _width(dataset, column)
        shown = (b"E8601DT", LOCAL, 6) if is_instant(column) and not as_text else (b"", 0, 0)
        shown = (b"E8601DA", 10, 0) if column.is_date else shown
        kind = AS_TEXT if as_text else AS_NUMBER
        yield b"".join((
            _shorts(kind, 0, width, place),
            column.name.encode("ascii").ljust(8) + column.label.encode("ascii").ljust(LABEL_MOST),
            shown[0].ljust(8) + _shorts(shown[1], shown[2], 0 if as_text else 1) + b"  ",
            b" " * 8 + _shorts(0, 0),  # how SAS would read it in: as it stands
            at.to_bytes(4, "big") + bytes(52),
        ))  # fmt: skip
        at += width


def _shorts(*numbers: int) -> bytes:
    return b"".join(number.to_bytes(2, "big") for number in numbers)
