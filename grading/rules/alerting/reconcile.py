"""What becomes of a participant's alerts: those that the course calls for, held against those on file. Pure.

The one place that decides what is raised, opened again, amended, withdrawn or resolved, whether a grade rose or a
condition holds. What the course calls for is in wanted.py, what follows while an episode goes on or once it is over
in standing.py; services/applying.py does what is decided.

Nothing is lost between the two lists: whatever is called for is on file afterwards, and of each alert on file one
decision says what becomes of it. The order in which either list comes does not matter, and where nothing has changed
since, nothing is decided but to leave it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from grading.rules.alerting.lifecycle import STANDING, WAITING, AlertState
from grading.rules.alerting.policy.thresholds import ConditionCode, ThresholdCode
from grading.rules.alerting.wanted import AlertContent, AlertKey, WantedAlert, key_of


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOnFile:
    """An alert as it is kept. `began_at`: since when what it tells of was seen; None: it says no such thing.

    `is_shown`: its own set still says the grade, or its treatment is on record. `in_scope` False: what is wanted says
    nothing about it, since only what one more fact brought was derived: it is seen, and left. So a rise that is wanted
    must not be of an alert out of scope, or it would be raised beside it. It never is: what one more fact brings in
    order rises at that fact (`Rise.observation_root`), and a correction, whose root is on file, never comes in order
    (`course.carry_on`); after a derivation the alerts of every fact that was folded are in scope.
    """

    id: UUID
    kind: str
    root: str
    grade: int
    content: AlertContent
    thresholds: tuple[str, ...]
    state: AlertState
    condition: str = ""
    began_at: datetime | None = None
    is_shown: bool = True
    in_scope: bool = True
    is_called: bool = False  # somebody was paged, or is about to be

    @property
    def key(self) -> AlertKey:
        return key_of(self.condition, self.kind, self.root, self.grade, self.content.urgency)

    @property
    def is_before_dosing(self) -> bool:
        return ThresholdCode.BEFORE_DOSING.value in self.thresholds

    @property
    def stands(self) -> bool:
        return self.state in STANDING


# --- Decisions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """Nothing on file tells of it."""

    wanted: WantedAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """It was over or withdrawn, and is called for: it waits for an answer again.

    `turned`: a dose entered late, or its corrected time, made CRS of what was a fever before dosing, or the reverse:
    an answer to the one is none to the other, so it is withdrawn first.
    """

    alert: AlertOnFile
    wanted: WantedAlert
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend:
    """It is made to say what decides now, or moved to an earlier set; its answer, its pages and its clock stay."""

    alert: AlertOnFile
    wanted: WantedAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw:
    """The record was made to say something else."""

    alert: AlertOnFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve:
    """It does not hold any more."""

    alert: AlertOnFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """As it is."""

    alert: AlertOnFile


Decision = Raise | Reopen | Amend | Withdraw | Resolve | Leave
_ORDER = (Raise, Reopen, Amend, Withdraw, Resolve, Leave)


def reconcile(
    wanted: Iterable[WantedAlert],
    on_file: Iterable[AlertOnFile],
    *,
    at: datetime,
    rewritten_from: datetime | None = None,
) -> tuple[Decision, ...]:
    """What is to be done so that the alerts on file are those that the course calls for: rises first, then conditions.

    `rewritten_from`: from when on the record was made to say something else. None: nothing was, it is the clock that
    asks. A condition that does not hold any more is withdrawn where it was seen since then, and else is over.
    """
    wanted, on_file = sorted(wanted, key=_by_time), sorted(on_file, key=_least_answered)
    of_conditions = [one for one in wanted if one.condition]
    rises = [
        _joined(decision, of_conditions)
        for decision in _decide(
            [one for one in wanted if not one.condition], [one for one in on_file if not one.condition], at=at
        )
    ]
    within_rises = set(_within(rises))
    of_conditions = [
        replace(one, quiet=one.quiet or (one.kind, one.root, one.condition) in within_rises) for one in of_conditions
    ]
    alerts = [one for one in on_file if one.condition]
    return (*rises, *_decide(of_conditions, alerts, at=at, rewritten_from=rewritten_from))


def amendments(wanted: WantedAlert, alert: AlertOnFile) -> dict[str, Any]:
    """By column, what the alert is to say where it says something else.

    A condition's reasons hold all that decides it: a newer set that shows the same once more is no news.
    """
    columns = ("reasons",) if wanted.condition else tuple(field.name for field in fields(AlertContent))
    changes: dict[str, Any] = {} if wanted.root == alert.root else {"fact_root": wanted.root}
    for name in columns:
        if (value := getattr(wanted.content, name)) != getattr(alert.content, name):
            changes[name] = value
    return changes | {"observed_at": wanted.content.observed_at} if changes else changes


# --- How ------------------------------------------------------------------------------------------------------


def _by_time(one: WantedAlert) -> tuple[Any, ...]:
    return one.content.observed_at, *(str(part) for part in one.key)


def _least_answered(alert: AlertOnFile) -> tuple[Any, ...]:
    """Where one of two is kept, it is the one that nobody has answered."""
    answered = 0 if alert.state in WAITING else 1 if alert.state is AlertState.ACKNOWLEDGED else 2
    return answered, not alert.stands, alert.content.observed_at, str(alert.id)


def _decide(
    wanted: Iterable[WantedAlert],
    alerts: Sequence[AlertOnFile],
    *,
    at: datetime,
    rewritten_from: datetime | None = None,
) -> list[Decision]:
    """Of rises alone, or of conditions alone."""
    decisions: list[Decision] = [Leave(alert=alert) for alert in alerts if not alert.in_scope]
    by_key, unwanted = {alert.key: alert for alert in alerts if alert.in_scope}, []
    to_raise: list[WantedAlert] = []
    for one, alert in _claimed(wanted, by_key):
        if alert is None:
            if one.thresholds and not one.quiet and one.holds(at):
                to_raise.append(one)
        elif not one.keeps_standing(at):
            unwanted.append(alert)
        else:
            decisions.append(_of_claimed(one, alert, at=at))
    for alert in sorted([*by_key.values(), *unwanted], key=_least_answered):
        earlier = [one for one in to_raise if _began_before(one, alert)]
        if earlier:
            latest = max(earlier, key=lambda one: one.began_at or at)
            to_raise.remove(latest)
            decisions.append(Amend(alert=alert, wanted=latest))
        else:
            decisions.append(_of_unwanted(alert, rewritten_from=rewritten_from))
    decisions += [Raise(wanted=one) for one in to_raise]
    return sorted(decisions, key=lambda decision: _ORDER.index(type(decision)))


def _claimed(
    wanted: Iterable[WantedAlert], by_key: dict[AlertKey, AlertOnFile]
) -> Iterator[tuple[WantedAlert, AlertOnFile | None]]:
    """Each with its alert, taken out of `by_key`. None: there is none.

    Of a rise, an alert that was kept before there was an urgency is of any; but first everybody takes their own.
    """
    own = [(one, by_key.pop(one.key, None)) for one in wanted]
    for one, alert in own:
        yield one, alert or by_key.pop((*one.key[:4], None), None)


def _of_claimed(one: WantedAlert, alert: AlertOnFile, *, at: datetime) -> Decision:
    turned = alert.is_before_dosing != one.is_before_dosing
    is_over = not alert.stands and (alert.state is AlertState.WITHDRAWN or one.is_open)
    if one.thresholds and one.holds(at) and (turned or is_over):
        return Reopen(alert=alert, wanted=one, turned=turned)
    # What was over stays as it was; but a grade that was told is told of the set as it is now.
    keeps_content = alert.state is AlertState.WITHDRAWN or (bool(one.condition) and not alert.stands)
    if not keeps_content and amendments(one, alert):
        return Amend(alert=alert, wanted=one)
    return Leave(alert=alert)


def _began_before(one: WantedAlert, alert: AlertOnFile) -> bool:
    """Whether a late set has shown that what the alert tells of began before its set: it is the same (Rulings 2).

    What was withdrawn is not, nor what is over and begins anew.
    """
    if not (alert.stands or (alert.state is AlertState.RESOLVED and not one.is_open)) or not alert.is_shown:
        return False
    alike = (one.condition, one.kind, one.is_before_dosing) == (alert.condition, alert.kind, alert.is_before_dosing)
    if not one.condition:
        alike = alike and one.grade == alert.grade and alert.content.urgency in (None, one.content.urgency)
    if not alike or one.began_at is None or alert.began_at is None:
        return False
    return one.began_at <= alert.began_at and (one.runs_until is None or alert.began_at <= one.runs_until)


def _of_unwanted(alert: AlertOnFile, *, rewritten_from: datetime | None) -> Decision:
    if not alert.condition:  # a rise that was goes only where the record says something else
        return Leave(alert=alert) if alert.state is AlertState.WITHDRAWN else Withdraw(alert=alert)
    if not alert.stands:
        return Leave(alert=alert)
    is_taken_back = rewritten_from is not None and rewritten_from <= alert.content.observed_at
    return Withdraw(alert=alert) if is_taken_back else Resolve(alert=alert)


def _joined(decision: Decision, of_conditions: Sequence[WantedAlert]) -> Decision:
    """A rise that is raised says too what is called for at once at the same set: both are one alert."""
    if not isinstance(decision, Raise):
        return decision
    rise = decision.wanted
    here = {
        one.condition
        for one in of_conditions
        if one.due is not None and one.due.due_at is None and (one.kind, one.root) == (rise.kind, rise.root)
    }
    codes = tuple(code.value for code in ConditionCode if code.value in here)
    return Raise(wanted=replace(rise, thresholds=(*rise.thresholds, *codes)))


def _within(rises: Iterable[Decision]) -> Iterator[tuple[str, str, str]]:
    """Kind, set and code of what the alerts of rises say once it is done."""
    for decision in rises:
        match decision:
            case Raise(wanted=one):
                kind, root, thresholds = one.kind, one.root, one.thresholds
            case Amend(alert=alert, wanted=one):
                kind, root, thresholds = one.kind, one.root, alert.thresholds
            case Leave(alert=alert) if alert.state is not AlertState.WITHDRAWN:
                kind, root, thresholds = alert.kind, alert.root, alert.thresholds
            case _:
                continue
        yield from ((kind, root, code) for code in thresholds)
