"""What the derived course calls for beside the alerts that are there: of rises. Reads only."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.course.derive import Derived
from grading.models import Alert, AlertPolicy, AlertState, Treatment
from grading.policies.selectors import policy_in_force
from grading.rules.alerting.thresholds import ThresholdCode, asked_at, read_thresholds
from grading.rules.course.rises import Rise
from grading.rules.course.state import State, read_state

logger = logging.getLogger(__name__)

Key = tuple[str, str, int, int | None]  # kind, root, grade, urgency


@dataclass(frozen=True, slots=True)
class Due:
    """What the course calls for and the alerts do not say, and the reverse.

    `missing`: each rise with what is asked and its alert, if that was withdrawn, or resolved with an episode that is
    open again. `surplus`: alerts of no rise.
    `changed`: alerts of a rise that was derived from other inputs than they tell of, or from an earlier set.
    """

    missing: list[tuple[Rise, tuple[ThresholdCode, ...], Alert | None]]
    changed: list[tuple[Alert, Rise]]
    surplus: list[Alert]
    policy: AlertPolicy | None

    def __bool__(self) -> bool:
        return bool(self.missing or self.changed or self.surplus)


def due(derived: Derived, *, at: datetime) -> Due:
    """The alerts that the derived course calls for beside those that are there. Reads only.

    Of rises only: what the policy's conditions call for is watchdog.py's.
    """
    participant = derived.state.participant
    known: dict[Key, Alert] = {}
    if derived.whole:
        mine = Alert.objects.filter(participant=participant, condition="").select_related("participant")
        settled = [a for a in mine if derived.roots is None or str(a.fact_root) in derived.roots]
        known = {(a.kind, str(a.fact_root), a.grade, a.urgency): a for a in settled}
    elif not derived.rises:
        return Due([], [], [], None)
    policy = policy_in_force(participant.study, at=at)
    if policy is None:
        if derived.rises:
            logger.error("study %s has no threshold policy in force: nobody is told", participant.study_id)
        return Due([], [], [], None)
    thresholds, missing, changed = read_thresholds(policy.thresholds), [], []
    state = read_state(derived.state.fold["state"])
    for rise in derived.rises:
        asked = asked_at(
            thresholds, kind=rise.kind, grade=rise.grade, provisional=rise.provisional,
            before_dosing=rise.before_dosing,
        )  # fmt: skip
        alert = _known(known, rise)
        if (
            asked
            and not (alert is None and rise.quiet)
            and (
                alert is None
                or alert.state == AlertState.WITHDRAWN
                or _again(alert, rise, state)
                or turned(alert, rise)
            )
        ):
            missing.append((rise, asked, alert))
        elif alert is not None and alert.state != AlertState.WITHDRAWN and changed_columns(alert, rise):
            changed.append((alert, rise))
    surplus = [alert for alert in known.values() if alert.state != AlertState.WITHDRAWN]
    return _begun_before(Due(missing, changed, surplus, policy), derived, state)


def _begun_before(found: Due, derived: Derived, state: State) -> Due:
    """A late set has shown the same grade before the set that an alert tells of: it is the same rise (Rulings 2).

    The alert moves to that set, with its answer, its calls and its clock; nobody is paged again.
    """
    missing, changed, surplus = list(found.missing), list(found.changed), list(found.surplus)
    for alert in found.surplus:
        same = [one for one in missing if one[2] is None and _is_same(one[0], alert, derived, state)]
        if same:
            latest = max(same, key=lambda one: one[0].at)
            missing.remove(latest)
            surplus.remove(alert)
            changed.append((alert, latest[0]))
    return Due(missing, changed, surplus, found.policy)


def _is_same(rise: Rise, alert: Alert, derived: Derived, state: State) -> bool:
    """Of the same grade in the same episode, and before; and the alert's own set still shows it."""
    alike = (rise.kind, rise.grade, rise.before_dosing) == (alert.kind, alert.grade, alert.is_before_dosing)
    if not alike or alert.urgency not in (None, rise.if_crs) or _again(alert, rise, state):
        return False
    return (
        _still_shows(alert, derived)
        and rise.at <= alert.observed_at
        and (rise.before_dosing or _in_one_episode(rise, alert, derived))
    )


def _still_shows(alert: Alert, derived: Derived) -> bool:
    """Whether its set still says the grade, or the treatment that was told is still on record."""
    shows = any(
        (grade.kind, str(grade.root)) == (alert.kind, str(alert.fact_root)) and grade.at_least >= max(alert.grade, 0)
        for grade in derived.grades
    )
    return shows or Treatment.objects.standing().filter(root=alert.fact_root).exists()


def _in_one_episode(rise: Rise, alert: Alert, derived: Derived) -> bool:
    return any(
        (episode.kind, bool(episode.provisional)) == (rise.kind, bool(rise.provisional))
        and episode.started_at <= rise.at
        and (episode.ended_at is None or alert.observed_at <= episode.ended_at)
        for episode in derived.episodes
    )


def _known(known: dict[Key, Alert], rise: Rise) -> Alert | None:
    """The alert of this rise, taken out. One kept before there was an urgency is of any."""
    for urgency in (rise.if_crs, None):
        if (alert := known.pop((rise.kind, rise.look_root, rise.grade, urgency), None)) is not None:
            return alert
    return None


def _again(alert: Alert, rise: Rise, state: State) -> bool:
    """Its episode was over, and a later fact says that it is not."""
    return alert.state == AlertState.RESOLVED and is_open(rise, state)


def turned(alert: Alert, rise: Rise) -> bool:
    """A dose entered late, or its corrected time, makes CRS of what was a fever before dosing, or the reverse."""
    return alert.is_before_dosing != rise.before_dosing


def is_open(rise: Rise, state: State) -> bool:
    episode = state.open_provisional() if rise.provisional else state.open_episode(rise.kind)
    return episode is not None and episode.started_at <= rise.at


def changed_columns(alert: Alert, rise: Rise) -> dict[str, Any]:
    """What the rise says of its set where the alert tells something else, by column."""
    return {name: value for name, value in told_of(rise).items() if getattr(alert, name) != value}


def told_of(rise: Rise) -> dict[str, Any]:
    """What an alert says of the set at which the grade rose."""
    return {
        "observed_at": rise.at,
        "urgency": rise.if_crs,
        "grade_before": rise.before,
        "at_most": rise.graded.at_most,
        "reasons": [{"code": r.code, "text": r.text, "values": dict(r.values)} for r in rise.graded.reasons],
        "missing": list(rise.graded.missing),
        "flags": list(rise.graded.flags),
    }
