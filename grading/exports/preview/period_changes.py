"""Which rows of ADCRSP would be written otherwise now than in a cut, up to the same instant: what time alone changes is
not among them. The doses after it besides."""

import csv
import heapq
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain, groupby, islice
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZipFile

from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.datasets.statement import copy_csv
from grading.exports.preview.reading import TooLong, in_time, of_cut
from grading.models import DataCut, DosePeriod
from regimens.blinding import Profile

OF_EXPORT = frozenset({"CUTDTM", "LSTMODTM"})  # of the export, not of the period
MOST_COLUMNS = 8  # of one row that are shown with both values
MOST_ROWS = 200
IN_MEMORY = 1_000_000  # bytes of rows that are kept without a file

Row = dict[str, str]


class PeriodFate(StrEnum):
    NEW = "new"  # the dose is after the cut, or was entered since
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDifference:
    """`values`: column, what the packet says, what it would say now. `more`: how many columns differ besides."""

    usubjid: str
    dose_number: int
    step: str
    kind: PeriodFate
    values: tuple[tuple[str, str, str], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDifferences:
    """The first of them, and how many there are."""

    shown: tuple[PeriodDifference, ...]
    in_all: int


def period_changes(cut: DataCut, packet: ZipFile, *, at: datetime) -> PeriodDifferences | None:
    """None: too many rows to compare for a page. `packet`: of the cut."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as now:
        try:
            with in_time() as cursor, cursor.copy(copy_csv(of_cut(ADCRSP, cut, until=cut.cut))) as read:
                now.writelines(read)
        except TooLong:
            return None
        now.seek(0)
        with packet.open(f"{ADCRSP.name}.csv") as then:
            changes = chain(compared(_rows(then), _rows(now)), _later(cut, at=at))
            shown = tuple(islice(changes, MOST_ROWS))
            return PeriodDifferences(shown=shown, in_all=len(shown) + sum(1 for _ in changes))


def _rows(file: IO[bytes]) -> Iterator[Row]:
    return csv.DictReader(io.TextIOWrapper(file, encoding="utf-8", newline=""))


def compared(packed: Iterable[Row], known: Iterable[Row]) -> Iterator[PeriodDifference]:
    """Both in the order of the keys: neither is held. Of a column that only one of them has nothing is said."""
    sides = heapq.merge(_of_side(0, packed), _of_side(1, known), key=lambda one: one[:2])
    for _, both in groupby(sides, key=lambda one: one[0]):
        rows = {side: row for _, side, row in both}
        if 0 not in rows:
            yield _of(rows[1], PeriodFate.NEW)
        elif 1 not in rows:
            yield _of(rows[0], PeriodFate.GONE)
        elif values := list(_differing(rows[0], rows[1])):
            yield _of(rows[1], PeriodFate.CHANGED, tuple(values[:MOST_COLUMNS]), more=len(values[MOST_COLUMNS:]))


def _of_side(side: int, rows: Iterable[Row]) -> Iterator[tuple[tuple[str, int], int, Row]]:
    for row in rows:
        yield _key(row), side, row


def _differing(was: Row, now: Row) -> Iterator[tuple[str, str, str]]:
    for name, value in now.items():
        if name not in OF_EXPORT and was.get(name, value) != value:
            yield name, was[name], value


def _of(row: Row, kind: PeriodFate, values: tuple[tuple[str, str, str], ...] = (), more: int = 0) -> PeriodDifference:
    usubjid, dose_number = _key(row)
    return PeriodDifference(
        usubjid=usubjid, dose_number=dose_number, step=row["ASPERC"], kind=kind, values=values, more=more
    )


def _key(row: Row) -> tuple[str, int]:
    return row["USUBJID"], int(row["DOSENUM"])


def _later(cut: DataCut, *, at: datetime) -> Iterator[PeriodDifference]:
    """The doses after the cut."""
    periods = DosePeriod.objects.filter(study=cut.study_id, started_at__gt=cut.cut, started_at__lte=at)
    if cut.sites is not None:
        periods = periods.filter(participant__site__in=cut.sites)
    names = periods.order_by("usubjid", "dose_number").values_list("usubjid", "dose_number", "step_label")
    for usubjid, dose_number, step in names:
        label = "" if cut.profile == Profile.BLINDED.value else step
        yield PeriodDifference(usubjid=usubjid or "", dose_number=dose_number, step=label or "", kind=PeriodFate.NEW)
