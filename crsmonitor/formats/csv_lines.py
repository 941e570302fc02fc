"""A CSV file that a person made, line by line: strict about its columns, lenient about how a spreadsheet wrote it."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crsmonitor.errors import InvalidInput, Message

SEPARATORS = ",;\t"  # a spreadsheet of a country with decimal commas writes semicolons
MOST_LINES = 2000
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """`number`: as an editor counts, the header being 1. `cells`: by column, without outer spaces; "" where empty."""

    number: int
    cells: dict[str, str]

    def wrong(self, column: str, problem: Message) -> Message:
        """The problem, with the line and column where it stands."""
        return Message("csv_at", {"line": self.number, "column": column, "problem": problem})


def text_of(raw: bytes, *, field: str = "file") -> str:
    """The text of an uploaded file. Raises InvalidInput at `field` where it is none in UTF-8, or far too long."""
    if len(raw) > MOST_BYTES:
        raise InvalidInput.at(field, "csv_too_long", most=MOST_LINES)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput.at(field, "csv_not_utf8") from None


def lines_of(text: str, *, columns: Sequence[str], optional: Sequence[str] = (), field: str = "file") -> list[Line]:
    """The lines below the header, which names all of `columns`, perhaps `optional` ones, and no other.

    An empty line at the end says nothing; one between others may be a lost one and is refused.
    Raises InvalidInput at `field` with the line where the file is no such table.
    """
    text = text.removeprefix("\ufeff")
    if "\x00" in text:
        raise InvalidInput.at(field, "csv_not_utf8")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text, columns), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        _check_header(header, columns, optional, field)
        lines = [
            Line(number, dict(zip(header, (cell.strip() for cell in cells), strict=True)) | _absent(header, optional))
            for number, cells in _filled(reader, len(header), field)
        ]
    except csv.Error:
        raise InvalidInput.at(field, "csv_unreadable", line=reader.line_num) from None
    if not lines:
        raise InvalidInput.at(field, "csv_empty")
    return lines


def _separator(text: str, columns: Sequence[str]) -> str:
    header = text.partition("\n")[0]
    return max(SEPARATORS, key=lambda mark: len({name.strip().strip('"') for name in header.split(mark)} & {*columns}))


def _check_header(header: Sequence[str], columns: Sequence[str], optional: Sequence[str], field: str) -> None:
    missing = [name for name in columns if name not in header]
    unknown = [name for name in header if name not in (*columns, *optional)]
    if missing or unknown or len(set(header)) != len(header):
        named = ", ".join([*columns, *(f"[{name}]" for name in optional)])
        raise InvalidInput.at(field, "csv_columns", columns=named)


def _filled(reader: Iterator[list[str]], width: int, field: str) -> Iterator[tuple[int, list[str]]]:
    empty: int | None = None
    for count, cells in enumerate(reader, start=1):
        number: int = reader.line_num  # type: ignore[attr-defined]  # a csv.reader
        if not any(cell.strip() for cell in cells):
            empty = empty or number
            continue
        if empty is not None:
            raise InvalidInput.at(field, "csv_empty_line", line=empty)
        if len(cells) != width:
            raise InvalidInput.at(field, "csv_cells", line=number, n=len(cells), width=width)
        if count > MOST_LINES:
            raise InvalidInput.at(field, "csv_too_long", most=MOST_LINES)
        yield number, cells


def _absent(header: Sequence[str], optional: Sequence[str]) -> dict[str, str]:
    return {name: "" for name in optional if name not in header}
