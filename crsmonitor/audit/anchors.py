"""The ends of all chains and the sizes of the tables, signed and kept outside the database: anchors.

Whoever owns the database may rewrite every hash in it, or empty a table and its chains. What was written down of them
on another day, and mailed, shows that.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection

from crsmonitor import __version__
from crsmonitor.audit.models import AuditHead
from crsmonitor.audit.selectors import BrokenLink, guarded_tables, patient

_signer = Signer(salt="crsmonitor.audit.anchor")  # with SECRET_KEY, or one of SECRET_KEY_FALLBACKS
_GONE = """
    SELECT a.subject, a.seq FROM jsonb_to_recordset(%s::jsonb) AS a (subject text, seq bigint, hash text)
      LEFT JOIN audit_event e ON e.subject = a.subject AND e.seq = a.seq
     WHERE e.hash IS DISTINCT FROM a.hash ORDER BY 1
"""


def folder() -> Path:
    return Path(settings.STATE_DIR) / "anchors"


def taken(*, at: datetime) -> bytes:
    """The anchor of this moment, as its file."""
    chains = [
        {"subject": head.subject, "seq": head.seq, "hash": head.hash} for head in AuditHead.objects.order_by("subject")
    ]
    content = {"at": at.isoformat(), "program": __version__, "rows": _sizes(), "chains": chains}
    text = json.dumps(content, sort_keys=True)
    return json.dumps({"anchor": text, "signature": _signer.signature(text)}).encode() + b"\n"


def _sizes() -> dict[str, int]:
    sizes = {}
    with patient() as cursor:
        for table in ["audit_event", *guarded_tables()]:
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608  # the catalogue's
            sizes[table] = cursor.fetchone()[0]
    return sizes


def write(anchor: bytes, *, at: datetime, holds: bool) -> str:
    """Its SHA-256, once it is in the folder under the day's name.

    `holds` False: the trail is not what it should be. Such a file is kept as a finding, and nothing is held against it:
    the last good anchor goes on showing what was hidden.
    """
    folder().mkdir(parents=True, exist_ok=True)
    _file(at.date(), holds=holds).write_bytes(anchor)
    return hashlib.sha256(anchor).hexdigest()


def newest() -> Path | None:
    """The last good one that was written here. None: none was yet."""
    return max(folder().glob("anchor-*.json"), default=None)


def of_day(day: date) -> Path | None:
    """What that day's verification wrote, whatever it found. None: it is not here."""
    return next((file for holds in (False, True) if (file := _file(day, holds=holds)).exists()), None)


def _file(day: date, *, holds: bool) -> Path:
    return folder() / f"{'anchor' if holds else 'found'}-{day:%Y-%m-%d}.json"


def problems_with(file: Path) -> Iterator[BrokenLink]:
    """Where the trail is not a continuation of what it was when this was written."""
    try:
        content = _read(file)
    except (OSError, ValueError, KeyError, BadSignature):
        yield BrokenLink(file.name, 0, "the anchor cannot be read, or its signature is not that of SECRET_KEY")
        return
    with patient() as cursor:
        cursor.execute(_GONE, [json.dumps(content["chains"])])
        gone = cursor.fetchall()
    for subject, seq in gone:
        yield BrokenLink(subject, seq, f"the chain is not the one that {file.name} saw")
    now = _sizes()
    for table, rows in content["rows"].items():
        if table in now and now[table] < rows and table not in MAY_SHRINK:
            yield BrokenLink(table, 0, f"{now[table]} rows, and {file.name} saw {rows}")


MAY_SHRINK = ("accounts_user_groups", "accounts_user_user_permissions", "auth_group_permissions")


def _read(file: Path) -> dict[str, Any]:
    whole = json.loads(file.read_bytes())
    text = _signer.unsign(f"{whole['anchor']}{_signer.sep}{whole['signature']}")
    content: dict[str, Any] = json.loads(text)
    return content
