"""Which signatures somebody sees, and what of a record is to be signed by whom."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.review.signatures.kinds import PERIOD, SIGNABLES, act_for
from regimens.facts import Fact
from regimens.models import Participant, Signature, Study, WindowCompletion
from regimens.rules.canonical import hash_of, plain
from regimens.selectors import participants_for, studies_for
from regimens.services.signing import Signable, content_of

SHOWN = 50  # signatures of a page


def signatures_for(user: User) -> QuerySet[Signature]:
    """Of what this user sees, the newest first. A sponsor finds those of the study alone."""
    ward = participants_for(user, Act.SEE_WARD).filter(pk=OuterRef("participant"))
    central = participants_for(user, Act.ADJUDICATE).filter(pk=OuterRef("participant"))
    mine = Q(Exists(ward)) | Q(Exists(central)) | Q(participant=None, study__in=studies_for(user))
    rows = Signature.objects.filter(mine).select_related("by", "participant__site", "study", "void__by")
    return rows.order_by("-at", "pk")


def signatures_of(user: User, kind: str, roots: Iterable[str]) -> list[Signature]:
    """Those of a record in all its versions, the newest first."""
    return list(signatures_for(user).filter(kind=kind, root__in=list(roots))[:SHOWN])


def signatures_on(user: User, rows: Iterable[tuple[str, str]]) -> list[Signature]:
    """Those of rows of the trail, each by its table and key: of what was signed there, and what is a signature."""
    kinds = {signable.model._meta.db_table: kind for kind, signable in SIGNABLES.items() if kind != PERIOD.kind}
    keys: dict[str, set[str]] = {}
    for table, key in rows:
        keys.setdefault(table, set()).add(key)
    wanted = [Q(kind=kinds[table], record__in=some) for table, some in keys.items() if table in kinds]
    wanted += [Q(pk__in=some) for table, some in keys.items() if table == Signature._meta.db_table]
    return list(signatures_for(user).filter(reduce(or_, wanted)).order_by("at", "pk")) if wanted else []


def is_void(user: User, kind: str, roots: Iterable[str]) -> bool:
    """Whether the newest signature of a record is void. False where it was never signed, as of an import."""
    signatures = signatures_of(user, kind, roots)
    return bool(signatures) and getattr(signatures[0], "void", None) is not None


def asking_again(user: User) -> QuerySet[Signature]:
    """Void, and nobody has signed the record since: what is to be looked at again.

    Not a cohort that was changed again: that change is a record of its own, and signed.
    """
    since = Signature.objects.filter(kind=OuterRef("kind"), root=OuterRef("root"), at__gt=OuterRef("at"))
    return signatures_for(user).filter(~Exists(since), void__isnull=False).exclude(void__because="changed_again")


def asking_again_of_participants(user: User) -> list[Signature]:
    """Of participants whose investigator this is, with what an inbox shows of them; the longest void first."""
    mine = asking_again(user).filter(participant__in=participants_for(user, Act.JUDGE))
    related = (f"participant__{name}" for name in ("study", "site", "regimen", "current_state"))
    return list(mine.select_related("by", "void__by", *related).order_by("void__at", "pk")[:SHOWN])


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureSubject:
    """One record that is signed, for somebody who sees it. `refusal`: why it is not signed now; empty: it may be."""

    signable: Signable
    record: Any
    study: Study
    participant: Participant | None
    signatures: list[Signature]
    may_sign: bool
    refusal: str
    seen: str

    @property
    def root(self) -> str:
        return self.signable.root(self.record)


def subject_of(user: User, kind: str, key: str, *, at: datetime) -> SignatureSubject:
    """NotFound for a stranger, and for what is not there."""
    signable = SIGNABLES.get(kind)
    record = None if signable is None else _record(signable, key)
    if signable is None or record is None:
        raise NotFound("no_such_record")
    participant: Participant | None = getattr(record, "participant", None)
    act = act_for(signable, record)
    if participant is None:
        study, may_sign = record.study, studies_for(user, act).filter(pk=record.study_id).exists()
        sees = studies_for(user).filter(pk=record.study_id).exists()
    else:
        study, may_sign = participant.study, participants_for(user, act).filter(pk=participant.pk).exists()
        sees = may_sign or participants_for(user, Act.SEE_WARD).filter(pk=participant.pk).exists()
    if not sees:
        raise NotFound("no_such_record")
    signatures = signatures_of(user, kind, [signable.root(record)])
    span = signable.span(record, at)
    seen = hash_of([content_of(signable, record, span)["record"], [str(one.pk) for one in signatures]])
    return SignatureSubject(
        signable=signable, record=record, study=study, participant=participant, signatures=signatures,
        may_sign=may_sign, refusal=_refusal(signable, record, signatures, user), seen=seen,
    )  # fmt: skip


def _record(signable: Signable, key: str) -> Any:
    names = {field.name for field in signable.model._meta.concrete_fields}
    related = ("participant__study", "participant__site") if "participant" in names else ("study",)
    rows = signable.model._default_manager.select_related(*related)
    try:
        if signable.kind == PERIOD.kind:
            return rows.select_related("dose").filter(dose__root=uuid.UUID(key)).first()
        return rows.filter(pk=key).first()
    except (ValueError, ValidationError):
        return None


def _refusal(signable: Signable, record: Any, signatures: list[Signature], user: User) -> str:
    """A first signature is given where the record is made, but of a period; another one once that is void."""
    if isinstance(record, Fact) and (record.withdrawn or type(record).objects.filter(supersedes=record).exists()):
        return "sign_newer_version"
    if any(one.by_id == user.pk and getattr(one, "void", None) is None for one in signatures):
        return "signed_already"
    if signable.kind == PERIOD.kind:
        closed = WindowCompletion.objects.standing().filter(dose__root=record.dose.root).exists()
        return "" if closed else "close_window_first"
    if not signatures:
        return "sign_where_made"
    derived = plain(signable.derived(record))
    return "" if derived is None or derived == signatures[0].derived else "assess_again_first"
