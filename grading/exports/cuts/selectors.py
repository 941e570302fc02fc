"""Which cuts somebody finds, what the archive of one says of itself, and who took it away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zipfile import ZipFile

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import NotFound
from grading.exports.datasets import ALL
from grading.exports.packet.stored import PacketFile
from grading.exports.packet.verifying import manifest_in
from grading.exports.rows import Scope
from grading.models import DataCut, Packet, PacketState
from regimens.blinding import Profile
from regimens.models import Membership, Study
from regimens.selectors import studies_for

PULLED = "packet_pulled"


def cuts_in(scope: Scope) -> QuerySet[DataCut]:
    """The newest first. One that holds more than its reader may have is not there: sites, data sets, doses."""
    cuts = _within(scope)
    return cuts if all(scope.holds(dataset.name) for dataset in ALL) else cuts.none()


def snapshots_in(scope: Scope) -> QuerySet[DataCut]:
    """Those whose packets are made, for who takes data sets of them one by one: as of `cuts_in`, sites and doses."""
    return _within(scope).filter(packet__state=PacketState.DONE.value)


def snapshot_in(scope: Scope, label: str) -> DataCut:
    """NotFound as of `cut_in`, and where it is not made yet."""
    cut = snapshots_in(scope).filter(label=label).first()
    if cut is None:
        raise NotFound("no_such_record")
    return cut


def _within(scope: Scope) -> QuerySet[DataCut]:
    cuts = DataCut.objects.filter(study=scope.study).select_related("study", "packet", "made_by")
    if scope.sites is not None:
        cuts = cuts.filter(sites__isnull=False, sites__contained_by=list(scope.sites))
    if scope.profile is Profile.BLINDED:
        cuts = cuts.filter(profile=Profile.BLINDED.value)
    return cuts.order_by("-made_at", "-pk")


def cut_in(scope: Scope, label: str) -> DataCut:
    """NotFound for one that is missing, and for one that holds more than its reader may have."""
    cut = cuts_in(scope).filter(label=label).first()
    if cut is None:
        raise NotFound("no_such_record")
    return cut


def packet_in(scope: Scope, label: str) -> Packet:
    """The packet of a cut. NotFound where it is not made yet, too."""
    packet: Packet = cut_in(scope, label).packet
    if packet.state != PacketState.DONE.value:
        raise NotFound("no_such_record")
    return packet


def newest_made(scope: Scope) -> DataCut | None:
    """The cut of the latest instant whose packet is made. None: there is none yet."""
    return cuts_in(scope).filter(packet__state=PacketState.DONE.value).order_by("-cut", "-made_at").first()


def may_cancel(scope: Scope, cut: DataCut, user: User) -> bool:
    """Whoever made it, and whoever exports the whole study, while it is not made."""
    return cut.packet.is_unfinished and _may_manage(scope, cut, user)


def may_retry(scope: Scope, cut: DataCut, user: User) -> bool:
    """The same people, where it failed."""
    return cut.packet.state == PacketState.FAILED.value and _may_manage(scope, cut, user)


def _may_manage(scope: Scope, cut: DataCut, user: User) -> bool:
    return scope.sites is None or cut.made_by_id == user.pk


def manifest_of(packet: Packet) -> dict[str, Any]:
    """MANIFEST.json of one that is done."""
    with ZipFile(PacketFile(packet)) as archive:
        return manifest_in(archive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """One time that bytes of a packet were asked for. `actor` is empty where the reader is told roles alone."""

    at: datetime
    actor: str
    roles: tuple[str, ...]
    by_token: bool
    bytes: int
    is_whole: bool


def pulls_of(cut: DataCut, *, with_names: bool) -> Iterator[Pull]:
    """The newest first."""
    events = AuditEvent.objects.filter(
        subject=f"study:{cut.study_id}", action="EVENT", table_name=PULLED, after__cut=str(cut.pk)
    )
    for event in events.order_by("-seq"):
        details = event.after or {}
        yield Pull(
            at=event.at, actor=event.actor.rpartition(":")[2] if with_names else "", roles=tuple(details["roles"]),
            by_token=details["by_token"], bytes=details["bytes"], is_whole=details["bytes"] == details["size"],
        )  # fmt: skip


def roles_in(study: Study, user: User) -> list[str]:
    """As what somebody exports of the study, or did before leaving it. Empty: a program."""
    held = Membership.objects.filter(study=study, user=user, role__in=roles_that_may(Act.EXPORT))
    return sorted(set(held.values_list("role", flat=True)))


def sees_names(study: Study, user: User) -> bool:
    """Names of staff are told to those who meet them on the ward; a sponsor hears of roles."""
    return studies_for(user, Act.SEE_WARD).filter(pk=study.pk).exists()
