"""The rows of a packet's data sets, each knowing its file and line, and a cell as what the rules read."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from typing import TypeVar
from zipfile import ZipFile

from grading.rules.grades.entry.numbers import exact

Code = TypeVar("Code", bound=StrEnum)
_FLAGS = {"": None, "Y": True, "N": False}
NOBODY_HAD_ANY = "NONE"  # of a list: somebody looked


class Unreadable(Exception):
    """A row that is not as the dictionary says. `detail` is for whoever mends it."""

    def __init__(self, file: str, line: int, detail: str) -> None:
        super().__init__(f"{file}, line {line}: {detail}")
        self.file, self.line, self.detail = file, line, detail


@dataclass(frozen=True, slots=True)
class PacketRow:
    """`number`: the line of the file on which the row ends. An empty cell is None, or "" of a text."""

    file: str
    number: int
    places: Mapping[str, int]  # of the columns
    cells: Sequence[str]

    def text(self, name: str) -> str:
        if name not in self.places:
            raise Unreadable(self.file, 1, f"no column {name}")
        if len(self.cells) != len(self.places):
            raise Unreadable(self.file, self.number, f"{len(self.cells)} cells for {len(self.places)} columns")
        return self.cells[self.places[name]]

    def value(self, name: str) -> Decimal | None:
        """Raises Unreadable, as all below do."""
        text = self.text(name)
        try:
            return exact(Decimal(text)) if text else None
        except ArithmeticError as error:
            raise self.wrong(name) from error

    def whole(self, name: str) -> int | None:
        text = self.text(name)
        try:
            return int(text) if text else None
        except ValueError as error:
            raise self.wrong(name) from error

    def flag(self, name: str) -> bool | None:
        text = self.text(name)
        if text not in _FLAGS:
            raise self.wrong(name)
        return _FLAGS[text]

    def code(self, name: str) -> str:
        """As the program has it: nasal_cannula for NASAL CANNULA."""
        return self.text(name).lower().replace(" ", "_")

    def one_of(self, codes: type[Code], name: str) -> Code | None:
        code = self.code(name)
        try:
            return codes(code) if code else None
        except ValueError as error:
            raise self.wrong(name) from error

    def listed(self, name: str) -> tuple[str, ...] | None:
        """Empty: somebody looked and there was none. None: nobody looked."""
        text = self.text(name)
        return None if not text else () if text == NOBODY_HAD_ANY else tuple(text.split(";"))

    def instant(self, name: str) -> datetime:
        """To the second."""
        try:
            at = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.wrong(name) from error
        if at.tzinfo is None:
            raise self.wrong(name)
        return at

    def moment(self, name: str, fraction: str) -> datetime:
        """With what it has beyond its second, in the column `fraction`."""
        return self.instant(name) + timedelta(microseconds=int((self.value(fraction) or 0) * 1_000_000))

    def end(self, name: str, fraction: str) -> datetime | None:
        return self.moment(name, fraction) if self.text(name) else None

    def wrong(self, name: str) -> Unreadable:
        return Unreadable(self.file, self.number, f"{name} {self.text(name)!r}")


Rows = dict[str, list[PacketRow]]  # by data set


def participants_in(archive: ZipFile, datasets: Iterable[str]) -> Iterator[tuple[str, Rows]]:
    """Each participant with the own rows of each data set. They come in the same order in all: one is in memory."""
    groups = {name: _participants_of(archive, name) for name in datasets}
    heads = {name: next(rows, None) for name, rows in groups.items()}
    while waiting := [head[0] for head in heads.values() if head is not None]:
        subject, own = min(waiting), dict[str, list[PacketRow]]()
        for name, head in heads.items():
            own[name] = []
            if head is not None and head[0] == subject:
                own[name] = head[1]
                heads[name] = next(groups[name], None)
        yield subject, own


def _participants_of(archive: ZipFile, dataset: str) -> Iterator[tuple[str, list[PacketRow]]]:
    for subject, rows in groupby(lines_in(archive, f"{dataset}.csv"), key=lambda line: line.text("USUBJID")):
        yield subject, list(rows)


def lines_in(archive: ZipFile, file: str) -> Iterator[PacketRow]:
    """Every row of one file. Raises Unreadable."""
    with archive.open(file) as data:
        reader = csv.reader(io.TextIOWrapper(data, encoding="utf-8", newline=""), strict=True)
        try:
            places = {name: place for place, name in enumerate(next(reader, []))}
            for cells in reader:
                yield PacketRow(file, reader.line_num, places, cells)
        except (csv.Error, UnicodeDecodeError) as error:
            raise Unreadable(file, reader.line_num + 1, str(error)) from error
