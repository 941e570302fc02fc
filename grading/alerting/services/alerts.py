"""Raise, withdraw and resolve alerts. The row first, then the send."""

from collections.abc import Sequence
from datetime import datetime

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.live import announce
from grading.alerting.services.escalation import call
from grading.alerting.services.rises_due import Due, due, is_open, told_of, turned
from grading.alerting.services.transitions import UNANSWERED, move
from grading.alerting.services.watchdog import Watched, settle, watched
from grading.course.derive import Derived
from grading.models import Alert, AlertEvent, AlertPolicy, AlertState, DosePeriod
from grading.rules.alerting.lifecycle import STANDING, WAITING
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.rises import Rise, fever_before_dosing_is_over
from grading.rules.course.state import read_state
from grading.rules.grades.graded import DEATH
from regimens.facts import Fact
from regimens.models import Participant


def tell(derived: Derived, *, fact: Fact | None, by: User | str, at: datetime) -> list[Alert]:
    """Raise the alerts that the derived course calls for and that are not there; withdraw those it does not.

    One that stands and whose set was corrected says what the set says now, and pages nobody a second time.

    Runs in the transaction of the fact; without a fact, in that of a derivation by a command, and late.
    Returns the alerts raised now.
    """
    found, calls = due(derived, at=at), watched(derived.state, period_of(derived), at=at)
    late_by_time = derived.whole and fact is not None and _is_old(derived, fact)
    raised = _tell_rises(derived, found, calls, fact=fact, by=by, late=late_by_time, at=at) if found else []
    if derived.whole or any(rise.quiet for rise in derived.rises):
        _call_for_what_stands(derived, by=by, at=at)
    return raised + settle(calls, fact=fact, by=by, at=at, late=fact is None or late_by_time)


def period_of(derived: Derived) -> DosePeriod | None:
    """That which the state names, as it was derived."""
    state = derived.state
    return next((one for one in derived.periods if one.pk == state.period_id), None) or state.period


def _tell_rises(
    derived: Derived, found: Due, calls: Watched, *, fact: Fact | None, by: User | str, late: bool, at: datetime
) -> list[Alert]:
    raised, person = [], by if isinstance(by, User) else None
    reason = "derived again" if fact is None else f"{type(fact).__name__} {fact.pk}"
    with acting(by=by, reason=reason):
        for rise, asked, alert in found.missing:
            is_late = late or fact is None or str(fact.pk) != rise.look_id
            is_late = is_late or (rise.before_dosing and not _holds(derived, rise))  # the dose was there first
            if alert is None:
                assert found.policy is not None
                codes = [*asked, *calls.at_set(rise.kind, rise.look_root)]
                alert = _raise(derived.state.participant, rise, codes, found.policy, late=is_late, at=at)
            else:
                if turned(alert, rise):  # an answer to the one is none to the other
                    move(alert, AlertState.WITHDRAWN, by=person, at=at, note="the first dose came before or after it")
                # It waits for an answer again.
                again = told_of(rise) | UNANSWERED | {"occurrence": alert.occurrence + 1, "pages_sent": 0}
                again["thresholds"] = [str(code) for code in asked]
                move(alert, AlertState.OPEN, by=person, at=at, note="the course calls for it again", **again)
            # A late entry pages only when the state that it reveals still holds.
            if not is_late or _holds(derived, rise):
                call(alert, at=at)
            raised.append(alert)
        for alert, rise in found.changed:
            Alert.objects.filter(pk=alert.pk).update(fact_root=rise.look_root, **told_of(rise))
            announce(alert.participant.study_id)
        for alert in found.surplus:
            move(alert, AlertState.WITHDRAWN, by=person, at=at, note="the corrected course does not call for it")
    return raised


def tell_under_policy(derived: Derived, *, by: str, at: datetime) -> list[Alert]:
    """The policy in force has changed: what stands and is asked for now is told, what is over is not."""
    found, state = due(derived, at=at), read_state(derived.state.fold["state"])
    standing = [one for one in found.missing if is_open(one[0], state) and _holds(derived, one[0])]
    if not standing:
        return []
    calls = watched(derived.state, period_of(derived), at=at)
    return _tell_rises(derived, Due(standing, [], [], found.policy), calls, fact=None, by=by, late=True, at=at)


def _call_for_what_stands(derived: Derived, *, by: User | str, at: datetime) -> None:
    """Nothing that stands has been called for by nobody.

    A late rise to a grade that has fallen since pages nobody by itself; where the alert of the grade that is left was
    withdrawn for it, or where a later correction makes that grade stand, it is the one that has to be answered.
    """
    state = read_state(derived.state.fold["state"])
    standing = {kind: state.standing_grade(kind) for kind in (CRS, ICANS) if state.open_episode(kind)}
    provisional = state.open_provisional()
    if not any(standing.values()) and provisional is None:
        return
    mine = Alert.objects.filter(
        participant=derived.state.participant, condition="", state__in=[one.value for one in STANDING]
    ).select_related("participant__study", "participant__site")  # fmt: skip
    told = list(mine.order_by("observed_at"))
    groups = [[a for a in told if a.kind == kind and a.grade >= grade > 0] for kind, grade in standing.items()]
    if provisional is not None:
        groups.append([a for a in told if a.grade < 0 and a.observed_at >= provisional.started_at])
    with acting(by=by, reason="the course calls for it"):
        for alerts in groups:
            if alerts and all(a.state in WAITING and a.pages_sent == 0 for a in alerts):
                call(alerts[-1], at=at)


def _raise(
    participant: Participant, rise: Rise, asked: Sequence[str], policy: AlertPolicy, *, late: bool, at: datetime
) -> Alert:
    alert = Alert.objects.create(
        participant=participant, kind=rise.kind, fact_root=rise.look_root, grade=rise.grade,
        thresholds=[str(code) for code in asked], policy=policy, raised_at=at, late=late, **told_of(rise),
    )  # fmt: skip
    AlertEvent.objects.create(alert=alert, state=AlertState.OPEN.value, at=at)
    announce(participant.study_id)
    return alert


def _is_old(derived: Derived, fact: Fact) -> bool:
    newest = max((g.observed_at for g in derived.grades), default=fact.observed_at)
    return fact.observed_at < newest


def _holds(derived: Derived, rise: Rise) -> bool:
    state = read_state(derived.state.fold["state"])
    if rise.provisional:
        current = state.open_provisional()
        return current is not None and current.started_at <= rise.at
    if rise.before_dosing and state.dose is not None:
        return False
    return state.standing_grade(rise.kind) >= rise.grade


def resolve_ended(derived: Derived, *, by: User | str, at: datetime) -> None:
    """Resolve the alerts of episodes that are over. Runs in the transaction of the fact."""
    over = [(e.kind, bool(e.provisional), e.started_at, e.ended_at) for e in derived.episodes if e.ended_at is not None]
    fever_over = _fever_before_dosing_is_over(derived)
    if not over and not fever_over:
        return
    standing = Alert.objects.filter(
        participant=derived.state.participant, state__in=[state.value for state in STANDING]
    ).select_related("participant")  # fmt: skip
    done = [
        alert
        for alert in standing
        if alert.grade != DEATH  # told at the end of its episode: it is over when somebody has answered
        and (
            fever_over
            if alert.is_before_dosing
            else any(
                (kind, provisional) == (alert.kind, alert.grade < 0) and start <= alert.observed_at <= end
                for kind, provisional, start, end in over
            )
        )
    ]
    if not done:
        return
    with acting(by=by, reason="the episode is over"):
        for alert in done:
            move(alert, AlertState.RESOLVED, by=None, at=at, note="the episode is over")


def _fever_before_dosing_is_over(derived: Derived) -> bool:
    """It is of no episode: over with the first dose, always a whole derivation, or once it is over for long."""
    state = read_state(derived.state.fold["state"])
    return derived.whole if state.dose is not None else fever_before_dosing_is_over(state)
