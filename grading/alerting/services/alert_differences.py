"""Where a participant's alerts, and her next check, are not what her course calls for. Reads only."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from grading.alerting.services.conditions import ConditionsDue, conditions_due, watch_of
from grading.alerting.services.on_file import on_file, wanted_rises
from grading.course.compare import Difference
from grading.course.derive import Derived, period_of
from grading.models import ConditionCheck
from grading.rules.alerting.conditions_due import next_instant
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.alerting.reconcile import (
    AlertOnFile,
    Amend,
    Decision,
    Raise,
    Reopen,
    Resolve,
    Withdraw,
    amendments,
    reconcile,
)
from grading.rules.alerting.wanted import WantedAlert


def alert_differences(derived: Derived, *, at: datetime) -> Iterator[Difference]:
    """Of conditions as of when the course was last looked at: what is due since, or under a newer policy, is the
    sweep's to find.
    """
    participant = derived.state.participant
    watch = watch_of(participant, at=at)
    policy = watch.policy
    alerts = on_file(participant, rises_of=None if policy is None else derived, conditions=False)
    yield from _differences(reconcile(wanted_rises(derived, policy), alerts.rows, at=at))
    yield from _of_conditions(conditions_due(derived.state, period_of(derived), watch), at=at)


def _of_conditions(conditions: ConditionsDue, *, at: datetime) -> Iterator[Difference]:
    check, policy_id = conditions.check, None if conditions.policy is None else conditions.policy.pk
    if check is None:
        if all(one.code is not ConditionCode.DANGER_VALUE for one in conditions.due):
            return
        # nothing was ever met
        check = ConditionCheck(participant=conditions.participant, policy=conditions.policy, met_until=at)
    if check.policy_id != policy_id or (check.at is not None and check.at <= at):
        return
    following = next_instant(conditions.due, after=check.met_until)
    if check.at != following:
        yield Difference(table="ConditionCheck", row=str(check.pk), column="at", stored=check.at, derived=following)
    alerts = on_file(conditions.participant, rises_of=None, conditions=True)
    yield from _differences(reconcile(conditions.wanted(), alerts.rows, at=check.met_until))


def _differences(decisions: Iterable[Decision]) -> Iterator[Difference]:
    for decision in decisions:
        match decision:
            case Raise(wanted=one):
                yield _row_differs(_name(one), stored="no row", derived="called for")
            case Reopen(alert=alert):
                yield _row_differs(_name(alert), stored=alert.state.value, derived="called for")
            case Withdraw(alert=alert) | Resolve(alert=alert):
                yield _row_differs(_name(alert), stored=alert.state.value, derived="not called for")
            case Amend(alert=alert, wanted=one):
                for column, value in amendments(one, alert).items():
                    stored = alert.root if column == "fact_root" else getattr(alert.content, column)
                    if stored != value:
                        yield Difference(
                            table="Alert",
                            row=_name(alert),
                            column=column,
                            stored=_as_kept(stored),
                            derived=_as_kept(value),
                        )


def _as_kept(value: object) -> object:
    """As the column holds it: a list is a tuple in the rules."""
    return list(value) if isinstance(value, tuple) else value


def _row_differs(name: str, *, stored: str, derived: str) -> Difference:
    return Difference(table="Alert", row=name, column="", stored=stored, derived=derived)


def _name(one: WantedAlert | AlertOnFile) -> str:
    """As a person reads it."""
    return f"{one.condition} {one.kind} {one.root}" if one.condition else f"{one.kind} {one.root} grade {one.grade}"
