"""Do what rules/alerting has decided (reconcile.py, standing.py): the one place where alerts are changed for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting, around
from crsmonitor.database import rows
from crsmonitor.pages.notices import announce, announcement
from grading.alerting.services.on_file import OnFile
from grading.alerting.services.paging import call_for, due_at_once, hurry
from grading.alerting.services.transitions import UNANSWERED, move
from grading.models import Alert, AlertEvent, AlertPolicy, AlertState
from grading.rules.alerting.reconcile import Amend, Decision, Leave, Raise, Reopen, Resolve, Withdraw, amendments
from grading.rules.alerting.standing import EpisodeOver, Escalate
from grading.rules.alerting.wanted import WantedAlert
from regimens.models import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class Applying:
    """Whose alerts, under which policy, through whom, when. The participant is held."""

    participant: Participant
    policy: AlertPolicy | None
    alerts: OnFile
    by: User | str
    at: datetime

    @property
    def person(self) -> User | None:
        return self.by if isinstance(self.by, User) else None


def apply(decisions: Iterable[Decision | Escalate | EpisodeOver], doing: Applying, *, reason: str) -> list[Alert]:
    """In their order. Returns the alerts that wait for an answer through it."""
    to_do = [decision for decision in decisions if not isinstance(decision, Leave)]
    if all(isinstance(decision, Raise) for decision in to_do):  # while the nurse waits: each says by itself who acts
        return [_raised(decision.wanted, doing, reason=reason) for decision in to_do if isinstance(decision, Raise)]
    with acting(by=doing.by, reason=reason, savepoint=False):
        return [alert for decision in to_do if (alert := _apply(decision, doing, reason=reason)) is not None]


def _apply(decision: Decision | Escalate | EpisodeOver, doing: Applying, *, reason: str) -> Alert | None:
    """The alert, where it waits for an answer through it."""
    match decision:
        case Raise(wanted=wanted):
            return _raised(wanted, doing, reason=reason)
        case Reopen(wanted=wanted):
            return _hurried(_reopened(decision, doing), wanted)
        case Amend(alert=row, wanted=wanted):
            Alert.objects.filter(pk=row.id).update(**amendments(wanted, row))
            announce(doing.participant.study_id, doing.participant.site_id, doing.participant.pk)
        case Withdraw(alert=row):
            note = "the corrected course does not call for it"
            move(doing.alerts.alerts[row.id], AlertState.WITHDRAWN, by=doing.person, at=doing.at, note=note)
        case Resolve(alert=row):
            note = "it does not hold any more"
            move(doing.alerts.alerts[row.id], AlertState.RESOLVED, by=None, at=doing.at, note=note)
        case EpisodeOver(alert=row):
            note = "the episode is over"
            move(doing.alerts.alerts[row.id], AlertState.RESOLVED, by=None, at=doing.at, note=note)
        case Escalate(alert=row):
            call_for(doing.alerts.alerts[row.id], at=doing.at)
    return None


def _raised(wanted: WantedAlert, doing: Applying, *, reason: str) -> Alert:
    """With all that goes with it in one round trip."""
    assert wanted.condition or doing.policy is not None  # a rise is asked for by a policy
    alert = Alert(
        participant=doing.participant, kind=wanted.kind, condition=wanted.condition, fact_root=wanted.root,
        policy=doing.policy, raised_at=doing.at, late=wanted.late, **_columns(wanted), **_first_step(wanted, doing),
    )  # fmt: skip
    event = AlertEvent(alert=alert, state=AlertState.OPEN.value, at=doing.at)
    begin, end = around(by=doing.by, reason=reason)
    notice = announcement(doing.participant.study_id, doing.participant.site_id, doing.participant.pk)
    rows.write([alert, event], [], before=[begin], after=[notice, end])
    return _hurried(alert, wanted)


def _reopened(decision: Reopen, doing: Applying) -> Alert:
    alert, wanted = doing.alerts.alerts[decision.alert.id], decision.wanted
    if decision.turned:
        note = "the first dose came before or after it"
        move(alert, AlertState.WITHDRAWN, by=doing.person, at=doing.at, note=note)
    again = _columns(wanted) | UNANSWERED | _first_step(wanted, doing) | {"occurrence": alert.occurrence + 1}
    note = "it holds again" if wanted.condition else "the course calls for it again"
    move(alert, AlertState.OPEN, by=doing.person, at=doing.at, note=note, **again)
    return alert


def _first_step(wanted: WantedAlert, doing: Applying) -> dict[str, Any]:
    """A late entry pages only where the state that it reveals still holds."""
    return due_at_once(doing.at) if _is_called_for(wanted) else {"pages_sent": 0}


def _hurried(alert: Alert, wanted: WantedAlert) -> Alert:
    if _is_called_for(wanted):
        hurry(alert)
    return alert


def _is_called_for(wanted: WantedAlert) -> bool:
    return wanted.stands or not wanted.late


def _columns(wanted: WantedAlert) -> dict[str, Any]:
    content = wanted.content
    return {
        "grade": wanted.grade,
        "thresholds": list(wanted.thresholds),
        "observed_at": content.observed_at,
        "urgency": content.urgency,
        "grade_before": content.grade_before,
        "at_most": content.at_most,
        "reasons": [dict(one) for one in content.reasons],
        "missing": list(content.missing),
        "flags": list(content.flags),
    }
