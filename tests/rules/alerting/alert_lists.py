"""Alerts that a course calls for and alerts on file, for the tests of what becomes of them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

from grading.rules.alerting.conditions_due import DueCondition
from grading.rules.alerting.lifecycle import AlertState
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.alerting.reconcile import (
    AlertOnFile,
    Amend,
    Decision,
    Leave,
    Raise,
    Reopen,
    Resolve,
    Withdraw,
    amendments,
    reconcile,
)
from grading.rules.alerting.wanted import AlertContent, WantedAlert, of_condition

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
NAMESPACE = UUID(int=1)
S = AlertState
BEFORE_DOSING = ("fever_before_first_dose",)


def hour(h: float) -> datetime:
    return START + timedelta(hours=h)


NOW = hour(10)


def rise(h: float = 1, grade: int = 2, **changes: object) -> WantedAlert:
    """Of CRS at the set of hour `h`, in an episode that is open, asked for by the policy."""
    root = changes.pop("root", f"set {h}")
    content = AlertContent(
        observed_at=hour(h), urgency=changes.pop("urgency", None), grade_before=0, at_most=max(grade, 0),
        reasons=({"code": changes.pop("reason", "hypotension"), "text": "", "values": {}},),
    )  # fmt: skip
    known = {"kind": "crs", "thresholds": ("new_grade",), "began_at": hour(h)}
    return WantedAlert(root=root, grade=grade, content=content, **known | changes)


def condition(
    h: float = 1, code: ConditionCode = ConditionCode.SEIZURE_OR_POSTURING, *, newest: float | None = None,
    due_h: float | None = None, until_h: float | None = None, **changes: object,
) -> WantedAlert:  # fmt: skip
    """Seen since hour `h`, shown last at hour `newest`."""
    due = DueCondition(
        code=code, kind=changes.pop("kind", "icans"), anchor=f"set {h}", grade=3,
        observed_at=hour(h if newest is None else newest), due_at=None if due_h is None else hour(due_h),
        until=None if until_h is None else hour(until_h), values={"since": hour(h).isoformat()},
    )  # fmt: skip
    return replace(of_condition(due, late=False), **changes)


def kept(one: WantedAlert, state: AlertState = S.OPEN, **changes: object) -> AlertOnFile:
    """The alert of it on file."""
    alert = AlertOnFile(
        id=uuid5(NAMESPACE, str(one.key)), kind=one.kind, root=one.root, grade=one.grade, content=one.content,
        thresholds=one.thresholds, state=state, condition=one.condition,
        began_at=one.began_at if one.condition else one.content.observed_at,
    )  # fmt: skip
    return replace(alert, **changes)


def outcome(on_file: Iterable[AlertOnFile], decisions: Sequence[Decision]) -> list[AlertOnFile]:
    """What is on file once it is done."""
    rows = {alert.id: alert for alert in on_file}
    for decision in decisions:
        match decision:
            case Raise(wanted=one):
                alert = kept(one, id=uuid4())
                rows[alert.id] = alert
            case Reopen(alert=alert, wanted=one):
                rows[alert.id] = replace(kept(one), id=alert.id)
            case Amend(alert=alert, wanted=one):
                columns = amendments(one, alert)
                root = columns.pop("fact_root", alert.root)
                began_at = one.began_at if one.condition else one.content.observed_at
                rows[alert.id] = replace(alert, root=root, content=replace(alert.content, **columns), began_at=began_at)
            case Withdraw(alert=alert):
                rows[alert.id] = replace(alert, state=S.WITHDRAWN)
            case Resolve(alert=alert):
                rows[alert.id] = replace(alert, state=S.RESOLVED)
    return list(rows.values())


def decided(
    wanted: Sequence[WantedAlert], on_file: Sequence[AlertOnFile], **arguments: datetime | None
) -> list[Decision]:
    decisions = reconcile(wanted, on_file, **{"at": NOW} | arguments)
    return [decision for decision in decisions if not isinstance(decision, Leave)]
