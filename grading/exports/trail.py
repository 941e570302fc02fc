"""What leaves is in the trail of its study: begun before the first byte, and ended with what was sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event
from crsmonitor.audit.models import AuditEvent
from grading.exports.blinding.telling import UNBLINDED, UNBLINDED_KEY, record_unblinding
from grading.exports.rows import Scope
from grading.models import DataCut
from regimens.blinding import Profile
from regimens.models import Study


@dataclass(frozen=True, slots=True, kw_only=True)
class UnblindedPull:
    """One time that something left which tells what the study is blinded for. `name`: the program's account.

    `of_a_key`: a key was made that will be told; `name` is who made it, and `what` for which program.
    """

    at: datetime
    name: str
    what: str
    of_a_key: bool = False


def record_begun(scope: Scope, *, by: User, pulled: dict[str, Any]) -> None:
    """Somebody begins to take something away."""
    record_event("export_begun", by=by, subject=f"study:{scope.study.pk}", **pulled)
    record_unblinding(scope.study, scope.profile, by=by, what=pulled["dataset"])


def record_begun_of_cut(cut: DataCut, *, by: User, pulled: dict[str, Any]) -> None:
    """The same of a data set of a cut, which tells what its own profile says."""
    record_event("export_begun", by=by, subject=f"study:{cut.study_id}", **pulled)
    record_unblinding(cut.study, Profile(cut.profile), by=by, what=f"{pulled['dataset']} {cut.label}")


def record_ended(scope: Scope, *, by: User, pulled: dict[str, Any], **sent: Any) -> None:
    """What has left."""
    record_event("export_ended", by=by, subject=f"study:{scope.study.pk}", **pulled, **sent)


def unblinded_pulls(study: Study, *, most: int = 50) -> Iterator[UnblindedPull]:
    """The newest first: for whoever keeps the study blinded."""
    return _events(study, [UNBLINDED], most)


def unblinding_events(study: Study, *, most: int = 200) -> Iterator[UnblindedPull]:
    """The same, with the keys that were made."""
    return _events(study, [UNBLINDED, UNBLINDED_KEY], most)


def _events(study: Study, kinds: list[str], most: int) -> Iterator[UnblindedPull]:
    events = AuditEvent.objects.filter(subject=f"study:{study.pk}", action="EVENT", table_name__in=kinds)
    for event in events.order_by("-seq")[:most]:
        details = event.after or {}
        yield UnblindedPull(
            at=event.at, name=details["name"], what=details["what"], of_a_key=event.table_name == UNBLINDED_KEY
        )
