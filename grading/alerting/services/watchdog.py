"""Alerts of the policy's conditions, and of values in danger: those that a fact meets, and those that come due by
themselves.

What is called for is a pure function of the record and the policy, without a clock: rules/alerting/conditions_due.py.
Here it is held against the clock and against the alerts that are there, in the transaction of each fact and by the
sweep alike.
When the next instant comes is a row (ConditionCheck) of the same transaction. So a sweep that comes late, twice or
beside another finds what there is to do, once: the participant is held, the row looked at again, and an alert of a
condition can be kept once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.live import announce
from grading.alerting.services.actions import treated_before
from grading.alerting.services.escalation import call as page
from grading.alerting.services.transitions import UNANSWERED, move
from grading.course.now import course_now
from grading.models import Alert, AlertEvent, AlertPolicy, AlertState, ConditionCheck, CurrentState, DosePeriod
from grading.policies.selectors import policy_in_force
from grading.rules.alerting.conditions import OF_OBSERVATION, read_conditions
from grading.rules.alerting.conditions_due import DueCondition, called_for, next_instant, stands
from grading.rules.alerting.danger_calls import danger_calls
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.alerting.thresholds import ConditionCode, is_condition
from grading.rules.course.state import read_state
from grading.rules.treatment.drug_rules import read_drugs
from regimens.facts import Fact, Source
from regimens.models import Participant, Study

BY = "sweep"
BATCH = 200  # participants of one sweep; the rest is there at the next


@dataclass(frozen=True, slots=True)
class Watched:
    """What is called for in a participant's course, by the policy and in every study. `row` None: nothing was kept."""

    participant: Participant
    policy: AlertPolicy | None
    calls: tuple[DueCondition, ...]
    row: ConditionCheck | None

    def at_set(self, kind: str, root: str) -> list[str]:
        """What is called for at once at this very set: told with the rise of the grade, if it is one."""
        return [c.code.value for c in self.calls if c.due_at is None and (c.kind, c.anchor) == (kind, root)]


def watched(state: CurrentState, period: DosePeriod | None, *, at: datetime) -> Watched:
    """`period`: the one that `state` names, as it is now. Reads only."""
    participant = state.participant
    policy = policy_in_force(participant.study, at=at)
    row = ConditionCheck.objects.filter(participant=participant).first()
    return Watched(participant, policy, _calls(state, period, policy), row)


def _calls(state: CurrentState, period: DosePeriod | None, policy: AlertPolicy | None) -> tuple[DueCondition, ...]:
    always = danger_calls(read_state(state.fold["state"] if state.fold else {}).danger)
    if policy is None or not _watches(policy):
        return always
    drugs = read_drugs(policy.drugs)
    conditions = [one for one in read_conditions(policy.thresholds, drugs=drugs) if one.is_in_force]
    now = course_now(state, period, codes={one.code for one in conditions})
    return always if now is None else (*always, *called_for(conditions, now, drugs))


# --- Held against the clock -----------------------------------------------------------------------------------


def settle(found: Watched, *, fact: Fact | None, by: User | str, at: datetime, late: bool = False) -> list[Alert]:
    """Raise what holds now and was not told, end what does not hold any more, and keep when to look next.

    Runs with the participant held. `fact` None: the clock or a command asks. Returns the alerts raised now. What is
    read in or simulated calls nobody to a look that did not come: that is left to the sweep, for as long as the window
    goes on.
    """
    if found.row is None and not found.calls and not _watches(found.policy):
        return []
    to_raise, changed, over = _compare(found, at=at)
    left: list[DueCondition] = []
    if fact is not None and fact.source not in (Source.PAGE, Source.API):
        left = [one for one, _alert in to_raise if one.code in OF_OBSERVATION]
        to_raise = [(one, alert) for one, alert in to_raise if one.code not in OF_OBSERVATION]
    raised: list[Alert] = []
    if to_raise or changed or over:
        reason = "the time has come" if fact is None else f"{type(fact).__name__} {fact.pk}"
        with acting(by=by, reason=reason):
            raised = [_raise(found, one, alert, late=late, at=at) for one, alert in to_raise]
            for one, alert in changed:
                Alert.objects.filter(pk=alert.pk).update(fact_root=one.anchor, **_told_of(one))
                announce(found.participant.study_id)
            for alert in over:
                _end(alert, taken_back=_takes_back(fact, alert, by=by), at=at)
    _keep_next(found, left, at=at)
    return raised


def _watches(policy: AlertPolicy | None) -> bool:
    """Whether the policy has conditions, so that something may come due."""
    return policy is not None and any(map(is_condition, policy.thresholds))


Called = tuple[DueCondition, Alert | None]


def _compare(found: Watched, *, at: datetime) -> tuple[list[Called], list[tuple[DueCondition, Alert]], list[Alert]]:
    """What is to be raised (with its alert, where that was over), told otherwise, and ended. Reads only."""
    kept = Alert.objects.filter(participant=found.participant).exclude(condition="").select_related("participant")
    known = {(one.condition, one.kind, str(one.fact_root)): one for one in kept}
    to_raise: list[Called] = []
    changed: list[tuple[DueCondition, Alert]] = []
    for one in found.calls:
        alert = known.get(one.key)
        if not stands(one, at):
            continue
        if alert is not None and alert.state in STANDING:
            del known[one.key]
            if alert.reasons != _told_of(one)["reasons"]:
                changed.append((one, alert))
        elif one.holds(at) and not (alert is None and _is_told(found.participant, one)):
            known.pop(one.key, None)
            to_raise.append((one, alert))
    over = [alert for alert in known.values() if alert.state in STANDING]
    moved = [(one, earlier) for one, alert in to_raise if alert is None for earlier in over if _begins(one, earlier)]
    taken = {one.key for one, _alert in moved}
    return (
        [pair for pair in to_raise if pair[0].key not in taken],
        [*changed, *moved],
        [alert for alert in over if all(alert.pk != other.pk for _one, other in moved)],
    )


def _begins(one: DueCondition, alert: Alert) -> bool:
    """Whether a late set has shown that what the alert tells of began before its set: it is the same one (Rulings 2).

    Its answer, its calls and its clock stay. What is over begins anew.
    """
    since, told = one.values.get("since"), alert.reasons[0]["values"].get("since")
    same = (one.code.value, one.kind) == (alert.condition, alert.kind)
    return same and since is not None and told is not None and since < told <= one.observed_at.isoformat()


def _is_told(participant: Participant, one: DueCondition) -> bool:
    """Whether the alert of a grade that rose at the same set says it too."""
    same = Alert.objects.filter(participant=participant, condition="", kind=one.kind, fact_root=one.anchor)
    return same.filter(thresholds__contains=[one.code.value]).exclude(state=AlertState.WITHDRAWN.value).exists()


def _told_of(one: DueCondition) -> dict[str, Any]:
    """What an alert says of what decides."""
    text = one.code.value.replace("_", " ")
    return {
        "observed_at": one.observed_at,
        "reasons": [{"code": one.code.value, "text": text, "values": dict(one.values)}],
    }


def _raise(found: Watched, one: DueCondition, alert: Alert | None, *, late: bool, at: datetime) -> Alert:
    graded = {
        "grade": one.grade, "grade_before": one.grade, "at_most": max(one.grade, 0), "urgency": one.urgency,
    }  # fmt: skip
    if alert is None:
        alert = Alert.objects.create(
            participant=found.participant, condition=one.code.value, kind=one.kind, fact_root=one.anchor,
            thresholds=[one.code.value], missing=[], flags=[], policy=found.policy, raised_at=at, late=late,
            **graded, **_told_of(one),
        )  # fmt: skip
        AlertEvent.objects.create(alert=alert, state=AlertState.OPEN.value, at=at)
        announce(found.participant.study_id)
    else:
        again = graded | _told_of(one) | UNANSWERED | {"occurrence": alert.occurrence + 1, "pages_sent": 0}
        move(alert, AlertState.OPEN, by=None, at=at, note="it holds again", **again)
    page(alert, at=at)
    return alert


def _takes_back(fact: Fact | None, alert: Alert, *, by: User | str) -> bool:
    """Whether the record was made to say something else, rather than that something new was seen or done."""
    if fact is None:
        return by != BY
    return fact.supersedes_id is not None or fact.observed_at <= alert.observed_at


def _end(alert: Alert, *, taken_back: bool, at: datetime) -> None:
    to = AlertState.WITHDRAWN if taken_back else AlertState.RESOLVED
    note = "the corrected course does not call for it" if taken_back else "it does not hold any more"
    move(alert, to, by=None, at=at, note=note)


def _keep_next(found: Watched, left: Sequence[DueCondition], *, at: datetime) -> None:
    """Where nothing changes, nothing is written: what was met until then is met all the same."""
    following = min((one.due_at for one in left if one.due_at is not None), default=next_instant(found.calls, after=at))
    row, policy_id = found.row, None if found.policy is None else found.policy.pk
    if row is None:
        ConditionCheck.objects.create(participant=found.participant, policy_id=policy_id, at=following, met_until=at)
    elif (row.at, row.policy_id) != (following, policy_id) or any(
        one.holds(row.met_until) != one.holds(at) for one in found.calls
    ):
        ConditionCheck.objects.filter(pk=row.pk).update(at=following, policy_id=policy_id, met_until=at)


# --- Found by the sweep ---------------------------------------------------------------------------------------


def due(*, at: datetime) -> list[int]:
    """Participants in whose course something is due at `at`, or whose study has come under another policy since."""
    waiting = ConditionCheck.objects.filter(at__lte=at).order_by("at").values_list("participant", flat=True)
    found = list(waiting[:BATCH])
    for study in Study.objects.order_by("pk"):
        found += _under_another_policy(study, at=at)
    return list(dict.fromkeys(found))


def _under_another_policy(study: Study, *, at: datetime) -> Sequence[int]:
    policy = policy_in_force(study, at=at)
    if policy is None:
        return []
    others = Participant.objects.filter(study=study, current_state__isnull=False)
    others = others.filter(
        Q(condition_check=None) | Q(condition_check__policy=None) | ~Q(condition_check__policy=policy)
    )
    if not _watches(policy):
        others = others.filter(condition_check__isnull=False)  # where nothing was watched, nothing is to be ended
    return list(others.order_by("pk").values_list("pk", flat=True)[:BATCH])


def has_another_policy(participant_id: int, *, at: datetime) -> bool:
    """Whether it was last looked at under another policy than the one in force."""
    row = ConditionCheck.objects.select_related("participant__study").filter(participant=participant_id).first()
    if row is None:
        return False  # nothing was watched yet, so nothing was looked at under a policy
    policy = policy_in_force(row.participant.study, at=at)
    return policy is not None and row.policy_id != policy.pk


@transaction.atomic
def meet(participant_id: int, *, at: datetime) -> list[Alert]:
    """Look at one participant whose time has come. Empty also where somebody holds the record just now.

    The course is looked at as it stands; what lies outside of its window, or a day after its newest set, is told to
    nobody: a record that is read in, simulated or left alone would call for every look that never came.
    """
    held = Participant.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=participant_id)
    if held.only("pk").first() is None:
        return []
    state = CurrentState.objects.select_related(
        "participant__study", "participant__site", "participant__regimen", "step__regimen", "period"
    ).get(participant=participant_id)
    raised = settle(watched(state, state.period, at=at), fact=None, by=BY, at=at)
    treated_before(raised, at=at)
    return raised


# --- Beside what a derivation says ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDifference:
    """A value of an alert's or a check's row that the course does not say. `row`: as a person reads it."""

    table: str
    row: str
    column: str
    stored: object
    derived: object


def stored_differences(state: CurrentState, period: DosePeriod | None, *, at: datetime) -> Iterator[StoredDifference]:
    """As of when the course was last looked at; what is due since, or under a newer policy, is the sweep's to find."""
    found = watched(state, period, at=at)
    row, policy_id = found.row, None if found.policy is None else found.policy.pk
    if row is None:
        if all(one.code is not ConditionCode.DANGER_VALUE for one in found.calls):
            return
        row = ConditionCheck(participant=found.participant, policy=found.policy, met_until=at)  # nothing was ever met
    if row.policy_id != policy_id or (row.at is not None and row.at <= at):
        return
    following = next_instant(found.calls, after=row.met_until)
    if row.at != following:
        yield StoredDifference(table="ConditionCheck", row=str(row.pk), column="at", stored=row.at, derived=following)
    to_raise, changed, over = _compare(found, at=row.met_until)
    for one, alert in to_raise:
        stored = "no row" if alert is None else alert.state
        yield StoredDifference(table="Alert", row=" ".join(one.key), column="", stored=stored, derived="called for")
    for one, alert in changed:
        reasons = _told_of(one)["reasons"]
        yield StoredDifference(
            table="Alert", row=" ".join(one.key), column="reasons", stored=alert.reasons, derived=reasons
        )
    for alert in over:
        key = f"{alert.condition} {alert.kind} {alert.fact_root}"
        yield StoredDifference(table="Alert", row=key, column="", stored=alert.state, derived="not called for")
