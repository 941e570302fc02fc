"""A record is signed: one row of one table for every kind, bound to what the record says and to what it covers.

Who signs has proven just before who they are (`crsmonitor.accounts.signing`). A kind says in its `Signable` what its
canonical record is and which facts it covers; `grading/review/signatures/kinds.py` has the table of all kinds.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import InvalidInput, KeyReused
from regimens.facts import Fact
from regimens.models import MissedObservationReason, Signature, SignatureVoid
from regimens.rules.canonical import hash_of, plain

# What an excused slot is about is when it was due, not when somebody said so.
_WHEN: Mapping[type[Fact], str] = {MissedObservationReason: "due_at"}


@dataclass(frozen=True, slots=True)
class Span:
    """The facts of this time, both ends in. `since` None: from the first one on."""

    since: datetime | None
    until: datetime


def _no_span(record: Any, at: datetime) -> Span | None:
    """Of a record that covers nothing but itself."""
    return None


def _own_root(record: Any) -> str:
    return str(getattr(record, "root", record.pk))


def _nothing_derived(record: Any) -> Mapping[str, Any] | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signable:
    """One kind of record that is signed.

    `meaning`: a code, of what the record says. `act`: what whoever signs must be allowed to do. `own`: what the record
    itself says. `root`: what it is known by through its corrections. `covers`: the kinds of facts whose change voids
    it, where they lie in the `span`. `derived`: what was derived and stood beside it; another value voids it too.
    """

    kind: str
    model: type[Model]
    act: Act
    meaning: Callable[[Any], str]
    own: Callable[[Any], Mapping[str, Any]]
    root: Callable[[Any], str] = _own_root
    covers: frozenset[type[Fact]] = frozenset()
    span: Callable[[Any, datetime], Span | None] = _no_span
    derived: Callable[[Any], Mapping[str, Any] | None] = _nothing_derived


def columns_of(record: Model, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """What the row says, empty columns left out: a column that comes later changes no record of before."""
    names = [field.attname for field in record._meta.concrete_fields if field.name not in set(without)]
    values = {name: plain(getattr(record, name)) for name in names}
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def versions_in(participant_id: int, models: Iterable[type[Fact]], span: Span) -> dict[str, list[str]]:
    """The standing versions of the facts of these kinds in this time, by kind: none other, in whatever order."""
    versions = {}
    for model in models:
        when = _WHEN.get(model, "observed_at")
        facts = model.objects.standing().filter(participant=participant_id)
        facts = facts.filter(**{f"{when}__lte": span.until})
        if span.since is not None:
            facts = facts.filter(**{f"{when}__gte": span.since})
        if keys := sorted(str(key) for key in facts.values_list("pk", flat=True)):
            versions[model._meta.db_table] = keys
    return versions


def content_of(signable: Signable, record: Any, span: Span | None) -> dict[str, Any]:
    """The canonical record. Of the facts it covers the number and one hash: which they were is in the trail."""
    content: dict[str, Any] = {"record": dict(signable.own(record))}
    if span is not None and signable.covers:
        versions = versions_in(record.participant_id, signable.covers, span)
        content["facts"] = {"n": sum(map(len, versions.values())), "sha256": hash_of(versions)}
    plained: dict[str, Any] = plain(content)
    return plained


def sign(
    signable: Signable, record: Any, *, by: User, at: datetime, proof: Proof, key: uuid.UUID | None = None
) -> Signature:
    """Sign this record as it is now. `key`: of the form, so that it signs once. In the transaction that is open.

    Raises KeyReused for a form that signed already, InvalidInput where this person's signature of it stands.
    """
    span = signable.span(record, at)
    if key is not None and Signature.objects.filter(pk=key).exists():
        raise KeyReused("id_used")
    if standing(signable.kind, [str(record.pk)]).filter(by=by).exists():
        raise InvalidInput.at("password", "signed_already")
    signature = Signature(
        id=key or uuid.uuid4(), study_id=_study_of(record), participant_id=getattr(record, "participant_id", None),
        kind=signable.kind, record=str(record.pk), root=signable.root(record),
        meaning=signable.meaning(record), by=by, name=by.get_full_name() or by.get_username(), at=at,
        proof=proof.value, since=None if span is None else span.since, until=None if span is None else span.until,
        content=content_of(signable, record, span), derived=plain(signable.derived(record)),
    )  # fmt: skip
    signature.hash = seal_of(signature)
    with acting(by=by, reason=f"signed: {signature.meaning}"):
        signature.save(force_insert=True)
    return signature


SEALED = ("kind", "record", "root", "meaning", "by_id", "name", "at", "since", "until", "proof", "content", "derived")


def seal_of(signature: Signature) -> str:
    """The hash that binds the content to the record, the person, the moment and the meaning."""
    names = (
        "kind",
        "record",
        "root",
        "meaning",
        "by_id",
        "name",
        "at",
        "since",
        "until",
        "proof",
        "content",
        "derived",
    )
    return hash_of({name: getattr(signature, name) for name in names})


def still_says(signature: Signature, signable: Signable, record: Any) -> bool:
    """Whether the record and what it covers are as they were signed. A column that came since is passed over."""
    if signature.hash != seal_of(signature):
        return False
    span = None if signature.until is None else Span(signature.since, signature.until)
    now = content_of(signable, record, span)
    own = {name: now["record"].get(name) for name in signature.content["record"]}
    signed: dict[str, Any] = signature.content
    return own == signed["record"] and now.get("facts") == signed.get("facts")


def standing(kind: str, records: Iterable[str]) -> QuerySet[Signature]:
    """The signatures of these records that hold."""
    return Signature.objects.filter(kind=kind, record__in=list(records), void=None)


def void(
    signatures: Iterable[Signature], *, because: str, by: User | str, at: datetime, fact: Fact | None = None
) -> None:
    """These no longer hold: what they cover was changed. In the transaction that is open."""
    voids = [
        SignatureVoid(
            signature=one, study_id=one.study_id, participant_id=one.participant_id, at=at, because=because,
            by=by if isinstance(by, User) else None, fact_kind="" if fact is None else fact._meta.db_table,
            fact=None if fact is None else fact.pk,
        )
        for one in signatures
    ]  # fmt: skip
    if voids:
        with acting(by=by, reason=f"signature void: {because}"):
            SignatureVoid.objects.bulk_create(voids)


def _study_of(record: Any) -> int:
    key: int = record.study_id if getattr(record, "study_id", None) is not None else record.participant.study_id
    return key
