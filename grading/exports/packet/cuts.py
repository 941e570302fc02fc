"""A data cut is made by whoever may export, who signs it. Its packet waits in a row: nothing is sent."""

import hashlib
import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from crsmonitor import __version__
from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent, AuditHead
from crsmonitor.errors import InvalidInput, KeyReused
from crsmonitor.operating import release
from grading.course.record.masks import masking_rules
from grading.exports.datasets.adcrsp.columns import DATASET_VERSION
from grading.exports.rows import Scope
from grading.models import AlertPolicy, DataCut, Packet, PacketState
from grading.review.signatures.kinds import CUT
from grading.rules.grades.graded import CRITERIA, VERSION
from grading.rules.treatment.masking_hours import MASKING_HOURS
from grading.rules.treatment.steroids import DEXAMETHASONE_MG
from regimens.blinding import of_exports
from regimens.models import Regimen, Study
from regimens.services.signing import sign

# A record that was on its way at the instant of the cut is there by then: a request ends within half a minute.
SETTLES = timedelta(minutes=1)
LABEL_MOST, BECAUSE_MOST = 40, 300
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # it is part of addresses, and of the names of files


def make_cut(
    scope: Scope,
    *,
    label: str,
    because: str,
    cut: datetime | None,
    by: User,
    at: datetime,
    proof: Proof,
    key: UUID | None = None,
) -> DataCut:
    """Keep a cut that was signed just now, and queue its packet. `cut` None: now. To the second, as files tell it.

    `key`: the id it gets; the same by the same maker again is the same cut. Raises InvalidInput at the field,
    KeyReused.
    """
    label, because, cut = label.strip(), because.strip(), (cut or at).replace(microsecond=0)
    if (made := made_already(scope, key, label=label, by=by)) is not None:
        return made
    _check(label=label, because=because, cut=cut, at=at)
    try:
        with acting(by=by, reason=because):
            made = DataCut.objects.create(
                id=key or uuid4(), study=scope.study, label=label, cut=cut, profile=of_exports(scope.study).value,
                sites=None if scope.sites is None else list(scope.sites), because=because, made_by=by, made_at=at,
                parameters=parameters_of(scope.study, cut),
            )  # fmt: skip
            sign(CUT, made, by=by, at=at, proof=proof)
            Packet.objects.create(cut=made, not_before=max(cut + SETTLES, at))
    except IntegrityError as error:
        if (twin := made_already(scope, key, label=label, by=by)) is not None:  # sent twice at the same moment
            return twin
        if "data_cut_label_once" in str(error):
            raise InvalidInput.at("label", "label_used") from error
        raise
    return made


def made_already(scope: Scope, key: UUID | None, *, label: str, by: User) -> DataCut | None:
    """What was made of the same form before. None: nothing. KeyReused for another cut, or of somebody else."""
    made = None if key is None else DataCut.objects.filter(pk=key).first()
    if made is not None and (made.study_id, made.made_by_id, made.label) != (scope.study.pk, by.pk, label.strip()):
        raise KeyReused("id_used")
    return made


def cancel(packet: Packet, *, at: datetime) -> bool:
    """Nobody goes on with it. False: it is made already, or was given up."""
    waiting = Packet.objects.filter(pk=packet.pk, state__in=(PacketState.QUEUED.value, PacketState.RUNNING.value))
    return bool(waiting.update(state=PacketState.CANCELLED.value, finished_at=at, claimed_until=None))


def retry(packet: Packet, *, at: datetime) -> bool:
    """One that failed waits again, as if it had never been begun. False: it did not fail."""
    failed = Packet.objects.filter(pk=packet.pk, state=PacketState.FAILED.value)
    return bool(failed.update(
        state=PacketState.QUEUED.value, not_before=at, claimed_until=None, finished_at=None, problem="", steps=0,
        steps_in_all=0,
    ))  # fmt: skip


def _check(*, label: str, because: str, cut: datetime, at: datetime) -> None:
    if not label or len(label) > LABEL_MOST:
        raise InvalidInput.at("label", "label_length", most=LABEL_MOST)
    if not _LABEL.fullmatch(label):
        raise InvalidInput.at("label", "label_characters")
    if not because or len(because) > BECAUSE_MOST:
        raise InvalidInput.at("because", "say_what_for")
    if cut.tzinfo is None:
        raise InvalidInput.at("cut", "needs_offset")
    if cut > at:
        raise InvalidInput.at("cut", "in_future")


def parameters_of(study: Study, cut: datetime) -> dict[str, Any]:
    """What can change later and bears on the files, as it is now: kept with the cut, and told in its manifest."""
    newest = AuditEvent.objects.filter(at__lte=cut).order_by("-id").values_list("id", flat=True).first()
    head = AuditHead.objects.filter(subject=f"study:{study.pk}").values("seq", "hash").first()
    policies = AlertPolicy.objects.filter(study=study, in_force_from__lte=cut).order_by("version")
    regimens = Regimen.objects.filter(study=study, approved_at__lte=cut).order_by("code", "version")
    return {
        "program": __version__,
        "commit": release.commit(),
        "schema": release.schema(),
        "export": DATASET_VERSION,
        "rules": f"{CRITERIA}/{VERSION}",
        "concurrence_days": study.concurrence_days,
        "steroid_factors": {name: str(factor) for name, factor in sorted(DEXAMETHASONE_MG.items())},
        "masking": masking_of(policies),
        "policies": [{"version": one.version, "sha256": _hash_of(one.data)} for one in policies],
        "regimens": [
            {"code": one.code, "version": one.version, "sha256": _hash_of(one.document)} for one in regimens
        ],
        "audit": {"last": newest, "study_chain": head},
    }  # fmt: skip


def masking_of(policies: Iterable[AlertPolicy]) -> dict[str, Any]:
    """How long drugs hide a fever: an input of the grades that no data set has."""
    in_order = sorted(policies, key=lambda one: (one.in_force_from, one.version))
    return {
        "hours": {masking.value: hours for masking, hours in MASKING_HOURS.items()},
        "policies": [
            {
                "from": one.in_force_from.isoformat(),
                "hours": {rule.code: str(rule.hours) for rule in masking_rules(one.drugs)},
            }
            for one in in_order
            if one.in_force_from is not None
        ],
    }


def _hash_of(data: object) -> str:
    """SHA-256 of data as JSON with sorted keys, so that the same data have the same."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), default=str).encode()).hexdigest()


def next_packet(*, at: datetime, lease: timedelta) -> Packet | None:
    """The one that waits longest, now ours until the lease is over; also one whose worker is gone. None: none waits."""
    with transaction.atomic():
        waiting = Packet.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            state__in=(PacketState.QUEUED.value, PacketState.RUNNING.value), not_before__lte=at
        )
        free = waiting.exclude(claimed_until__gt=at).order_by("not_before", "pk")
        packet = free.select_related("cut__study").first()
        if packet is not None:
            packet.state, packet.claimed_until = PacketState.RUNNING.value, at + lease
            packet.save(update_fields=["state", "claimed_until"])
    return packet
