"""Call the next when nobody answers, and let an answer lapse that nobody acted on.

Every due time is a column of the alert (escalate_at, lapses_at). The sweep finds what is due; several at once are
harmless: the participant is held, the row looked at again, and each escalation is a row that can be written once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from crsmonitor.audit.acting import acting
from crsmonitor.database.any_of import IsAnyOf
from crsmonitor.database.question import Question
from grading.alerting.services.paging import escalate, escalate_all
from grading.alerting.services.transitions import UNANSWERED, move
from grading.models import Alert, AlertState, Escalation
from grading.rules.alerting.lifecycle import WAITING
from grading.rules.alerting.watchdog import CLOCK_OFFSET
from regimens.models import Participant

BY, RAISED = "sweep", "it was raised"
BATCH = 200  # alerts of one sweep; the rest is there at the next
AT_ONCE = 50  # alerts whose first step is one transaction: it holds their participants for some 50 ms
_WAITING = [state.value for state in WAITING]
# It was raised, and nobody was called yet (paging.due_at_once).
_IS_RAISED = Q(state__in=_WAITING, pages_sent=0, escalate_at__isnull=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An alert whose time has come: its answer lapses, or the next is called; `first`: nobody was called yet."""

    alert: UUID
    lapses: bool = False
    first: bool = False

    @property
    def reason(self) -> str:
        if self.first:
            return RAISED
        return "nobody acted in time" if self.lapses else "nobody answered"

    def still(self, at: datetime) -> Q:
        """Whether it is so at `at`."""
        if self.first:
            return _IS_RAISED
        return _lapses(at) if self.lapses else _is_called(at)


def _lapses(at: datetime) -> Q:
    """Answers whose time is over. One given later than now is of a clock that was put back: better asked twice."""
    return Q(state=AlertState.ACKNOWLEDGED.value) & (Q(lapses_at__lte=at) | Q(acknowledged_at__gt=at + CLOCK_OFFSET))


def _is_called(at: datetime) -> Q:
    """Alerts whose next step is due, as the first of one that was raised is at once, whatever a clock says.

    Where the last was taken later than now, the due time is no better: now.
    """
    last = Escalation.objects.filter(
        alert=OuterRef("pk"), occurrence=OuterRef("occurrence"), number=OuterRef("pages_sent") - 1
    )
    ahead = Escalation.objects.filter(at__gt=at + CLOCK_OFFSET)  # few or none, and where to look first
    put_back = Q(IsAnyOf("pk", ahead.values("alert"))) & Q(Exists(last.filter(at__gt=at + CLOCK_OFFSET)))
    put_back &= Q(escalate_at__gt=at + CLOCK_OFFSET)
    return Q(state__in=_WAITING) & (Q(escalate_at__lte=at) | _IS_RAISED | put_back)


def due(*, at: datetime, but_raised: bool = False) -> list[Due]:
    """What is due at `at`: first whom nobody was called for, then the longest waiting. The rest is there at the next
    sweep.

    `but_raised`: not those for whom nobody was called yet, behind thousands of whom no other would be found.
    """
    lapsed = Alert.objects.filter(_lapses(at)).order_by("lapses_at")
    waiting = Alert.objects.filter(_is_called(at)).order_by("escalate_at")
    if but_raised:
        waiting = waiting.filter(pages_sent__gt=0)
    called = waiting.values_list("pk", "pages_sent")[:BATCH]
    ones = [Due(alert=pk, first=not pages_sent) for pk, pages_sent in called]
    return sorted(
        [*(Due(alert=pk, lapses=True) for pk in lapsed.values_list("pk", flat=True)[:BATCH]), *ones],
        key=lambda one: not one.first,
    )


def oldest_due(*, at: datetime) -> datetime | None:
    """Since when the longest waiting alert could have been called for. None: none waits. Old: nobody sweeps."""
    waiting = Alert.objects.filter(_is_called(at)).order_by("escalate_at")
    return waiting.values_list("escalate_at", flat=True).first()


def meet(one: Due, *, at: datetime, patient: bool = False) -> bool:
    """Do what is due, if it still is. False: another sweep has the alert, or was first, or it was answered.

    `patient`: it waits for whoever records a fact of the participant just now. Else the next sweep comes in 2 s.
    """
    with acting(by=BY, reason=one.reason):
        # Held as by whoever records a fact.
        held = Participant.objects.select_for_update(no_key=True, skip_locked=not patient, of=("self",)).filter(
            alerts=one.alert
        )
        if held.only("pk").first() is None:
            return False
        still = Alert.objects.filter(one.still(at), pk=one.alert)
        alert = still.select_related("participant__study", "participant__site").first()
        if alert is None:
            return False
        if one.lapses:
            # Nobody acted in time: the alert waits again, and the next role is called at once.
            again = UNANSWERED | {"occurrence": alert.occurrence + 1}
            move(alert, AlertState.EXPIRED, by=None, at=at, note="nobody acted", **again)
        escalate(alert, at=at)
        return True


def call_raised(*, at: datetime) -> int:
    """Take the first step of what was raised, the longest waiting first: how many, AT_ONCE at most.

    What somebody else holds just now is passed over (`raised_waits`). Of each that is taken, alert and participant are
    held and as they are now: whoever moves an alert holds its participant.
    """
    with acting(by=BY, reason=RAISED):
        alerts = _RAISED.all()
        if alerts:
            escalate_all(alerts, at=at)
        return len(alerts)


_RAISED = Question(
    lambda: (
        Alert.objects.filter(_IS_RAISED)
        .order_by("raised_at")
        .select_for_update(no_key=True, skip_locked=True, of=("self", "participant"))
        .select_related("participant__study", "participant__site")[:AT_ONCE]
    )
)


def raised_one_by_one() -> Iterator[Due]:
    """The same alerts one by one, for where together they failed."""
    rows = Alert.objects.filter(_IS_RAISED).order_by("raised_at").values_list("pk", flat=True)
    return (Due(alert=pk, first=True) for pk in list(rows[:AT_ONCE]))


def raised_waits() -> bool:
    """Whether somebody is still to be called for the first time, and no worker is just about it.

    A worker holds the alert, whoever records a fact the participant alone. One that fails is left to the sweep.
    """
    with transaction.atomic():
        waits = bool(_ONE_RAISED.all())
        transaction.set_rollback(True)  # what was held for an instant is let go, and the disk has nothing to keep
    return waits


_ONE_RAISED = Question(
    lambda: (
        Alert.objects.filter(_IS_RAISED)
        .select_for_update(no_key=True, skip_locked=True, of=("self",))
        .values_list("pk", flat=True)[:1]
    )
)


def call_first(alert: UUID, *, at: datetime) -> bool:
    """Take the first step of an alert that was raised. False: it was taken, or nobody needs to come any more."""
    return meet(Due(alert=alert, first=True), at=at, patient=True)
