"""Tell whoever has to know of what a derivation shows. The row first, then the send."""

from collections.abc import Sequence
from datetime import UTC, datetime

from crsmonitor.accounts.models import User
from grading.alerting.services.applying import Applying, apply
from grading.alerting.services.conditions import BY, Watch, conditions_due, keep_condition_check, watch_of
from grading.alerting.services.on_file import NOTHING, episode_runs, on_file, standing_on_file, wanted_rises
from grading.course.derive import Derived, period_of
from grading.course.memory import folded_in
from grading.models import Alert
from grading.rules.alerting.conditions_due import DueCondition
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from grading.rules.alerting.reconcile import Decision, Raise, Reopen, reconcile
from grading.rules.alerting.standing import StandingCourse, ended, escalations
from grading.rules.course.rises import fever_before_dosing_is_over
from regimens.facts import BY_HAND, Fact

ALWAYS = datetime.fromtimestamp(0, UTC)  # before anything was recorded


def tell(
    derived: Derived, *, fact: Fact | None, by: User | str, at: datetime, watch: Watch | None = None
) -> list[Alert]:
    """Raise the alerts that the derived course calls for and that are not there; withdraw those it does not.

    One that stands and whose set was corrected says what the set says now, and pages nobody a second time.

    Runs in the transaction of the fact; without a fact, in that of a derivation by a command, and late. `watch`: as
    it was when the participant was held, where whoever holds her knows it.
    Returns the alerts raised now.
    """
    participant, late = derived.state.participant, derived.whole and fact is not None and _is_old(derived, fact)
    watch = watch or watch_of(participant, at=at)
    policy = watch.policy
    conditions = conditions_due(derived.state, period_of(derived), watch)
    wanted = [
        *wanted_rises(derived, policy, fact=fact, late=late),
        *conditions.wanted(late=late or fact is None),
    ]
    raised: list[Alert] = []
    postponed: list[DueCondition] = []
    if derived.whole or wanted or conditions:
        settled = None if policy is None else derived
        alerts = (
            on_file(participant, rises_of=settled, conditions=bool(conditions)) if watch.has_alerts else NOTHING
        )  # fmt: skip
        all_of_them = reconcile(wanted, alerts.rows, at=at, rewritten_from=_rewritten_from(fact, by=by))
        decisions, postponed = _without_postponed(all_of_them, fact)
        doing = Applying(participant=participant, policy=policy, alerts=alerts, by=by, at=at)
        reason = "derived again" if fact is None else f"{type(fact).__name__} {fact.pk}"
        raised = apply(decisions, doing, reason=reason)
    if derived.whole or any(rise.quiet for rise in derived.rises):
        _escalate_what_stands(derived, by=by, at=at)
    keep_condition_check(conditions, postponed=postponed, of_fact=fact is not None, at=at)
    return raised


def _rewritten_from(fact: Fact | None, *, by: User | str) -> datetime | None:
    """From when on the record was made to say something else, rather than that something new was seen or done."""
    if fact is None:
        return None if by == BY else ALWAYS
    return ALWAYS if fact.supersedes_id is not None else fact.observed_at


def _without_postponed(decisions: Sequence[Decision], fact: Fact | None) -> tuple[list[Decision], list[DueCondition]]:
    """What is read in or simulated calls nobody to a look that did not come: that is left to the sweep.

    It is told then, for as long as the window goes on.
    """
    kept: list[Decision] = []
    postponed: list[DueCondition] = []
    for decision in decisions:
        due = decision.wanted.due if isinstance(decision, Raise | Reopen) else None
        by_machine = fact is not None and fact.source not in BY_HAND
        if by_machine and due is not None and due.code in OF_OBSERVATION:
            postponed.append(due)
        else:
            kept.append(decision)
    return kept, postponed


def tell_under_policy(derived: Derived, *, by: str, at: datetime) -> list[Alert]:
    """The policy in force has changed: what stands and is asked for now is told, what is over is not.

    Its conditions are the sweep's to meet.
    """
    participant = derived.state.participant
    watch = watch_of(participant, at=at)
    policy = watch.policy
    conditions = conditions_due(derived.state, period_of(derived), watch)
    wanted = [*wanted_rises(derived, policy, late=True), *conditions.wanted()]
    alerts = on_file(participant, rises_of=None if policy is None else derived, conditions=bool(conditions))
    standing = [
        decision
        for decision in reconcile(wanted, alerts.rows, at=at)
        if isinstance(decision, Raise | Reopen) and not decision.wanted.condition
        if decision.wanted.is_open and decision.wanted.stands
    ]
    doing = Applying(participant=participant, policy=policy, alerts=alerts, by=by, at=at)
    return apply(standing, doing, reason="derived again")


def _escalate_what_stands(derived: Derived, *, by: User | str, at: datetime) -> None:
    """Nothing that stands has been called for by nobody."""
    course = StandingCourse.of(folded_in(derived.state))
    if course:
        doing = _doing(derived, by=by, at=at)
        apply(escalations(doing.alerts.rows, course), doing, reason="the course calls for it")


def _doing(derived: Derived, *, by: User | str, at: datetime) -> Applying:
    """With the alerts that stand."""
    participant = derived.state.participant
    return Applying(participant=participant, policy=None, alerts=standing_on_file(participant), by=by, at=at)


def _is_old(derived: Derived, fact: Fact) -> bool:
    if derived.until is not None:  # what is stored goes on from there
        return True
    newest = max((g.observed_at for g in derived.grades), default=fact.observed_at)
    return fact.observed_at < newest


def resolve_ended(derived: Derived, *, by: User | str, at: datetime) -> None:
    """Resolve the alerts of episodes that are over. Runs in the transaction of the fact."""
    episodes, fever_is_over = episode_runs(derived), _fever_before_dosing_is_over(derived)
    if fever_is_over or any(one.ended_at is not None for one in episodes):
        doing = _doing(derived, by=by, at=at)
        over = ended(doing.alerts.rows, episodes, fever_is_over=fever_is_over)
        apply(over, doing, reason="the episode is over")


def _fever_before_dosing_is_over(derived: Derived) -> bool:
    """It is of no episode: over with the first dose, always a whole derivation, or once it is over for long."""
    state = folded_in(derived.state)
    return derived.whole if state.dose is not None else fever_before_dosing_is_over(state)
