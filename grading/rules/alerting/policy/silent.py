"""A version of a policy that runs beside the one in force and tells nobody: what it would have said. Pure.

Both are held against the alerts that were raised. No grade depends on a policy, so that a rise that was told needs no
replay: whether the version asks anything at that grade says it. All else is the replay's (replay.py), by the time at
the bedside, so that what was entered late moves neither side against the other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from grading.rules.alerting.conditions_due import called_for
from grading.rules.alerting.escalation import PlannedEscalation, for_nurses, roles_to_page
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.policy.conditions import OF_OBSERVATION
from grading.rules.alerting.policy.replay import RecordedCourse, ReplayedAlert, Rules, replayed_alerts
from grading.rules.alerting.policy.thresholds import ALWAYS, ConditionCode, asked_at

_ALWAYS = frozenset(code.value for code in ALWAYS)
_OF_OBSERVATION = frozenset(code.value for code in OF_OBSERVATION)
MINUTE = timedelta(minutes=1)


class SilentVerdict(StrEnum):
    """SAME: both at once and alike. OTHERWISE: both, at another time or asking something else. FEWER, MORE: only the
    real one, only the silent version. NOT_COMPARED: a record does not say whether the version would have told it.
    """

    SAME = "same"
    OTHERWISE = "otherwise"
    FEWER = "fewer"
    MORE = "more"
    NOT_COMPARED = "not_compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """`pages`: roles that were called, each time. `on_call`: of these the on-call investigator, or everybody.

    `escalations`: steps after the first.
    """

    pages: int = 0
    on_call: int = 0
    escalations: int = 0

    def __add__(self, other: "Calls") -> "Calls":
        return Calls(
            pages=self.pages + other.pages,
            on_call=self.on_call + other.on_call,
            escalations=self.escalations + other.escalations,
        )


def calls_of(steps: Sequence[Sequence[str]]) -> Calls:
    """Of the steps that were taken, each by the roles that it was for. Without a role everybody is called, once."""
    investigator = OnCallRole.ON_CALL_INVESTIGATOR.value
    return Calls(
        pages=sum(max(len(roles), 1) for roles in steps),
        on_call=sum(not roles or investigator in roles for roles in steps),
        escalations=max(len(steps) - 1, 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RealAlert:
    """An alert that was raised under the policy in force. `grade` -1: none that is known.

    `withdrawn`: the record was made to say something else since.
    """

    id: str
    kind: str
    root: str
    grade: int
    codes: tuple[str, ...]
    observed_at: datetime
    raised_at: datetime
    condition: str = ""
    withdrawn: bool = False
    calls: Calls = field(default_factory=Calls)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAlert:
    """One line of the comparison. `real_at`, `silent_at`: by the bedside; None: that side says nothing.

    `raised_at`: when the real one was raised; later than `real_at` by as much as the entry was late.
    """

    verdict: SilentVerdict
    kind: str
    grade: int
    condition: str
    real_at: datetime | None = None
    silent_at: datetime | None = None
    raised_at: datetime | None = None
    real_codes: tuple[str, ...] = ()
    silent_codes: tuple[str, ...] = ()
    real: Calls = field(default_factory=Calls)
    silent: Calls = field(default_factory=Calls)

    @property
    def at(self) -> datetime:
        """The first instant of either side."""
        return min(at for at in (self.real_at, self.silent_at) if at is not None)

    @property
    def minutes_later(self) -> int | None:
        """Whole minutes by which the silent version comes later; below 0: earlier. None: only one side says it."""
        if self.real_at is None or self.silent_at is None:
            return None
        apart = self.silent_at - self.real_at
        return abs(apart) // MINUTE * (1 if apart > timedelta(0) else -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SilentRules:
    """The policy in force and the version beside it, and the escalation steps by which both would call."""

    in_force: Rules
    silent: Rules
    steps: tuple[PlannedEscalation, ...] = ()

    def is_alike(self, code: str) -> bool:
        """Whether a condition has the same numbers in both: then it is told at the same time by both."""
        return _numbers(self.in_force, code) == _numbers(self.silent, code)


def _numbers(rules: Rules, code: str) -> object:
    """What decides a condition. None: the policy does not tell it."""
    one = next((one for one in rules.conditions if one.code.value == code and one.is_in_force), None)
    if one is None:
        return None
    drugs = rules.drugs
    return replace(one, source=""), None if drugs is None else (drugs.tocilizumab, drugs.refractory)


def compared_alerts(
    course: RecordedCourse,
    real: Sequence[RealAlert],
    rules: SilentRules,
    *,
    entered: Mapping[str, datetime],
    since: datetime,
    until: datetime,
) -> tuple[ComparedAlert, ...]:
    """Every alert of either side from `since` up to `until`, in order of time.

    `entered`: by the root of a fact, when it was first taken in. What both say and nobody was told of, since it was
    entered when it was over, is of neither side; so is what came to light when it was over and only one says.
    """
    old, new = (
        {one.key: one for one in replayed_alerts(course, policy, until=until, with_looks=True)}
        for policy in (rules.in_force, rules.silent)
    )
    lines: list[ComparedAlert] = []
    matched: set[tuple[object, ...]] = set()
    for one in real:
        key = (course.participant, one.kind, one.root, one.condition, 0 if one.condition else one.grade)
        twin = new.get(key) or _of_same_fact(one, new.values())
        if twin is not None:
            matched.add(twin.key)
        lines.append(_beside(one, old.get(key), twin, rules))
    for alert in new.values():
        if alert.key not in matched and not _is_of_neither(alert, old, course, rules, entered):
            steps = for_nurses(rules.steps) if alert.condition in _OF_OBSERVATION else rules.steps
            calls = calls_of([[role.value for role in roles_to_page(steps, number=0, grade=alert.grade)]])
            lines.append(
                ComparedAlert(
                    verdict=SilentVerdict.MORE, kind=alert.kind, grade=alert.grade, condition=alert.condition,
                    silent_at=alert.at, silent_codes=alert.codes, silent=calls,
                )
            )  # fmt: skip
    return tuple(sorted((one for one in lines if _counts(one, since)), key=lambda one: (one.at, one.kind)))


def next_due(course: RecordedCourse, rules: SilentRules, *, after: datetime) -> datetime | None:
    """When something that either side tells comes due by itself. None: nothing does before the next fact."""
    if not course.moments:
        return None
    now = course.moments[-1].now
    due = [
        one.due_at
        for policy in (rules.in_force, rules.silent)
        for one in called_for(policy.conditions, now, policy.drugs)
    ]
    return min((at for at in due if at is not None and at > after), default=None)


def _counts(line: ComparedAlert, since: datetime) -> bool:
    """By when the real one was; of the silent version alone, by when that would have been."""
    at = line.real_at or line.silent_at
    return at is not None and at >= since


def _of_same_fact(one: RealAlert, alerts: Iterable[ReplayedAlert]) -> ReplayedAlert | None:
    """Whatever both cards ask at one set is one card: a condition within a rise, or the reverse."""
    same = (alert for alert in alerts if (alert.kind, alert.root) == (one.kind, one.root))
    return next((alert for alert in same if set(alert.codes) & set(one.codes)), None)


def _beside(one: RealAlert, was: ReplayedAlert | None, twin: ReplayedAlert | None, rules: SilentRules) -> ComparedAlert:
    at = was.at if was is not None else one.raised_at if one.condition else one.observed_at
    line = ComparedAlert(
        verdict=SilentVerdict.FEWER, kind=one.kind, grade=one.grade, condition=one.condition, real_at=at,
        raised_at=one.raised_at, real_codes=one.codes, real=one.calls,
    )  # fmt: skip
    if one.condition == ConditionCode.DANGER_VALUE or set(one.codes) <= _ALWAYS:
        codes: tuple[str, ...] = one.codes  # told in every study, whatever its policy says
    elif twin is not None:
        codes, at = twin.codes, twin.at if one.condition or twin.condition else at
    elif one.condition:
        return _of_condition(line, rules, withdrawn=one.withdrawn, is_replayed=was is not None)
    else:
        codes = tuple(map(str, asked_at(rules.silent.thresholds, kind=one.kind, grade=one.grade)))
        if not codes:
            return line
    otherwise = set(codes) != set(one.codes) or at != line.real_at
    return replace(
        line, verdict=SilentVerdict.OTHERWISE if otherwise else SilentVerdict.SAME, silent_at=at, silent_codes=codes,
        silent=one.calls,
    )  # fmt: skip


def _of_condition(line: ComparedAlert, rules: SilentRules, *, withdrawn: bool, is_replayed: bool) -> ComparedAlert:
    """One that the replay of the version has not: it may have been taken back since, or be about a look that came, and
    was entered late. `is_replayed`: the replay of the policy in force has it, so that the record says what was."""
    code = line.condition
    if _numbers(rules.silent, code) is None:
        return line
    if rules.is_alike(code):
        return replace(
            line, verdict=SilentVerdict.SAME, silent_at=line.real_at, silent_codes=line.real_codes, silent=line.real
        )
    unknown = not is_replayed if code in _OF_OBSERVATION else withdrawn
    return replace(line, verdict=SilentVerdict.NOT_COMPARED) if unknown else line


def _is_of_neither(
    alert: ReplayedAlert,
    old: Mapping[tuple[str, str, str, str, int], ReplayedAlert],
    course: RecordedCourse,
    rules: SilentRules,
    entered: Mapping[str, datetime],
) -> bool:
    if alert.key in old or set(alert.codes) <= _ALWAYS:
        return True  # the policy in force says it as well, and nobody was told
    came = entered.get(_rests_on(alert, course))
    if came is None:
        return False
    known = [moment for moment in course.moments if moment.at <= came]
    if not known or known[-1].at <= alert.at:
        return False  # nothing later was known when it came to light
    now = known[-1].now
    if alert.condition:
        due = called_for(rules.silent.conditions, now, rules.silent.drugs)
        return all((one.code.value, one.anchor) != (alert.condition, alert.root) or not one.holds(came) for one in due)
    episode = now.episode(alert.kind)
    return episode is None or episode.standing < alert.grade


def _rests_on(alert: ReplayedAlert, course: RecordedCourse) -> str:
    """The root of the fact without which it would not be: of a look that did not come, of the dose before it."""
    if alert.condition not in _OF_OBSERVATION:
        return alert.root
    running = next((one.now.running for one in reversed(course.moments) if one.at <= alert.at), None)
    return alert.root if running is None else running.dose_root
