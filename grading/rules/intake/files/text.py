"""The text of a file and its cells: encodings, separators, and what spreadsheets do to a cell. The standard library."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ENCODINGS = ("utf-8", "big5", "utf-16")  # cp950 is Big5 as Windows in Taiwan writes it
CODECS = {"utf-8": "utf-8-sig", "big5": "cp950", "utf-16": "utf-16"}
SEPARATORS = {",": ",", ";": ";", "\t": "tab", "|": "|"}
_SAMPLE = 20  # lines by which a separator is known
LONGEST_CELL = 500


class UnreadableText(Exception):
    """It is no text in the encoding. `code` says what for people."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """`rows`: the number of each line as an editor counts, the header being 1, and its cells."""

    encoding: str
    separator: str
    header: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def decoded(raw: bytes, encoding: str = "") -> tuple[str, str]:
    """The text and its encoding. `encoding` empty: by its mark, else UTF-8, else Big5, of which each refuses most
    texts of the other. Raises UnreadableText.
    """
    if not encoding and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    for name in (encoding,) if encoding else ("utf-8", "big5"):
        try:
            text = raw.decode(CODECS[name])
        except (UnicodeDecodeError, UnicodeError):
            continue
        if "\x00" not in text:
            return text, name
    raise UnreadableText("file_not_text")


def table_of(raw: bytes, *, encoding: str = "", separator: str = "", most: int) -> FileTable:
    """Raises UnreadableText for what is no table, or has more than `most` lines below its header."""
    text, encoding = decoded(raw, encoding)
    first, _line, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel says so to itself
        separator, text = separator or first.strip()[4], rest
        skipped = 1
    else:
        skipped = 0
    separator = separator or separator_of(text)
    try:
        rows = list(_rows(text, separator, skipped, most))
    except csv.Error:
        raise UnreadableText("file_unreadable") from None
    if len(rows) < 2:
        raise UnreadableText("file_empty")
    header = [plain(cell) for cell in rows[0][1]]
    while header and not header[-1]:  # a spreadsheet writes its empty columns too
        header.pop()
    if len({*header}) != len(header) or not all(header) or len(header) < 2:
        raise UnreadableText("file_header")
    return FileTable(encoding=encoding, separator=separator, header=header, rows=rows[1:])


def _rows(text: str, separator: str, skipped: int, most: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    count = 0
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > most + 1:
            raise UnreadableText("file_too_many_lines")
        yield reader.line_num + skipped, cells


def separator_of(text: str) -> str:
    """The mark that gives the first lines the same number of cells, the most of them."""
    lines = text.splitlines()[:_SAMPLE]

    def cells(mark: str) -> int:
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=mark) if any(row)}
        except csv.Error:
            return 0
        return min(widths, default=0) * (2 if len(widths) == 1 else 1)

    return max(SEPARATORS, key=cells)


def plain(cell: str) -> str:
    """Without what protects a text from a spreadsheet: ="001", '001, odd blanks around it."""
    cell = cell.replace("\u00a0", " ").replace("\u3000", " ").replace("\ufeff", "").strip()
    if len(cell) >= 3 and cell.startswith('="') and cell.endswith('"'):
        return cell[2:-1].strip()
    return cell[1:].strip() if cell.startswith("'") else cell


def trap_of(cell: str) -> str:
    """What a spreadsheet made of a cell that is no value any more, as a code. Empty: nothing. Never computed here."""
    if cell.startswith(("=", "@")):
        return "cell_formula"
    if cell.startswith("#"):  # ######, #VALUE!, #N/A
        return "cell_spreadsheet_error"
    return "cell_too_long" if len(cell) > LONGEST_CELL else ""
