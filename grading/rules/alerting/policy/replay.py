"""What another threshold policy would have made of courses that are over: alerts, and whom they page. Pure.

The courses are as they were: no grade depends on a policy. Grades that rise, provisional episodes and the policy's
conditions are replayed; what is asked because nobody looked (OF_OBSERVATION) only where it is asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from grading.rules.alerting.burden import Burden, Group, Raised, Watched, burden_of
from grading.rules.alerting.conditions_due import called_for
from grading.rules.alerting.escalation import PlannedEscalation, roles_to_page
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.alerting.policy.conditions import OF_OBSERVATION, Condition, read_conditions
from grading.rules.alerting.policy.replayed import Moment
from grading.rules.alerting.policy.thresholds import ConditionCode, Threshold, asked_at, read_thresholds
from grading.rules.course.rises import Rise
from grading.rules.treatment.drug_rules import DrugRules, read_drugs

# Convention: whom the first call of an alert is for, where the assigned nurse is the first step. Nobody answered
# in a replay, so that later calls are not counted.
FIRST_STEP = (PlannedEscalation(on_call_role=OnCallRole.ASSIGNED_NURSE, wait=timedelta(0)),)
JUST_AFTER = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCourse:
    """One participant's course. `ward`: whose shifts are counted together; `watched` None: never dosed."""

    participant: str
    ward: str
    zone: ZoneInfo
    watched: Watched | None
    rises: tuple[Rise, ...]
    moments: tuple[Moment, ...]
    sets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a policy says, read. None of it: there is no policy, and nobody is told."""

    thresholds: tuple[Threshold, ...] = ()
    conditions: tuple[Condition, ...] = ()
    drugs: DrugRules | None = None

    @property
    def not_replayed(self) -> tuple[ConditionCode, ...]:
        """Conditions about looks that did not come: a record that is over does not say who would have come."""
        return tuple(one.code for one in self.conditions if one.is_in_force and one.code in OF_OBSERVATION)


def read_rules(data: Mapping[str, object]) -> Rules:
    """The sections of a policy, as stored. Raises BadPolicy."""
    drugs = read_drugs(data["drugs"])
    conditions = read_conditions(data["thresholds"], drugs=drugs)
    return Rules(thresholds=read_thresholds(data["thresholds"]), conditions=conditions, drugs=drugs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedAlert:
    """One alert that a policy would have raised. `codes`: its codes; `grade` -1: none that is known.

    `condition` empty: a grade rose. `root`: the set at which it did, or the fact on which the condition rests.
    """

    participant: str
    at: datetime
    kind: str
    grade: int
    codes: tuple[str, ...]
    root: str
    condition: str = ""

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """One alert per participant, fact and grade, or condition."""
        return self.participant, self.kind, self.root, self.condition, 0 if self.condition else self.grade

    @property
    def pages(self) -> int:
        """How many roles its first call is for."""
        return len(roles_to_page(FIRST_STEP, number=0, grade=self.grade))


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a policy would have asked of the wards: alerts and pages over the nurse shifts with anybody watched."""

    burden: Burden = field(default_factory=Burden)
    pages: int = 0

    @property
    def pages_per_shift(self) -> Decimal | None:
        """None: there was no shift with anybody under observation."""
        return Decimal(self.pages) / self.burden.shifts if self.burden.shifts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two policies over the same courses.

    `gained`, `lost`: alerts of one alone. `otherwise`: of both, at another time or asking something else.
    """

    courses: int
    sets: int
    before: Load
    after: Load
    gained: tuple[ReplayedAlert, ...]
    lost: tuple[ReplayedAlert, ...]
    otherwise: tuple[tuple[ReplayedAlert, ReplayedAlert], ...]


def replayed_alerts(
    course: RecordedCourse, rules: Rules, *, until: datetime, with_looks: bool = False
) -> list[ReplayedAlert]:
    """The alerts of this course by these rules up to `until`, in order of time.

    `with_looks`: also of looks that did not come, by when they came; that somebody would have come sooner had she been
    told is not in it.
    """
    rises: dict[tuple[str, str], ReplayedAlert] = {}
    for rise in course.rises:
        codes = asked_at(
            rules.thresholds, kind=rise.kind, grade=rise.grade, provisional=rise.provisional,
            before_dosing=rise.before_dosing,
        )  # fmt: skip
        if codes and not rise.quiet:
            rises[rise.kind, rise.observation_root] = ReplayedAlert(
                participant=course.participant, at=rise.at, kind=rise.kind, grade=rise.grade,
                codes=tuple(code.value for code in codes), root=rise.observation_root,
            )  # fmt: skip
    conditions: dict[tuple[str, str, str, str, int], ReplayedAlert] = {}
    for one in _of_conditions(course, rules, until=until, with_looks=with_looks) if rules.conditions else ():
        risen = rises.get((one.kind, one.root))
        if risen is not None and (risen.at == one.at or one.condition in risen.codes):  # one card
            rises[one.kind, one.root] = replace(risen, codes=tuple(dict.fromkeys((*risen.codes, *one.codes))))
        else:
            conditions.setdefault(one.key, one)
    return sorted([*rises.values(), *conditions.values()], key=lambda alert: (alert.at, alert.kind))


def _of_conditions(
    course: RecordedCourse, rules: Rules, *, until: datetime, with_looks: bool
) -> Iterable[ReplayedAlert]:
    """What is called for, once it holds before the next fact changes how the course stands."""
    ends = [*(moment.at for moment in course.moments[1:]), None]
    for moment, next_at in zip(course.moments, ends, strict=False):
        for one in called_for(rules.conditions, moment.now, rules.drugs):
            at = max(moment.at, one.due_at or moment.at)
            over = at >= next_at if next_at is not None else at > until
            if (with_looks or one.code not in OF_OBSERVATION) and not over and one.holds(at):
                yield ReplayedAlert(
                    participant=course.participant, at=at, kind=one.kind, grade=one.grade, codes=(one.code.value,),
                    root=one.anchor, condition=one.code.value,
                )  # fmt: skip


def compare(courses: Sequence[RecordedCourse], before: Rules, after: Rules, *, until: datetime) -> Comparison:
    """Alerts of each policy, and which differ. `until`: where a course that goes on is cut."""
    made = [
        {course.participant: replayed_alerts(course, policy, until=until) for course in courses}
        for policy in (before, after)
    ]
    old, new = ({alert.key: alert for of_course in one.values() for alert in of_course} for one in made)
    return Comparison(
        courses=len(courses),
        sets=sum(course.sets for course in courses),
        before=_load(courses, lambda course: made[0][course.participant], until=until),
        after=_load(courses, lambda course: made[1][course.participant], until=until),
        gained=_by_time(alert for key, alert in new.items() if key not in old),
        lost=_by_time(alert for key, alert in old.items() if key not in new),
        otherwise=tuple((old[now.key], now) for now in _by_time(new.values()) if _differs(old.get(now.key), now)),
    )


def _differs(was: ReplayedAlert | None, now: ReplayedAlert) -> bool:
    return was is not None and (was.at, set(was.codes)) != (now.at, set(now.codes))


def _by_time(alerts: Iterable[ReplayedAlert]) -> tuple[ReplayedAlert, ...]:
    return tuple(sorted(alerts, key=lambda alert: (alert.at, alert.participant, alert.kind)))


def _load(
    courses: Sequence[RecordedCourse],
    alerts_of: Callable[[RecordedCourse], Iterable[ReplayedAlert]],
    *,
    until: datetime,
) -> Load:
    total, pages = Burden(), 0
    for ward in sorted({course.ward for course in courses}):
        here = [course for course in courses if course.ward == ward]
        alerts = [alert for course in here for alert in alerts_of(course)]
        watched = [course.watched for course in here if course.watched is not None]
        starts = [*(alert.at for alert in alerts), *(one.start for one in watched)]
        if not starts:
            continue
        end = max([until, *(alert.at + JUST_AFTER for alert in alerts)])
        raised = [Raised(at=alert.at, codes=alert.codes, policy=0, acted_on=False) for alert in alerts]
        lines = burden_of(raised, watched, zone=here[0].zone, start=min(starts), end=end)
        total += lines[Group.ALL, ""]
        pages += sum(alert.pages for alert in alerts)
    return Load(burden=total, pages=pages)
