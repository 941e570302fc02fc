"""The record as JSON and as one CSV, for programs: the same rows, every value of them, in the order of the copy."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from grading.copies.record import Row, WholeRecord
from grading.copies.tables import CopyTable
from grading.exports.formats.comma_separated import safe_cell

FORMAT = "crsmonitor-certified-copy/1"
COLUMNS = (
    "SECTION", "RECORD", "ID", "ROOT", "STATUS", "OBSERVED", "OBSERVED_LOCAL", "RECORDED", "RECORDED_LOCAL", "BY",
    "FIELD", "VALUE",
)  # fmt: skip
_TIMES = ("observed_at", "raised_at", "started_at", "at")


def as_json(record: WholeRecord, head: dict[str, Any]) -> bytes:
    """`head`: what the copy says of itself."""
    document = {
        "format": FORMAT,
        **head,
        "people": {
            str(key): {"name": one.name, "username": one.username, "roles": list(one.roles)}
            for key, one in record.people.items()
        },
        "names": {table: {str(key): name for key, name in of.items()} for table, of in record.names.items() if of},
        "records": {table.name: rows for table, rows in record.rows.items()},
        "audit": {
            "chain": record.chain,
            "broken": [{"seq": one.seq, "what": one.what} for one in record.broken],
            "events": record.events,
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def as_csv(record: WholeRecord) -> bytes:
    """One line for each value that is not null: of every record, and of every event of the audit chain."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for table, rows in record.rows.items():
        superseded = {row["supersedes_id"] for row in rows if row.get("supersedes_id")}
        for row in rows:
            writer.writerows(_lines(_start(record, table, row, superseded), row))
    for event in record.events:
        start = ["audit", "audit_event", str(event["seq"]), "", event["action"], "", "",
                 *_both_clocks(record, event["at"]), event["actor"]]  # fmt: skip
        writer.writerows(_lines(start, event))
    return out.getvalue().encode()


def status_of(row: Row, superseded: set[str]) -> str:
    """Of a version of a fact; empty: it is none."""
    if "supersedes_id" not in row or "withdrawn" not in row:
        return ""
    if row["id"] in superseded:
        return "superseded"
    return "withdrawn" if row["withdrawn"] else "stands"


def _start(record: WholeRecord, table: CopyTable, row: Row, superseded: set[str]) -> list[str]:
    key = table.model._meta.pk
    assert key is not None
    observed = next((row[name] for name in _TIMES if row.get(name)), None)
    person = record.people.get(row.get("recorded_by_id") or row.get("by_id") or 0)
    return [
        table.section, table.name, str(row[str(key.column)]), str(row.get("root") or ""), status_of(row, superseded),
        *_both_clocks(record, observed), *_both_clocks(record, row.get("recorded_at")),
        "" if person is None else person.username,
    ]  # fmt: skip


def _lines(start: list[str], row: Row) -> Iterator[list[str]]:
    for name, value in row.items():
        if value is not None:
            yield [*map(safe_cell, start), name, safe_cell(_text(value))]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _both_clocks(record: WholeRecord, instant: str | None) -> tuple[str, str]:
    """In UTC, and on the clock of the site where the participant was, each with its offset."""
    if instant is None:
        return "", ""
    at = datetime.fromisoformat(instant)
    zone: ZoneInfo = record.zone(at)
    return at.astimezone(UTC).isoformat(), at.astimezone(zone).isoformat()
