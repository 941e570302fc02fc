"""The files of a packet, in one archive: the same cut and the same version give the same bytes, anywhere and any year.

Nothing is compressed, since a compressor of another version writes other bytes; names, order and times are fixed.
MANIFEST.json comes last and tells of every other file. Runs inside `known_at`.
"""

import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, BinaryIO, cast
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import psycopg
from django.db.models import QuerySet
from psycopg import sql

from grading.exports.datasets import ALL
from grading.exports.datasets.statement import statement
from grading.exports.formats.cells import NotWritable
from grading.exports.formats.table import DOCUMENTS, FORMATS, save
from grading.exports.packet.english_names import EnglishNames, english_names
from grading.exports.packet.layout import MANIFEST, README, README_TEXT
from grading.exports.rows import warnings_in
from grading.models import DataCut, DosePeriod
from regimens.blinding import Profile

IN_A_PACKET = ("csv", "dataset-json", "xpt")
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that the format knows: no file says when it was made

Step = Callable[[int, int], None]  # files written, of how many


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One file as the manifest tells of it. `rows` None: it has none."""

    name: str
    size: int
    sha256: str
    rows: int | None = None

    def plain(self) -> dict[str, Any]:
        return {"name": self.name, "bytes": self.size, "sha256": self.sha256, "rows": self.rows}


class Hashing(io.RawIOBase):
    """Writes through, and knows what was written. `opened` is asked at the first byte: what refuses writes none."""

    def __init__(self, opened: Callable[[], Any]) -> None:
        self.opened, self.out, self.digest, self.size = opened, cast(Any, None), sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if self.out is None:
            self.out = self.opened()
        self.digest.update(data)
        self.size += len(data)
        self.out.write(data)
        return len(data)


def write_packet(cut: DataCut, out: BinaryIO, cursor: psycopg.Cursor[Any], *, step: Step) -> None:
    """All files of the cut. `out` can be sought in."""
    formats = [FORMATS[name] for name in IN_A_PACKET]
    of = len(ALL) * len(formats) + len(DOCUMENTS)
    entries: list[FileEntry] = []
    refused: list[dict[str, Any]] = []
    english = EnglishNames(english_names(cut.study))
    with ZipFile(out, "w", ZIP_STORED, allowZip64=True) as archive:
        for dataset in ALL:
            query = statement(
                dataset, study=cut.study, sites=None if cut.sites is None else tuple(cut.sites), cut=cut.cut,
                profile=Profile(cut.profile),
            )  # fmt: skip
            rows = _rows_in(cursor, query)
            for one in formats:
                step(len(entries), of)
                name = dataset.name + one.suffix
                try:  # a savepoint: a COPY that is left in the middle ends its transaction
                    with cursor.connection.transaction(), _file(archive, name, entries, rows=rows) as file:
                        save(one, dataset, query, cursor, file, made_at=cut.cut, study=cut.study.code,
                             renamed=english.rows if english.names else iter)  # fmt: skip
                except NotWritable as refusal:
                    refused.append({"name": name, "code": refusal.message.code, **refusal.message.values})
        for document in DOCUMENTS:
            with _file(archive, document.name, entries) as file:
                document.write(ALL, file, made_at=cut.cut, study=cut.study.code)
        with _file(archive, README, entries) as file:
            file.write(README_TEXT.encode())
        step(of, of)
        warnings = warnings_in(periods_of(cut), cut.cut)
        manifest = manifest_of(cut, entries, warnings=warnings, refused=refused, english=english.used)
        with _file(archive, MANIFEST, []) as file:
            file.write(json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n")


class _file:  # used as a function
    """A file of the archive, entered into `entries` when it is whole."""

    def __init__(self, archive: ZipFile, name: str, entries: list[FileEntry], *, rows: int | None = None) -> None:
        self.info = ZipInfo(name, EPOCH)
        self.info.external_attr, self.info.create_system = 0o644 << 16, 3
        self.archive, self.entries, self.rows = archive, entries, rows

    def __enter__(self) -> BinaryIO:
        self.file = Hashing(lambda: self.archive.open(self.info, "w", force_zip64=True))
        return cast(BinaryIO, self.file)  # all of it that a format uses

    def __exit__(self, kind: object, *what: object) -> None:
        if self.file.out is not None:
            self.file.out.close()
        if kind is None:
            self.entries.append(FileEntry(
                name=self.info.filename, size=self.file.size, sha256=self.file.digest.hexdigest(), rows=self.rows,
            ))  # fmt: skip


def _rows_in(cursor: psycopg.Cursor[Any], query: Any) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM ({}) one").format(query))
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def manifest_of(
    cut: DataCut,
    entries: Sequence[FileEntry],
    *,
    warnings: dict[str, int],
    refused: Sequence[dict[str, Any]],
    english: dict[str, str],
) -> dict[str, Any]:
    """What the packet is, of what it was made, and every other file with its hash. No clock but the cut's own times."""
    parameters = dict(cut.parameters)
    if cut.profile == Profile.BLINDED:
        del parameters["regimens"]  # what is given
    return {
        "packet": 1,
        "id": str(cut.pk),
        "study": cut.study.code,
        "label": cut.label,
        "cut": _utc(cut.cut),
        "made": {"at": _utc(cut.made_at), "by": f"user:{cut.made_by_id}", "because": cut.because},
        "profile": cut.profile,
        "dates": "recorded",  # who is given shifted ones gets no packet, and is told so: pulled/snapshots
        "sites": cut.sites,
        **parameters,
        "files": [entry.plain() for entry in entries],
        "not_written": refused,  # which file, and the column and row that its format cannot hold
        "english_names": english,  # of steps, in the transport files
        "warnings": warnings,
    }


def periods_of(cut: DataCut) -> QuerySet[DosePeriod]:
    periods = DosePeriod.objects.filter(study=cut.study_id, started_at__lte=cut.cut)
    return periods if cut.sites is None else periods.filter(participant__site__in=cut.sites)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
