"""The file of hourly vital signs of intensive care, as it is published or as a spreadsheet wrote it again."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from grading.rules.grades.entry.limits import as_kept

FIELDS = {
    "temp": "temperature_c",
    "sbp": "sbp",
    "dbp": "dbp",
    "map": "mean_pressure",
    "hr": "heart_rate",
    "resp": "respiratory_rate",
    "o2sat": "spo2",
    "fio2": "fio2_percent",
}
COLUMNS = ("stay", "hour", *FIELDS, "crp")
SEPARATORS = ",;\t"
DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
GZIP = b"\x1f\x8b"
MOST_DIGITS = 9  # before the point; longer ones are no reading of any device


class BadFile(ValueError):
    """The file cannot be replayed. Names the line and the column where there is one."""

    def __init__(self, why: str, *, line: int | None = None, column: str | None = None) -> None:
        place = [f"line {line}"] * (line is not None) + [f"column {column}"] * (column is not None)
        super().__init__(": ".join([", ".join(place), why]) if place else why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One hour of one stay. `values`: column of the fact -> what was measured; what was not is absent.

    `rounded`: those that had more decimals than are kept.
    """

    line: int
    stay: int
    hour: int
    values: dict[str, Decimal]
    rounded: tuple[str, ...] = ()


def read(path: Path) -> list[Row]:
    """All rows, by stay and hour. Raises BadFile before anything is recorded, OSError where it cannot be read."""
    packed = path.read_bytes()
    try:
        text = (gzip.decompress(packed) if packed.startswith(GZIP) else packed).decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise BadFile("the file is damaged: it is not a whole gzip file") from None
    except UnicodeDecodeError:
        utf_16 = packed.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        raise BadFile("the file is not text in UTF-8" + ": it begins as UTF-16 does" * utf_16) from None
    if "\0" in text:
        raise BadFile("the file is not text")
    separator = _separator(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = list(_rows(lines, commas=separator != ","))
    except csv.Error as error:
        raise BadFile(str(error), line=lines.line_num) from None
    return sorted(rows, key=lambda row: (row.stay, row.hour))


def _separator(text: str) -> str:
    """What stands between the columns: a spreadsheet whose numbers have decimal commas writes semicolons or tabs."""
    header = text.partition("\n")[0]
    return max(SEPARATORS, key=lambda mark: len(set(_names(header.split(mark))) & set(COLUMNS)))


def _names(cells: Iterable[str]) -> list[str]:
    return [cell.strip().strip('"') for cell in cells]


def _rows(lines: Any, *, commas: bool) -> Iterator[Row]:
    """`commas`: a number may have a decimal comma, as no comma stands between the columns."""
    header = _names(next(lines, []))
    _check_header(header)
    known: dict[tuple[int, int], int] = {}
    empty: int | None = None
    for cells in lines:
        line = lines.line_num
        if not any(cell.strip() for cell in cells):  # at the end of a file it says nothing
            empty = line if empty is None else empty
            continue
        if empty is not None:
            raise BadFile("an empty line between others: is something missing?", line=empty)
        if len(cells) != len(header):
            raise BadFile(f"{len(cells)} values, the header names {len(header)}", line=line)
        if commas:
            cells = [_with_point(cell.strip()) for cell in cells]
        row = _row(dict(zip(header, cells, strict=True)), line)
        if earlier := known.get((row.stay, row.hour)):
            why = f"stay {row.stay} has hour {row.hour} in line {earlier} already"
            raise BadFile(why, line=line, column="hour")
        known[row.stay, row.hour] = line
        yield row
    if not known:
        raise BadFile("the file has a header and no rows")


def _with_point(cell: str) -> str:
    return cell.replace(",", ".") if DECIMAL_COMMA.fullmatch(cell) else cell


def _check_header(header: Sequence[str]) -> None:
    if missing := [name for name in COLUMNS if name not in header]:
        why = f"not a file of intensive-care vitals: its header lacks {', '.join(missing)}"
        raise BadFile(why, line=1)
    for place, name in enumerate(header):
        if name not in COLUMNS or name in header[:place]:
            raise BadFile("a column that is not known" if name not in COLUMNS else "given twice", line=1, column=name)


def _row(cells: dict[str, str], line: int) -> Row:
    values, rounded = {}, []
    for name, field in FIELDS.items():
        if cells[name].strip():
            values[field] = _measured(cells[name], line=line, column=name)
            if values[field] != Decimal(cells[name].strip()):
                rounded.append(field)
    if cells["crp"].strip():
        raise BadFile("a value, where the known file has none: it would be lost", line=line, column="crp")
    stay, hour = (_whole(cells[name], line=line, column=name) for name in ("stay", "hour"))
    return Row(line=line, stay=stay, hour=hour, values=values, rounded=tuple(rounded))


def _whole(text: str, *, line: int, column: str) -> int:
    if not (text.strip().isascii() and text.strip().isdigit() and len(text) < 7):
        raise BadFile(f"{text[:20]!r} is not a whole number from 0 to 999999", line=line, column=column)
    return int(text)


def _measured(text: str, *, line: int, column: str) -> Decimal:
    """As the tables keep it; what nobody can have is kept out of the set when it is recorded, and said there."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        why = f"{text[:20]!r} is not a number"
        if DECIMAL_COMMA.fullmatch(text.strip()):
            why += ": write its decimals with a point, or separate the columns with ;"
        raise BadFile(why, line=line, column=column) from None
    if not value.is_finite() or value.adjusted() > MOST_DIGITS:
        raise BadFile(f"{text[:20]!r} is not a number that was measured", line=line, column=column)
    return as_kept(value)
