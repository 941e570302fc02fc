"""Which copies somebody sees, their files, and what is known of a hash. Every question starts from the user."""

import re
from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.models import AuditEvent
from crsmonitor.audit.selectors import BrokenLink, broken_links
from crsmonitor.errors import InvalidInput, NotFound
from grading.copies.making import zipped
from grading.models import CertifiedCopy, CopyFile
from regimens.selectors import participants_for

_SHA256 = re.compile(r"[0-9a-f]{64}")


def copies_for(user: User, act: Act = Act.COPY) -> QuerySet[CertifiedCopy]:
    """The newest first: of participants for whom this user may do this."""
    mine = participants_for(user, act).filter(pk=OuterRef("participant"))
    copies = CertifiedCopy.objects.filter(Exists(mine)).select_related(
        "participant__study", "participant__site", "made_by"
    )
    return copies.order_by("-made_at", "pk")


def copies_of(user: User, participant_id: int) -> list[CertifiedCopy]:
    without_bytes = CopyFile.objects.defer("data").order_by("form")
    return list(copies_for(user).filter(participant=participant_id).prefetch_related(Prefetch("files", without_bytes)))


def file_for(user: User, copy_id: UUID, form: str) -> tuple[CertifiedCopy, CopyFile, bytes]:
    """One file of a copy with its bytes. NotFound for a stranger, and for what is no file of a copy."""
    copy = copies_for(user).filter(pk=copy_id).first()
    files = {} if copy is None else {one.form: one for one in copy.files.all()}
    if copy is None or form not in files:
        raise NotFound("no_such_record")
    data = files[form].data
    return copy, files[form], zipped(copy, files) if data is None else bytes(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCopy:
    """A file that was made here. `changes`: how much was written to the record since, by table; `rewritten`: the
    audit chain is not the one that the copy ended with; `broken`: where it does not hold now.

    `with_names`: the reader is told who made it and why.
    """

    copy: CertifiedCopy
    file: CopyFile
    changes: dict[str, int]
    rewritten: bool
    broken: list[BrokenLink]
    with_names: bool


def sha256_in(text: str) -> str:
    """The hash that somebody pasted, perhaps among blanks and in capitals. Raises InvalidInput."""
    digest = "".join(text.split()).lower()
    if not _SHA256.fullmatch(digest):
        raise InvalidInput.at("sha256", "no_sha256")
    return digest


def known_copy(user: User, sha256: str) -> KnownCopy | None:
    """None: no file with this hash was made here of somebody whom this user sees; why not is told to nobody."""
    copies = copies_for(user, Act.SEE_STUDY)
    file = CopyFile.objects.defer("data").filter(sha256=sha256, copy__in=copies).order_by("pk").first()
    if file is None:
        return None
    copy = copies.get(pk=file.copy_id)
    chain = f"participant:{copy.participant_id}"
    newer = AuditEvent.objects.filter(subject=chain, seq__gt=copy.chain_seq).exclude(action="EVENT")
    newer = newer.exclude(table_name=CertifiedCopy._meta.db_table)
    end = AuditEvent.objects.filter(subject=chain, seq=copy.chain_seq).values_list("hash", flat=True).first()
    return KnownCopy(
        copy=copy, file=file, changes=dict(Counter(newer.values_list("table_name", flat=True).order_by("seq"))),
        rewritten=end != copy.chain_hash, broken=broken_links([chain]),
        with_names=participants_for(user, Act.SEE_WARD).filter(pk=copy.participant_id).exists(),
    )  # fmt: skip
