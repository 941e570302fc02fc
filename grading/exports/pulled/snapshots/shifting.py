"""Dates of a recipient that is not told the days: each participant's moved by whole days of her own.

How many days is a keyed hash of the participant, under a secret of the recipient that never leaves: the same in every
data set and every cut, another for another recipient. The clock of the day stays and so do all intervals. So that
nothing undoes it, whatever lies at a known instant is not there: the data of now (a row that comes tells its day), who
is still under observation at the cut or has an episode that goes on (their hours end at the cut), reasons as typed, and
every text that holds a date.
"""

import hmac
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO, Any, cast
from zipfile import ZipFile

from grading.exports.datasets.dataset import Dataset

HEAD_ENDS = b',"rows":[\n'  # as dataset_json writes it: one line, then each row on its own
MOST_DAYS = 365  # earlier, never later: no date lies in the future
KNOWN = frozenset({"CUTDTM"})  # of the cut, not of a participant
_HOLDS_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def days_earlier(secret: str, usubjid: str) -> int:
    """1 to 365."""
    digest = hmac.digest(secret.encode(), usubjid.encode(), "sha256")
    return int.from_bytes(digest[:8]) % MOST_DAYS + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DateShift:
    """Of one recipient and one packet. `over`: whose observation had ended by the cut, with every episode."""

    secret: str
    over: frozenset[str]

    @classmethod
    def of(cls, archive: ZipFile, secret: str) -> "DateShift":
        ended = _whose(archive, "adcrsp", lambda row: row["PERENDC"] not in (None, "NEXT DOSE", "DATA CUT"))
        going_on = {
            usubjid for name in ("adcrs", "adicans") for usubjid in _whose(archive, name, lambda row: not row["AENDTM"])
        }
        return cls(secret=secret, over=frozenset(ended - going_on))

    def rows(self, columns: list[dict[str, Any]], rows: Iterator[bytes]) -> Iterator[bytes]:
        """Those that this recipient is given, as it is given them."""
        names = [column["name"] for column in columns]
        whose = names.index("USUBJID") if "USUBJID" in names else None
        for text in rows:
            row = json.loads(text)
            usubjid = None if whose is None else row[whose]
            if whose is None or usubjid in self.over:
                days = days_earlier(self.secret, usubjid) if usubjid else None
                cells = [_shifted(column, cell, days) for column, cell in zip(columns, row, strict=True)]
                yield json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode()


def _shifted(column: dict[str, Any], cell: Any, days: int | None) -> Any:
    if not isinstance(cell, str) or column["name"] in KNOWN:
        return cell
    if column["dataType"] != "datetime":
        return None if column["name"] == "REASON" or _HOLDS_DATE.search(cell) else cell
    if days is None:  # of no participant
        return None
    return (date.fromisoformat(cell[:10]) - timedelta(days=days)).isoformat() + cell[10:]


def _whose(archive: ZipFile, name: str, holds: Any) -> set[str]:
    with archive.open(f"{name}.json") as file:
        columns, rows = opened(file)
        names = [column["name"] for column in columns]
        named = (dict(zip(names, json.loads(row), strict=True)) for row in rows)
        return {row["USUBJID"] for row in named if holds(row)}


def opened(file: IO[bytes]) -> tuple[list[dict[str, Any]], Iterator[bytes]]:
    """The columns of a Dataset-JSON file of ours, and its rows."""
    lines = iter(io.BufferedReader(cast(io.RawIOBase, file)))
    return json.loads(next(lines).removesuffix(HEAD_ENDS) + b"}")["columns"], rows_in(lines)


def rows_in(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Each without what stands between two of them."""
    for line in lines:
        row = line.rstrip(b"\n").removesuffix(b",")
        if row not in (b"]}", b""):
            yield row


def records_of(archive: ZipFile, dataset: Dataset, shift: DateShift) -> int:
    with archive.open(f"{dataset.name}.json") as file:
        return sum(1 for _ in shift.rows(*opened(file)))
