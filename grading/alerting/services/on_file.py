"""A participant's alerts as they are kept, and the rises of her course, as rules/alerting/reconcile.py asks for them.

Reads only.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from crsmonitor.database import rows
from grading.course.derive import Derived
from grading.course.memory import folded_in
from grading.models import Alert, AlertPolicy, AlertState, Treatment
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.alerting.policy.thresholds import asked_at
from grading.rules.alerting.reconcile import AlertOnFile
from grading.rules.alerting.wanted import AlertContent, EpisodeRun, WantedAlert, of_rise, seen_since
from regimens.facts import Fact
from regimens.models import Participant

logger = logging.getLogger(__name__)


def wanted_rises(
    derived: Derived, policy: AlertPolicy | None, *, fact: Fact | None = None, late: bool = False
) -> list[WantedAlert]:
    """What the policy asks at the rises of the course. Without one nobody is told, and the log says so.

    `fact`: at whose set a rise is news; at any other, and with `late`, it came to light late.
    """
    if policy is None:
        if derived.rises:
            logger.error(
                "study %s has no threshold policy in force: nobody is told", derived.state.participant.study_id
            )
        return []
    thresholds = policy.rules.thresholds
    if not derived.rises:
        return []
    state = folded_in(derived.state)
    episodes = episode_runs(derived)
    return [
        of_rise(
            rise,
            asked_at(
                thresholds, kind=rise.kind, grade=rise.grade, provisional=rise.provisional,
                before_dosing=rise.before_dosing,
            ),
            state=state, episodes=episodes, late=late or fact is None or str(fact.pk) != rise.observation_id,
        )
        for rise in derived.rises
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class OnFile:
    """The alerts of one participant: as rows to be moved, and as the rules see them."""

    alerts: Mapping[UUID, Alert]
    rows: tuple[AlertOnFile, ...]


NOTHING = OnFile({}, ())


def on_file(participant: Participant, *, rises_of: Derived | None, conditions: bool) -> OnFile:
    """`rises_of`: the derivation that settles the alerts of rises, as far as it goes; None: they are not looked at.

    `conditions`: whether those of conditions are.
    """
    alerts = {alert.pk: alert for alert in rows.find(Alert, "WHERE m.participant_id = $1", [participant.pk])}
    for alert in alerts.values():
        alert.participant = participant
    settled = {pk for pk, alert in alerts.items() if not alert.condition and _settles(rises_of, alert)}
    shown = set[UUID]() if rises_of is None else _shown(rises_of, [alerts[pk] for pk in settled])
    seen = [
        _row(
            alert,
            in_scope=conditions if alert.condition else pk in settled,
            is_shown=bool(alert.condition) or pk in shown,
        )
        for pk, alert in alerts.items()
    ]
    return OnFile(alerts, tuple(seen))


def standing_on_file(participant: Participant) -> OnFile:
    """Those that stand, as they are now."""
    standing = Alert.objects.filter(participant=participant, state__in=[state.value for state in STANDING])
    alerts = {alert.pk: alert for alert in standing}
    for alert in alerts.values():
        alert.participant = participant
    return OnFile(alerts, tuple(_row(alert, in_scope=False, is_shown=True) for alert in alerts.values()))


def episode_runs(derived: Derived) -> list[EpisodeRun]:
    return [
        EpisodeRun(
            kind=one.kind, is_provisional=bool(one.provisional), started_at=one.started_at, ended_at=one.ended_at
        )
        for one in derived.episodes
    ]  # fmt: skip


def _settles(derived: Derived | None, alert: Alert) -> bool:
    if derived is None or not derived.whole:
        return False
    return derived.roots is None or str(alert.fact_root) in derived.roots


def _shown(derived: Derived, alerts: list[Alert]) -> set[UUID]:
    """Those whose set still says the grade, or whose treatment is still on record."""
    highest: dict[tuple[str, str], int] = {}
    for grade in derived.grades:
        key = grade.kind, str(grade.root)
        highest[key] = max(grade.at_least, highest.get(key, grade.at_least))
    in_sets = {a.pk for a in alerts if highest.get((a.kind, str(a.fact_root)), -1) >= max(a.grade, 0)}
    others = {alert.pk: alert.fact_root for alert in alerts if alert.pk not in in_sets}
    if not others:
        return in_sets
    treatments = set(Treatment.objects.standing().filter(root__in=others.values()).values_list("root", flat=True))
    return in_sets | {pk for pk, root in others.items() if root in treatments}


def _row(alert: Alert, *, in_scope: bool, is_shown: bool) -> AlertOnFile:
    values = alert.reasons[0]["values"] if alert.condition and alert.reasons else {}
    return AlertOnFile(
        id=alert.pk, kind=alert.kind, root=str(alert.fact_root), grade=alert.grade, condition=alert.condition,
        thresholds=tuple(alert.thresholds), state=AlertState(alert.state),
        content=AlertContent(
            observed_at=alert.observed_at, urgency=alert.urgency, grade_before=alert.grade_before,
            at_most=alert.at_most, reasons=tuple(alert.reasons), missing=tuple(alert.missing),
            flags=tuple(alert.flags),
        ),
        began_at=seen_since(values) if alert.condition else alert.observed_at, in_scope=in_scope, is_shown=is_shown,
        is_called=alert.pages_sent > 0 or alert.escalate_at is not None,
    )  # fmt: skip
