"""Rows that come several of one fact: written as text once for the fact, not row by row.

ADVS has a row for each reading of a set, and most of their cells are the same. A statement that gives a set as one text
has its cells made and escaped once, and the database hands on an eighth of the messages.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from psycopg import sql

from grading.exports.datasets.dataset import Column, Groups

FLAG = "C1"  # Y or N: nothing to escape
Cell = Callable[[Column, str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFormat:
    """How a format writes a row, in SQL. A cell is made of the column, its value and what follows it, and is never
    null: `code` of one of a few texts without a sign to escape, `plain` of whatever has none, `escaped` of anything.
    `unsafe`: the signs, as a class of characters."""

    begin: str
    between: str
    end: str
    code: Cell
    plain: Cell
    escaped: Cell
    unsafe: str


def text_by_fact(
    columns: Sequence[tuple[Column, str]], groups: Groups, source: sql.Composed, line: LineFormat
) -> sql.Composed:
    """SELECT one text a fact: its rows, each with its end. `columns`: with the SQL of each; `source`: of the facts."""
    last = columns[-1][0]
    cells = [(column, text, line.end if column is last else line.between) for column, text in columns]
    runs = [(of_row, list(run)) for of_row, run in groupby(cells, key=lambda one: "reading." in one[1])]
    once = [(column, text) for of_row, run in runs if not of_row for column, text, _ in run]
    assert not any("cut." in text for of_row, run in runs if of_row for _, text, _ in run)  # not read that far out
    rows = [_row(runs, row, groups.present, line) for row in groups.rows]
    read = sorted({name for text in rows for name in re.findall(r"\bline\.(\w+)", text) if not name.startswith("run_")})
    made = [f"{run_text(run, line)} AS run_{place}" for place, (of_row, run) in enumerate(runs) if not of_row]
    return sql.SQL(
        "SELECT {rows} FROM (SELECT {made} FROM (SELECT {once}\n{source}\nOFFSET 0) one OFFSET 0) line"
    ).format(
        rows=sql.SQL(_joined(rows)),
        made=sql.SQL(",\n".join([*made, *(f'one."fact {name}" AS {name}' for name in read)])),
        once=sql.SQL(",\n").join([
            *(sql.SQL("{} AS {}").format(sql.SQL(text), sql.Identifier(column.name)) for column, text in once),
            *(sql.SQL("fact.{0} AS {1}").format(sql.Identifier(name), sql.Identifier(f"fact {name}")) for name in read),
        ]),
        source=source,
    )  # fmt: skip


def run_text(run: list[tuple[Column, str, str]], line: LineFormat) -> str:
    """Cells that follow each other, of the columns of a row `one`, each with what follows it."""
    cells = [(column, f'one."{column.name}"', after) for column, _, after in run]
    plain = _joined([(line.code if cell[0].codes else line.plain)(*cell) for cell in cells])
    words = [f"coalesce({value}, '')" for column, value, _ in cells if column.is_text and column.kind != FLAG]
    if not words:
        return plain
    escaped = _joined([line.escaped(*cell) for cell in cells])
    return f"CASE WHEN {_joined(words)} ~ '{line.unsafe}' THEN {escaped} ELSE {plain} END"


def _row(
    runs: list[tuple[bool, list[tuple[Column, str, str]]]], row: Mapping[str, str], present: str, line: LineFormat
) -> str:
    """One row of a fact, or an empty text where it has none. Cells that are known beforehand are put together first."""
    parts = [(True, f"'{line.begin}'")] if line.begin else []
    for place, (of_row, run) in enumerate(runs):
        if not of_row:
            parts.append((False, f"line.run_{place}"))
            continue
        for column, text, after in run:
            value = _value(text, row)
            cell = line.code if column.codes else line.escaped
            parts.append(("line." not in value, cell(column, value, after)))
    whole: list[str] = []
    for known, same in groupby(parts, key=lambda part: part[0]):
        made = [part for _, part in same]
        whole += [_joined(made)] if known else made
    return f"CASE WHEN {_value(present, row)} THEN {_joined(whole)} ELSE '' END"


def _value(text: str, row: Mapping[str, str]) -> str:
    for name, value in row.items():
        text = re.sub(rf"\breading\.{name}\b", lambda _, value=value: value, text)  # type: ignore[misc]
    return text.replace("fact.", "line.")


def _joined(parts: Sequence[str]) -> str:
    """One text of many, by halves: nothing long is copied for each short piece that follows."""
    if len(parts) == 1:
        return parts[0]
    half = len(parts) // 2
    return f"({_joined(parts[:half])} || {_joined(parts[half:])})"
