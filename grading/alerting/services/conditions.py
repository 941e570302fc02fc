"""The policy's conditions, and values in danger: what of them a course calls for, and when the sweep is to look again.

What is called for is a pure function of the record and the policy, without a clock: rules/alerting/conditions_due.py.
What becomes of the alerts that are there is decided in rules/alerting/reconcile.py, in the transaction of each fact
and by the sweep alike.
When the next instant comes is a row (ConditionCheck) of the same transaction. So a sweep that comes late, twice or
beside another finds what there is to do, once: the participant is held, the row looked at again, and an alert of a
condition can be kept once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from grading.alerting.services.actions import treated_before
from grading.alerting.services.applying import Applying, apply
from grading.alerting.services.on_file import on_file
from grading.course.memory import folded_in
from grading.course.now import course_now
from grading.models import Alert, AlertPolicy, ConditionCheck, CurrentState, DosePeriod
from grading.policies.selectors import policies_in_force, policy_in_force
from grading.rules.alerting.conditions_due import DueCondition, called_for, next_instant
from grading.rules.alerting.danger_conditions import danger_conditions
from grading.rules.alerting.reconcile import reconcile
from grading.rules.alerting.wanted import WantedAlert, of_condition
from regimens.models import Participant, Study

BY = "sweep"
BATCH = 200  # participants of one sweep; the rest is there at the next
LATELY = timedelta(hours=1)  # longer than any transaction that was begun under the policy before
TURNS = 60  # minutes in which each study is asked once for whom nobody ever looked at


@dataclass(frozen=True, slots=True)
class Watch:
    """Under which policy a participant is watched, when her conditions were looked at, and whether she has alerts."""

    policy: AlertPolicy | None
    check: ConditionCheck | None
    has_alerts: bool


def watch_of(participant: Participant, *, at: datetime) -> Watch:
    """Who records a fact reads the same with the participant (recording/holding.py)."""
    return Watch(
        policy=policy_in_force(participant.study, at=at),
        check=ConditionCheck.objects.filter(participant=participant).first(),
        has_alerts=Alert.objects.filter(participant=participant).exists(),
    )


@dataclass(frozen=True, slots=True)
class ConditionsDue:
    """What is called for in a participant's course, by the policy and in every study. `check` None: none was kept."""

    participant: Participant
    policy: AlertPolicy | None
    due: tuple[DueCondition, ...]
    check: ConditionCheck | None

    def __bool__(self) -> bool:
        """Whether there is anything to be looked at: else no alert of a condition was ever raised."""
        return self.check is not None or bool(self.due) or _has_conditions(self.policy)

    def wanted(self, *, late: bool = False) -> list[WantedAlert]:
        """`late`: what they rest on came to light late."""
        return [of_condition(one, late=late) for one in self.due]


def conditions_due(state: CurrentState, period: DosePeriod | None, watch: Watch) -> ConditionsDue:
    """`period`: the one that `state` names, as it is now. Reads only."""
    return ConditionsDue(state.participant, watch.policy, _due(state, period, watch.policy), watch.check)


def _due(state: CurrentState, period: DosePeriod | None, policy: AlertPolicy | None) -> tuple[DueCondition, ...]:
    always = danger_conditions(folded_in(state).danger)
    if policy is None or not _has_conditions(policy):
        return always
    conditions = policy.rules.conditions
    now = course_now(state, period, codes={one.code for one in conditions})
    return always if now is None else (*always, *called_for(conditions, now, policy.rules.drugs))


def _has_conditions(policy: AlertPolicy | None) -> bool:
    """Whether the policy has conditions, so that something may come due."""
    return policy is not None and policy.rules.has_conditions


def keep_condition_check(
    conditions: ConditionsDue, *, postponed: Iterable[DueCondition] = (), of_fact: bool = False, at: datetime
) -> None:
    """Keep when to look next. Where nothing changes, nothing is written: what was met until then is met all the same.

    `postponed`: what holds and is left to the sweep. `of_fact`: told was what this fact brought, so that under another
    policy than before the sweep has still to tell what stands.
    """
    if not conditions:
        return
    instants = [one.due_at for one in postponed if one.due_at is not None]
    following = min(instants, default=next_instant(conditions.due, after=at))
    check, policy_id = conditions.check, None if conditions.policy is None else conditions.policy.pk
    if check is None:
        new = ConditionCheck(participant=conditions.participant, policy_id=policy_id, at=following, met_until=at)
        ConditionCheck.objects.bulk_create([new], ignore_conflicts=True)  # there by now: of a policy that was approved
        return
    policy_id = check.policy_id if of_fact else policy_id
    if (check.at, check.policy_id) != (following, policy_id) or any(
        one.holds(check.met_until) != one.holds(at) for one in conditions.due
    ):
        ConditionCheck.objects.filter(pk=check.pk).update(at=following, policy_id=policy_id, met_until=at)


# --- Found by the sweep ---------------------------------------------------------------------------------------


def due(*, at: datetime) -> list[int]:
    """Participants in whose course something is due at `at`, or whose study came under another policy lately.

    Asked every two seconds, so that it looks at what waits alone.
    """
    waiting = ConditionCheck.objects.filter(at__lte=at).order_by("at").values_list("participant", flat=True)
    lately = AlertPolicy.objects.filter(in_force_from__gt=at - LATELY, in_force_from__lte=at)
    changed = Study.objects.filter(pk__in=lately.values("study"))
    return list(dict.fromkeys([*waiting[:BATCH], *_under_another_policy(changed, at=at)]))


def left_behind(*, at: datetime) -> list[int]:
    """Participants who were last looked at under another policy than the one in force, since whenever that is so.

    For a tick of a minute, behind `due`. One index finds whose look is of a policy that is over, of all studies at
    once. Who was never looked at has no row to be found by: that asks of everybody, of each study once an hour.
    """
    in_force = AlertPolicy.objects.filter(in_force_from__lte=at)
    later = Q(in_force_from__gt=OuterRef("in_force_from")) | Q(
        in_force_from=OuterRef("in_force_from"), version__gt=OuterRef("version")
    )
    over = in_force.filter(Exists(in_force.filter(later, study=OuterRef("study")))).values_list("pk", flat=True)
    under_none = Q(policy=None, participant__study__in=in_force.values("study"))
    behind = [*_looked_at(Q(policy__in=list(over))), *_looked_at(under_none)]
    turn = Study.objects.annotate(turn=F("pk") % TURNS).filter(turn=int(at.timestamp()) // 60 % TURNS)
    return list(dict.fromkeys([*behind, *_under_another_policy(turn, at=at)]))


def _looked_at(which: Q) -> list[int]:
    """In no order that a table would be walked through for."""
    return sorted(ConditionCheck.objects.filter(which).values_list("pk", flat=True)[:BATCH])


def _under_another_policy(studies: QuerySet[Study], *, at: datetime) -> list[int]:
    policies = policies_in_force(studies.values_list("pk", flat=True), at=at)
    return [pk for study, policy in sorted(policies.items()) for pk in _of_study_under_another(study, policy)]


def _of_study_under_another(study: int, policy: AlertPolicy) -> Sequence[int]:
    others = Participant.objects.filter(study=study, current_state__isnull=False)
    others = others.filter(
        Q(condition_check=None) | Q(condition_check__policy=None) | ~Q(condition_check__policy=policy)
    )
    if not _has_conditions(policy):
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
    held = Participant.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).filter(pk=participant_id)
    if held.only("pk").first() is None:
        return []
    state = CurrentState.objects.select_related(
        "participant__study", "participant__site", "participant__regimen", "step__regimen", "period"
    ).get(participant=participant_id)
    participant = state.participant
    conditions = conditions_due(state, state.period, watch_of(participant, at=at))
    if not conditions:
        return []
    alerts = on_file(participant, rises_of=None, conditions=True)
    decisions = reconcile(conditions.wanted(), alerts.rows, at=at)
    doing = Applying(participant=participant, policy=conditions.policy, alerts=alerts, by=BY, at=at)
    raised = apply(decisions, doing, reason="the time has come")
    keep_condition_check(conditions, at=at)
    treated_before(raised, at=at)
    return raised
