"""After a restore: nothing that may have left already leaves again, until a person has decided.

An alert that is raised afterwards is told at once.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.database.question import Question
from grading.alerting.delivery.messages import KINDS
from grading.models import UNSENT, DeliveryState, OutboxHold, Outgoing

_STANDING = OutboxHold.objects.filter(decided_at=None)


def is_held() -> Exists:
    """Of a message, as a condition."""
    return Exists(_STANDING.filter(at__gte=OuterRef("queued_at")))


def is_any() -> bool:
    """Whether messages may wait for a decision."""
    return _ANY.exists()


_ANY = Question(lambda: OutboxHold.objects.filter(decided_at=None))


def held(kind: type[Outgoing]) -> QuerySet[Outgoing]:
    """The messages of a kind that wait for a decision."""
    return kind._default_manager.filter(is_held(), state__in=UNSENT)


def hold(*, by: User | str, reason: str, at: datetime) -> dict[str, int]:
    """Hold whatever is queued by now. Returns how many of each kind wait."""
    with acting(by=by, reason=reason):
        OutboxHold.objects.create(at=at, reason=reason[:200])
    return counts()


def counts() -> dict[str, int]:
    """How many of each kind wait for a decision; kinds with none are left out."""
    by_kind = {kind._meta.model_name or "": held(kind).count() for kind in KINDS}
    return {name: count for name, count in by_kind.items() if count}


def release(*, by: User | str, reason: str, at: datetime) -> dict[str, int]:
    """They leave with the next sweep."""
    return _decide(OutboxHold.Decision.RELEASED, by=by, reason=reason, at=at)


def discard(*, by: User | str, reason: str, at: datetime) -> dict[str, int]:
    """They are dropped: they left before, or their time is over."""
    return _decide(OutboxHold.Decision.DISCARDED, by=by, reason=reason, at=at)


def _decide(decision: OutboxHold.Decision, *, by: User | str, reason: str, at: datetime) -> dict[str, int]:
    with acting(by=by, reason=reason):
        list(_STANDING.select_for_update())
        waiting = counts()
        if decision == OutboxHold.Decision.DISCARDED:
            for kind in KINDS:
                held(kind).update(state=DeliveryState.DROPPED.value, claimed_until=None)
        _STANDING.update(decision=decision.value, decided_at=at)
    return waiting
