"""The rows of ADCRSP beside what the other rows of the packet amount to, cell by cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from grading.exports.packet.regrading.cells import UNKNOWN, PeriodCells
from grading.exports.packet.regrading.columns import DERIVED, NOT_DERIVED, WITHIN
from grading.exports.packet.regrading.episodes import NONE, Pair
from grading.exports.packet.regrading.lines import PacketRow, Rows
from grading.exports.packet.regrading.periods import DosePeriodOf, periods_of
from grading.rules.course.timeline import Course

EMPTY = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowParameters:
    """What the manifest and the dictionary say of all rows. `uncollected`: columns that are empty in every row."""

    study: str
    cut: datetime
    concurrence: timedelta
    uncollected: frozenset[str]

    @classmethod
    def read(cls, manifest: Mapping[str, Any], *, uncollected: frozenset[str]) -> "RowParameters":
        """Raises KeyError, TypeError or ValueError."""
        return cls(
            study=manifest["study"], cut=datetime.fromisoformat(manifest["cut"]),
            concurrence=timedelta(days=manifest["concurrence_days"]), uncollected=uncollected,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPair:
    """A cell of ADCRSP. `derived` None: the packet does not tell it."""

    column: str
    pair: Pair
    is_known: bool


def cell_pairs(own: Rows, course: Course, parameters: RowParameters) -> Iterator[CellPair]:
    """Of every dose period of a participant that had begun by the cut. Raises Unreadable."""
    written = {row.text("DOSENUM"): row for row in own["adcrsp"]}
    periods = [one for one in periods_of(own, course) if one.row.started_at <= parameters.cut]
    given = [one for one in periods if one.is_given]
    following = {a.row.dose_number: b for a, b in pairwise(given)}
    first = next(iter(given), None)
    for period in periods:
        row = written.pop(str(period.row.dose_number), None)
        if row is None:
            yield _of_row(period.dose.text("ASTDTM"), period.dose.text("RECID"), NONE, "a row")
            continue
        later = following.get(period.row.dose_number)
        yield from _of_period(PeriodCells(
            period=period, own=own, written=row, study=parameters.study, cut=parameters.cut,
            concurrence=parameters.concurrence, first_day=None if first is None else _day_of(first),
            later=None if later is None else written.get(str(later.row.dose_number)),
            observed_to=given[-1].row.ended_at if given else None,
        ), parameters)  # fmt: skip
    for row in written.values():
        yield _of_row(row.text("ASPRSDTM"), f"dose {row.text('DOSENUM')}", "a row", NONE)


def _of_row(at: str, record: str, written: str, derived: str) -> CellPair:
    return CellPair(column="", pair=(at, record, written, derived), is_known=True)


def _day_of(first: DosePeriodOf) -> Any:
    """The date of the first dose on the clock of its site, as its row says it."""
    return first.dose.instant("ASTDTM").date()


def _of_period(one: PeriodCells, parameters: RowParameters) -> Iterator[CellPair]:
    row, at = one.written, one.written.text("ASPRSDTM")
    for column in row.places:
        text = row.text(column)
        if column in DERIVED:
            value = DERIVED[column](one)
        elif column in parameters.uncollected and column not in NOT_DERIVED:
            value = None
        else:
            value = UNKNOWN
        agrees = value is UNKNOWN or _same(text, value, within=WITHIN.get(column, Decimal(0)))
        written = text or EMPTY
        derived = written if agrees else _text(value) or EMPTY
        record = f"{one.dose.text('RECID')}, {column}"
        yield CellPair(column=column, pair=(at, record, written, derived), is_known=value is not UNKNOWN)


def _text(value: Any) -> str:
    if value is None or value is UNKNOWN:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _same(written: str, derived: Any, *, within: Decimal) -> bool:
    """Numbers as numbers: 38.60 is 38.6."""
    if not written or not isinstance(derived, int | Decimal) or isinstance(derived, bool):
        return written == _text(derived)
    try:
        return abs(Decimal(written) - derived) <= within
    except InvalidOperation:
        return False


def uncollected_in(dictionary: Iterable[PacketRow]) -> frozenset[str]:
    """The columns of ADCRSP that are empty in every row, as the dictionary of the packet says. Raises Unreadable."""
    own = [row for row in dictionary if row.text("dataset") == "ADCRSP"]
    return frozenset(row.text("name") for row in own if row.text("lack"))
