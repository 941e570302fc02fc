"""Move an alert by the table of rules/alerting/lifecycle.py, with the row that says so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.pages.notices import announce
from grading.alerting.delivery import outbox
from grading.alerting.services.paging import settle
from grading.models import Alert, AlertAction, AlertEvent, AlertState
from grading.rules.alerting.lifecycle import WAITING, may_become
from grading.rules.alerting.stand_down import Why
from regimens.models import Participant

# What an alert that no longer waits for an answer has not.
QUIET: dict[str, Any] = {"escalate_at": None, "snoozed_until": None}
DONE = QUIET | {"lapses_at": None}
NOTHING_TO_REVIEW: dict[str, Any] = {"unreviewed_since": None}
UNANSWERED: dict[str, Any] = NOTHING_TO_REVIEW | {
    "acknowledged_at": None,
    "acknowledged_by": None,
    "responder": None,
    "lapses_at": None,
}


ANSWERS = (AlertState.ACKNOWLEDGED, AlertState.ACTED_ON)

# What is told to whoever was paged. Of an action, which says more, by whoever keeps it (actions.py).
SAID = {
    AlertState.ACKNOWLEDGED: Why.ANSWERED,
    AlertState.WITHDRAWN: Why.WITHDRAWN,
    AlertState.RESOLVED: Why.OVER,
}


def hold(alerts: Iterable[Alert]) -> None:
    """Hold their participants until the transaction ends, as whoever records a fact does before anything else.

    Who moved an alert first and then asked for its participant would wait for a record that waits for the alert.
    """
    keys = {alert.participant_id for alert in alerts}
    list(Participant.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))


def move(alert: Alert, to: AlertState, *, by: User | None, at: datetime, note: str = "", **columns: Any) -> bool:
    """Move the alert if it may move there. False: somebody else moved it first.

    Runs in `acting`, with the participant held. One that stops waiting is not called for any more, and whoever was
    paged is stood down; whom an answer finds not called yet is called, since the answer may lapse.
    """
    if to in ANSWERS and not alert.pages_sent:
        settle(alert, at=at)
    if to not in WAITING:
        columns = (QUIET if to is AlertState.ACKNOWLEDGED else DONE) | columns
    if to is AlertState.WITHDRAWN:
        columns = NOTHING_TO_REVIEW | columns
    leaving = [state.value for state in may_become(to)]
    moved = Alert.objects.filter(pk=alert.pk, state__in=leaving).update(state=to.value, **columns)
    if moved:
        AlertEvent.objects.create(alert=alert, state=to.value, at=at, by=by, note=note)
        for name, value in (columns | {"state": to.value}).items():
            setattr(alert, name, value)
        announce(alert.participant.study_id, alert.participant.site_id, alert.participant.pk)
        if to in SAID:
            outbox.stand_down(alert, why=SAID[to], by=by, but=who_know(alert, SAID[to]), at=at)
    return bool(moved)


def who_know(alert: Alert, why: Why) -> set[int]:
    """Whoever answered, is going or did something: they need not hear what others do. Of a correction they must."""
    if why is Why.WITHDRAWN:
        return set()
    answered = {key for key in (alert.acknowledged_by_id, alert.responder_id) if key is not None}
    return answered | set(AlertAction.objects.filter(alert=alert).values_list("by", flat=True))
