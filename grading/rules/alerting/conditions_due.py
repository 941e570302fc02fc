"""What the conditions of a policy call for in a course as it stands, and from when on. Pure, and without a clock.

Some hold as soon as their set is there; others at an instant that follows from the record, such as so many hours
after a dose: whoever holds a clock compares. The readings below that no paper gives are in docs/conventions.md.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from uuid import NAMESPACE_URL, uuid5

from grading.rules.alerting.policy.conditions import OF_OBSERVATION, Condition
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.now import CourseNow, DrugGiven, NeuroSet, OpenEpisode
from grading.rules.grades.graded import INDETERMINATE
from grading.rules.treatment.drug_rules import DrugRules
from grading.rules.treatment.indication import counts_as_tried, treats_syndrome
from grading.rules.treatment.refractory import RefractoryCode, RefractoryCourse, advised, is_better
from grading.rules.treatment.tocilizumab import TocilizumabDose, counts, standing

# Nobody looked for so long, outside of any window: the course goes on elsewhere, and nothing is told of it here.
WATCHED_FOR = timedelta(hours=24)
ELIGIBLE_FROM_GRADE = 2  # "tocilizumab eligible again" only while grade 2 or more (decisions, Alerts)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCondition:
    """Something that is called for, from `due_at` (None: at once) and not any more from `until` (None: no end).

    It is known by code, kind (crs, icans, vitals, neuro or window) and `anchor`, a UUID: of the fact or slot on which
    it rests. `observed_at`: of the newest input that decides. `values`: what decides, as texts. `urgency`: the grade
    as which it is told, where that is not `grade`.
    """

    code: ConditionCode
    kind: str
    anchor: str
    grade: int
    observed_at: datetime
    due_at: datetime | None = None
    until: datetime | None = None
    values: dict[str, str] = field(default_factory=dict)
    urgency: int | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.code.value, self.kind, self.anchor

    def holds(self, at: datetime) -> bool:
        return (self.due_at is None or self.due_at <= at) and (self.until is None or at < self.until)


def stands(due: DueCondition, at: datetime) -> bool:
    """Whether an alert of it is not over: one about a look that did not come is over with the window."""
    begun = due.due_at is None or due.due_at <= at
    return due.holds(at) if due.code in OF_OBSERVATION else begun


def next_instant(conditions: Sequence[DueCondition], *, after: datetime) -> datetime | None:
    """The first instant at which one comes to hold, or is over by itself. None: there is none."""
    ends = [due.until for due in conditions if due.code in OF_OBSERVATION]
    return min(
        (at for at in [*(due.due_at for due in conditions), *ends] if at is not None and at > after), default=None
    )


def called_for(conditions: Iterable[Condition], now: CourseNow, drugs: DrugRules | None) -> tuple[DueCondition, ...]:
    """What the conditions call for, at once or at an instant to come. `drugs`: the rules of the same policy."""
    until = _watched_until(now)
    return tuple(
        due
        for condition in conditions
        if condition.is_in_force
        for due in _DUE_BY_CODE[condition.code](condition, now, drugs or DrugRules(), until)
    )


def _watched_until(now: CourseNow) -> datetime | None:
    """The end of the window, or a day after the newest set where that is later."""
    ends = [] if now.running is None or now.running.window_ends_at is None else [now.running.window_ends_at]
    if now.last_at is not None:
        ends.append(now.last_at + WATCHED_FOR)
    return max(ends, default=None)


def _hours(hours: Decimal | None) -> timedelta:
    assert hours is not None  # it is in force
    return timedelta(minutes=int(hours * 60))


# --- Grade and fever ------------------------------------------------------------------------------------------


def _fever(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """At grade 1 a fever is all there is: it lasts from the first set after the last that was free of CRS."""
    episode = now.episode(CRS)
    if episode is None or episode.standing != 1:
        return
    run = list(takewhile(lambda seen: seen.at_most > 0, reversed(episode.sets)))
    abnormal = [seen for seen in run if seen.at_least > 0]
    if abnormal:
        first = abnormal[-1]
        yield DueCondition(
            code=one.code, kind=CRS, anchor=first.root, grade=1, observed_at=run[0].at, until=until,
            due_at=first.at + _hours(one.hours),
            values={"since": first.at.isoformat(), "hours": _text(one.hours)},
        )  # fmt: skip


def _then_and_now(episode: OpenEpisode, given_at: datetime) -> tuple[int | None, int | None]:
    """The grades that stood at a dose, and that stand after it. None: nobody looked.

    A set with data missing raises what stands and never lowers it (decisions, Grading).
    """
    standing, then, now = 0, None, None
    for seen in episode.sets:
        standing = seen.at_least if seen.at_least == seen.at_most else max(standing, seen.at_least)
        if seen.at <= given_at:
            then = standing
        else:
            now = standing
    return then, now


def _graded(grade: int | None) -> str:
    return "" if grade is None else str(grade)


def _after_steroid(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """Since the first steroid that treats; not where tocilizumab was given since, which is what is asked for."""
    episode = now.episode(CRS)
    assert one.from_grade is not None  # it is in force
    if episode is None or episode.standing < one.from_grade:
        return
    mine = [drug for drug in now.drugs if drug.at >= episode.started_at and treats_syndrome(drug.indication)]
    first = next((drug for drug in mine if drug.is_steroid), None)
    if first is None or any(drug.is_tocilizumab and drug.at >= first.at for drug in mine):
        return
    then, latest = _then_and_now(episode, first.at)
    if not is_better(then=then, now=latest):
        yield DueCondition(
            code=one.code, kind=CRS, anchor=first.root, grade=episode.standing, observed_at=episode.sets[-1].at,
            due_at=first.at + _hours(one.hours), until=until,
            values={
                "given": first.at.isoformat(), "hours": _text(one.hours), "then": _graded(then),
                "now": _graded(latest),
            },
        )  # fmt: skip


# --- Tocilizumab ----------------------------------------------------------------------------------------------


def _refractory(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """What drugs.refractory advises after the newest dose that treats; a later dose asks anew."""
    for episode in now.episodes:
        doses = [
            drug
            for drug in now.drugs
            if drug.is_tocilizumab and counts_as_tried(drug.indication) and drug.at >= episode.started_at
        ]
        rules = [rule for rule in drugs.refractory if rule.code.value == one.code.value and rule.kind == episode.kind]
        if not doses or not rules or episode.standing == 0:
            continue
        last, (then, latest) = doses[-1], _then_and_now(episode, doses[-1].at)
        seen = RefractoryCourse(
            kind=episode.kind, doses=len(doses), last_at=last.at, grade_then=then, grade_now=latest,
            steroid_given=any(
                drug.is_steroid and treats_syndrome(drug.indication) and drug.at >= doses[0].at for drug in now.drugs
            ),
        )  # fmt: skip
        due = [last.at + _hours(rule.hours) for rule in rules if rule.code is RefractoryCode.MANAGE_AS_NEXT_GRADE]
        if advised(rules, seen, at=min(due, default=last.at)):
            yield DueCondition(
                code=one.code, kind=episode.kind, anchor=last.root, grade=episode.standing,
                observed_at=episode.sets[-1].at, due_at=min(due, default=None), until=until,
                values={
                    "given": last.at.isoformat(), "doses": str(len(doses)), "then": _graded(then),
                    "now": _graded(latest),
                } | ({"hours": _text(min(rule.hours for rule in rules if rule.hours is not None))} if due else {}),
            )  # fmt: skip


def _given(now: CourseNow) -> list[tuple[DrugGiven, TocilizumabDose]]:
    return [
        (drug, TocilizumabDose(at=drug.at, indication=drug.indication)) for drug in now.drugs if drug.is_tocilizumab
    ]


def _eligible(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """The next dose, after one in this episode, while the grade is one at which it is given."""
    episode, given, limits = now.episode(CRS), _given(now), drugs.tocilizumab
    if episode is None or limits is None or not given or episode.standing < ELIGIBLE_FROM_GRADE:
        return
    last = given[-1][0]
    left = standing([dose for _drug, dose in given], limits, at=last.at)
    if last.at >= episode.started_at and left.next_at is not None:
        yield DueCondition(
            code=one.code, kind=CRS, anchor=last.root, grade=episode.standing, observed_at=episode.sets[-1].at,
            due_at=left.next_at, until=until,
            values={
                "given": last.at.isoformat(), "from": left.next_at.isoformat(), "left": str(left.left_in_all),
                "now": _graded(_then_and_now(episode, last.at)[1]),
            },
        )  # fmt: skip


def _maximum(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """All doses are used up while a CRS is open."""
    episode, limits = now.episode(CRS), drugs.tocilizumab
    if episode is None or limits is None or episode.standing == 0:
        return
    counted = [drug for drug, dose in _given(now) if counts(dose, limits)]
    if len(counted) >= limits.in_all:
        last = counted[limits.in_all - 1]
        yield DueCondition(
            code=one.code, kind=CRS, anchor=last.root, grade=episode.standing, observed_at=last.at, until=until,
            values={"given": last.at.isoformat(), "doses": str(len(counted)), "most": str(limits.in_all)},
        )  # fmt: skip


# --- Mind -----------------------------------------------------------------------------------------------------


def _first_of_run(sets: Sequence[NeuroSet], shows: Sequence[bool]) -> NeuroSet | None:
    """The set that began the unbroken run of sets that show it up to the newest. None: the newest does not."""
    run = [seen for seen, shown in takewhile(lambda pair: pair[1], zip(reversed(sets), reversed(shows), strict=True))]
    return run[-1] if run else None


def _alarming(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """Whatever its cause: that an investigator holds something else responsible is no reason to leave it untold."""
    sets = [seen for seen in now.neuro if seen.alarming or seen.looked]
    first = _first_of_run(sets, [bool(seen.alarming) for seen in sets])
    if first is not None:
        yield DueCondition(
            # without a grade it is as urgent as a provisional episode
            code=one.code, kind=ICANS, anchor=first.root, grade=now.icans_standing or INDETERMINATE,
            observed_at=sets[-1].at, until=until,
            values={"since": first.at.isoformat(), "what": ", ".join(sets[-1].alarming)},
        )  # fmt: skip


def _ice_drop(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    if now.ice_baseline is None:
        return
    assert one.points is not None  # it is in force
    scored = [(seen, seen.ice) for seen in now.neuro if seen.ice is not None]
    sets = [seen for seen, _ice in scored]
    first = _first_of_run(sets, [now.ice_baseline - ice >= one.points for _seen, ice in scored])
    if first is not None:
        yield DueCondition(
            code=one.code, kind=ICANS, anchor=first.root, grade=now.icans_standing or INDETERMINATE,
            observed_at=sets[-1].at, until=until,
            values={
                "since": first.at.isoformat(), "ice": str(scored[-1][1]), "baseline": str(now.ice_baseline),
                "points": str(one.points),
            },
        )  # fmt: skip


# --- Observation ----------------------------------------------------------------------------------------------


def _overdue(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    """Once for each time nobody looked, however many slots go by until somebody does."""
    assert one.minutes is not None  # it is in force
    for observation in () if now.running is None else now.running.due:
        ends_at = now.running.window_ends_at if now.running is not None else None
        root = now.running.dose_root if now.running is not None else ""
        due = observation.due_at.isoformat()
        yield DueCondition(
            code=one.code, kind=observation.kind, anchor=str(uuid5(NAMESPACE_URL, f"{root} {due}")), grade=0,
            observed_at=observation.due_at, due_at=observation.late_from + one.minutes * MINUTE,
            # the last slot may be looked at until its own time is over
            until=None if ends_at is None else max(ends_at, observation.over_at),
            values={"due": due},
        )  # fmt: skip


def _ending(one: Condition, now: CourseNow, drugs: DrugRules, until: datetime | None) -> Iterator[DueCondition]:
    running = now.running
    if running is None or running.window_ends_at is None or not running.missed:
        return
    due_at = max(running.window_ends_at - _hours(one.hours), min(running.missed))
    if due_at < running.window_ends_at:
        missed = sum(over <= due_at for over in running.missed)
        yield DueCondition(
            code=one.code, kind="window", anchor=running.dose_root, grade=0, observed_at=due_at, due_at=due_at,
            until=running.window_ends_at,
            values={"ends": running.window_ends_at.isoformat(), "missed": str(missed)},
        )  # fmt: skip


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


_DUE_BY_CODE = {
    ConditionCode.FEVER_PERSISTING: _fever,
    ConditionCode.NO_IMPROVEMENT_AFTER_STEROID: _after_steroid,
    ConditionCode.STEROID_AFTER_ANTI_IL6: _refractory,
    ConditionCode.MANAGE_AS_NEXT_GRADE: _refractory,
    ConditionCode.SEIZURE_OR_POSTURING: _alarming,
    ConditionCode.ICE_DROP: _ice_drop,
    ConditionCode.OBSERVATION_OVERDUE: _overdue,
    ConditionCode.WINDOW_ENDING: _ending,
    ConditionCode.TOCILIZUMAB_ELIGIBLE: _eligible,
    ConditionCode.TOCILIZUMAB_MAXIMUM: _maximum,
}
