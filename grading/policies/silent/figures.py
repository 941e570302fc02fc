"""A silent run beside the policy in force, in figures: alarm load, by day, by participant. It decides nothing."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from grading.policies.silent.selectors import CourseOfRun
from grading.rules.alerting.burden import Burden, Group, Raised, burden_of
from grading.rules.alerting.policy.silent import Calls, ComparedAlert, SilentVerdict
from regimens.rules.wall_time import day_at

JUST_AFTER = timedelta(microseconds=1)  # an alert of this very instant counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one side asked of the wards; `burden.pages` is not filled: calls count the roles that were called."""

    burden: Burden
    calls: Calls


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Alerts of a day or of a participant; of each side, and of one alone."""

    site: str
    name: str
    day: date | None = None
    real: int = 0
    silent: int = 0
    by_verdict: Counter[SilentVerdict] = field(default_factory=Counter)

    @property
    def fewer(self) -> int:
        return self.by_verdict[SilentVerdict.FEWER]

    @property
    def more(self) -> int:
        return self.by_verdict[SilentVerdict.MORE]


def real_side(courses: Sequence[CourseOfRun], *, since: datetime, until: datetime) -> Side:
    return _side(courses, _of_real, since=since, until=until)


def silent_side(courses: Sequence[CourseOfRun], *, since: datetime, until: datetime) -> Side:
    return _side(courses, _of_silent, since=since, until=until)


def _of_real(line: ComparedAlert) -> tuple[datetime | None, tuple[str, ...], Calls]:
    return line.real_at, line.real_codes, line.real


def _of_silent(line: ComparedAlert) -> tuple[datetime | None, tuple[str, ...], Calls]:
    return line.silent_at, line.silent_codes, line.silent


def _side(
    courses: Sequence[CourseOfRun],
    of_side: Callable[[ComparedAlert], tuple[datetime | None, tuple[str, ...], Calls]],
    *,
    since: datetime,
    until: datetime,
) -> Side:
    burden, calls = Burden(), Calls()
    for site in sorted({one.site for one in courses}):
        here = [one for one in courses if one.site == site]
        raised = []
        for at, codes, called in (of_side(line) for one in here for line in one.content.lines):
            if at is not None:
                # what the version would have said before the run began counts at its beginning
                inside = min(max(at, since), until)
                raised.append(Raised(at=inside, codes=codes, policy=0, acted_on=False))
                calls += called
        watched = [one.content.watched for one in here if one.content.watched is not None]
        lines = burden_of(raised, watched, zone=here[0].zone, start=since, end=until + JUST_AFTER)
        burden += lines[Group.ALL, ""]
    return Side(burden=burden, calls=calls)


def by_day(courses: Sequence[CourseOfRun]) -> list[Count]:
    """Days of each site, by when either side was first."""
    lines: dict[tuple[str, date], list[ComparedAlert]] = {}
    for course in courses:
        for line in course.content.lines:
            lines.setdefault((course.site, day_at(line.at, course.zone)), []).append(line)
    return [_count(site, "", lines[site, day], day=day) for site, day in sorted(lines)]


def by_participant(courses: Iterable[CourseOfRun]) -> list[Count]:
    """Those of whom either side says something."""
    return [_count(one.site, one.participant, one.content.lines) for one in courses if one.content.lines]


def _count(site: str, name: str, lines: Sequence[ComparedAlert], *, day: date | None = None) -> Count:
    return Count(
        site=site, name=name, day=day, real=sum(one.real_at is not None for one in lines),
        silent=sum(one.silent_at is not None for one in lines), by_verdict=Counter(one.verdict for one in lines),
    )  # fmt: skip
