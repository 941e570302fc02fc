"""A copy is made at once, kept with its hashes, and in the participant's audit trail: who, when, why, of what."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.db import IntegrityError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crsmonitor import __version__
from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, KeyReused
from crsmonitor.operating import release
from grading.copies.files import FORMAT, as_csv, as_json
from grading.copies.record import WholeRecord, record_of
from grading.models import CertifiedCopy, CopyFile
from grading.rules.grades.graded import CRITERIA, VERSION
from regimens.models import Participant
from regimens.selectors import participant_for

BECAUSE_MOST = 300
FORMS: Mapping[str, str] = {
    "pdf": "application/pdf", "json": "application/json", "csv": "text/csv", "zip": "application/zip",
}  # fmt: skip
MANIFEST = "MANIFEST.json"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip knows: no file says when it was made


def make_copy(
    user: User, participant_id: int, *, because: str, language: str, at: datetime, key: UUID
) -> CertifiedCopy:
    """Of what is on record at `at`, which is now. `key`: of the form, so that it makes one copy however often sent.

    Raises NotFound for a stranger, Forbidden for who may not, InvalidInput at the field, KeyReused.
    """
    participant = participant_for(user, participant_id, Act.COPY)
    because = because.strip()
    if not because or len(because) > BECAUSE_MOST:
        raise InvalidInput.at("because", "copy_says_why")
    if (made := _made_already(key, participant, user)) is not None:
        return made
    record = record_of(participant, at=at)
    seq, digest = record.chain_end
    copy = CertifiedCopy(
        id=key, participant=participant, cut=at, language=language, because=because, made_by=user, made_at=at,
        chain_seq=seq, chain_hash=digest, parameters=_parameters(record),
    )  # fmt: skip
    files = _files(copy, record)
    try:
        with acting(by=user, reason=because):
            copy.save(force_insert=True)
            CopyFile.objects.bulk_create([*files.values(), _zip_row(copy, files)])
    except IntegrityError:
        if (made := _made_already(key, participant, user)) is not None:  # sent twice at the same moment
            return made
        raise
    return copy


def _made_already(key: UUID, participant: Participant, user: User) -> CertifiedCopy | None:
    made = CertifiedCopy.objects.filter(pk=key).first()
    if made is not None and (made.participant_id, made.made_by_id) != (participant.pk, user.pk):
        raise KeyReused("id_used")
    return made


def _parameters(record: WholeRecord) -> dict[str, Any]:
    return {
        "format": FORMAT, "program": __version__, "commit": release.commit(), "schema": release.schema(),
        "rules": f"{CRITERIA}/{VERSION}",
        "rows": {table.name: len(rows) for table, rows in record.rows.items() if rows},
        "events": len(record.events),
        "chain_holds": not record.broken,
    }  # fmt: skip


def _files(copy: CertifiedCopy, record: WholeRecord) -> dict[str, CopyFile]:
    json_file, csv_file = as_json(record, head_of(copy)), as_csv(record)
    with translation.override(copy.language):
        pdf = _pdf(copy, record, json_file=json_file, csv_file=csv_file)
    return {form: _row(copy, form, data) for form, data in (("pdf", pdf), ("json", json_file), ("csv", csv_file))}


def head_of(copy: CertifiedCopy) -> dict[str, Any]:
    """What a copy says of itself: in its JSON, and in the manifest of its zip."""
    participant = copy.participant
    return {
        "copy": str(copy.pk),
        "statement": "Everything that was on record of this participant at the cut, as crsmonitor had it.",
        "study": participant.study.code, "site": participant.site.code, "participant": participant.number,
        "time_zone": participant.site.time_zone,
        "cut": _utc(copy.cut),
        "made": {"at": _utc(copy.made_at), "by": copy.made_by.get_username(), "because": copy.because},
        "chain_end": {"seq": copy.chain_seq, "hash": copy.chain_hash},
        "parameters": copy.parameters,
    }  # fmt: skip


def _pdf(copy: CertifiedCopy, record: WholeRecord, *, json_file: bytes, csv_file: bytes) -> bytes:
    # What draws takes a third of a second to read, in every process.
    from crsmonitor.formats.pdfa.document import Attachment, Edges, pdf_a
    from crsmonitor.formats.pdfa.fonts import Fonts, asian_font
    from grading.copies.pages import CopyHead, blocks, title_of

    fonts = Fonts(asian_font(settings.PAPER_FONT))
    language = copy.language if fonts.has_asian or copy.language == "en" else "en"
    with translation.override(language):
        head = CopyHead(
            id=str(copy.pk), made_by=f"{copy.made_by.get_full_name()} ({copy.made_by.get_username()})".strip(),
            because=copy.because, versions=f"crsmonitor {__version__}, {CRITERIA}/{VERSION}",
            verify_at=settings.SITE_URL + reverse("copy-verify"), has_asian=fonts.has_asian,
        )  # fmt: skip
        title = title_of(record)
        return pdf_a(
            list(blocks(record, head)), title=title, language="zh-Hant-TW" if language == "zh-hant" else language,
            edges=Edges(
                head=f"{title.replace('%', '%%')} · {copy.pk}",
                foot=f"{_utc(copy.cut)} · {_('page %(page)s of %(pages)s')} · #{copy.chain_seq} {copy.chain_hash}",
            ),
            made_at=copy.made_at, fonts=fonts, attachments=[
                Attachment(
                    name=name_of(copy, "json"), media_type="application/json", relation="Source", data=json_file,
                    description="Every row of the record",
                ),
                Attachment(
                    name=name_of(copy, "csv"), media_type="text/csv", relation="Alternative", data=csv_file,
                    description="Every value of the record, one a line",
                ),
            ],
        )  # fmt: skip


def name_of(copy: CertifiedCopy, form: str) -> str:
    return f"copy-{copy.participant.number}-{copy.cut:%Y%m%dT%H%M%SZ}.{form}"


def _row(copy: CertifiedCopy, form: str, data: bytes) -> CopyFile:
    return CopyFile(copy=copy, form=form, size=len(data), sha256=hashlib.sha256(data).hexdigest(), data=data)


def _zip_row(copy: CertifiedCopy, files: Mapping[str, CopyFile]) -> CopyFile:
    row = _row(copy, "zip", zipped(copy, files))
    row.data = None
    return row


def zipped(copy: CertifiedCopy, files: Mapping[str, CopyFile]) -> bytes:
    """The archive of a copy: the same files are the same bytes."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for name, data in _members(copy, files):
            info = ZipInfo(name, EPOCH)
            info.external_attr, info.create_system = 0o644 << 16, 3
            archive.writestr(info, data)
    return out.getvalue()


def _members(copy: CertifiedCopy, files: Mapping[str, CopyFile]) -> Iterator[tuple[str, bytes]]:
    listed = [
        {"name": name_of(copy, form), "bytes": files[form].size, "sha256": files[form].sha256}
        for form in ("pdf", "json", "csv")
    ]
    for form in ("pdf", "json", "csv"):
        yield name_of(copy, form), bytes(files[form].data or b"")
    manifest = head_of(copy) | {"files": listed}
    yield MANIFEST, json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
