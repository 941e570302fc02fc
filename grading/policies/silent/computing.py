"""What a silent run would have said, computed beside all saves: from the facts and the real alerts, again and again.

It reads in transactions in which the database refuses every write, and writes rows of SilentCourse alone: it cannot
raise an alert or send a message. A save knows nothing of it: how a record stood is compared by a mark, so that what
committed late is found as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.models import (
    Alert,
    AlertState,
    Escalation,
    NeuroAssessment,
    SilentCourse,
    SilentRun,
    Treatment,
    VitalSigns,
)
from grading.policies.courses import course_of
from grading.policies.silent.kept import SilentContent, as_json
from grading.policies.silent.services import let_fall_out
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.policy.replay import Rules, read_rules
from grading.rules.alerting.policy.silent import RealAlert, SilentRules, calls_of, compared_alerts, next_due
from grading.rules.alerting.policy.silent_runs import FellOut
from regimens.facts import Fact
from regimens.models import Dose, Participant
from regimens.selectors import participants_for

BATCH = 100  # courses of a run at one tick
NOT_COMPUTED = (FellOut.EDITED, FellOut.UNREADABLE)
StepsOf = Callable[[Participant], Sequence[PlannedEscalation]]
SHOWING: tuple[type[Fact], ...] = (VitalSigns, NeuroAssessment, Treatment, Dose)  # what an alert rests on


@dataclass(frozen=True, slots=True)
class DueCourse:
    participant: int
    mark: str


def unfinished_runs(*, at: datetime) -> list[SilentRun]:
    """Those that run, and those that ended since what they would have said was computed.

    One that cannot go on ends here. What does not say any more what it said, or cannot be read, is computed no more.
    """
    left = Q(ended_at=None) | Q(courses=None) | Q(courses__computed_at__lt=F("ended_at"))
    runs = SilentRun.objects.filter(left).exclude(fell_out__in=[why.value for why in NOT_COMPUTED]).distinct()
    there = list(runs.select_related("study", "policy", "against").order_by("pk"))
    for run in there:
        if run.ended_at is None:
            let_fall_out(run, at=at)
    return [run for run in there if run.fell_out not in NOT_COMPUTED]


def due_courses(run: SilentRun, *, at: datetime) -> list[DueCourse]:
    """Whose record, alerts or calls changed, or to whom something comes due by itself; first who never was computed."""
    there = {row.participant_id: row for row in SilentCourse.objects.filter(run=run)}
    due = [DueCourse(key, mark) for key, mark in _marks(run) if _is_due(there.get(key), mark, run, at=at)]
    never = [one for one in due if one.participant not in there]
    before = [one for one in due if one.participant in there]
    return never + sorted(before, key=lambda one: there[one.participant].computed_at)


def waiting_for(user: User, run: SilentRun, *, at: datetime) -> int:
    """Of how many participants whom the user sees something changed that is not in what was computed."""
    here = set(participants_for(user, Act.SEE_WARD).filter(study=run.study_id).values_list("pk", flat=True))
    return sum(one.participant in here for one in due_courses(run, at=at))


def _is_due(row: SilentCourse | None, mark: str, run: SilentRun, *, at: datetime) -> bool:
    if row is None:
        return True
    if run.ended_at is not None:
        return row.computed_at < run.ended_at
    return row.mark != mark or (row.next_at is not None and row.next_at <= at)


def _marks(run: SilentRun) -> Iterator[tuple[int, str]]:
    """How each record stands: not by "newer than", which misses what was on its way and commits late."""
    mine = Alert.objects.filter(participant=OuterRef("pk")).order_by().values("participant")
    people = Participant.objects.filter(study=run.study_id, current_state__isnull=False).order_by("pk")
    rows = people.annotate(
        moves=Subquery(mine.annotate(n=Count("events")).values("n")),
        calls=Subquery(mine.annotate(n=Count("escalations")).values("n")),
    ).values_list("pk", "current_state__changed_at", "moves", "calls")
    for key, changed_at, moves, calls in rows:
        yield key, f"{changed_at.isoformat()} {moves or 0} {calls or 0}"


def compute(run: SilentRun, due: DueCourse, *, at: datetime, steps_of: StepsOf) -> None:
    """Read where nothing can be written, then keep the one row."""
    until = at if run.ended_at is None else min(at, run.ended_at)
    with transaction.atomic():
        refuse_writes()
        content, next_at = _computed(run, due.participant, steps_of=steps_of, until=until)
    SilentCourse.objects.update_or_create(
        run=run, participant_id=due.participant,
        defaults={"computed_at": at, "mark": due.mark, "next_at": next_at, "content": as_json(content)},
    )  # fmt: skip


def refuse_writes() -> None:
    """From here to the end of this transaction, or of the savepoint, the database refuses every write."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")


def _computed(
    run: SilentRun, participant_id: int, *, steps_of: StepsOf, until: datetime
) -> tuple[SilentContent, datetime | None]:
    participant = Participant.objects.select_related("study", "site", "regimen").get(pk=participant_id)
    course = course_of(participant, with_looks=True)
    in_force = Rules() if run.against is None else read_rules(run.against.data)
    rules = SilentRules(
        in_force=in_force, silent=read_rules(run.policy.data), steps=tuple(steps_of(participant))
    )  # fmt: skip
    real = list(_real_alerts(participant, until=until))
    lines = compared_alerts(course, real, rules, entered=_entered(participant), since=run.begun_at, until=until)
    return SilentContent(watched=course.watched, lines=lines), next_due(course, rules, after=until)


def _real_alerts(participant: Participant, *, until: datetime) -> Iterator[RealAlert]:
    taken: dict[object, list[list[str]]] = {}
    steps = Escalation.objects.filter(alert__participant=participant, at__lte=until).order_by("at", "number")
    for alert, roles in steps.values_list("alert", "on_call_roles"):
        taken.setdefault(alert, []).append(roles)
    for one in Alert.objects.filter(participant=participant, raised_at__lte=until).order_by("raised_at", "pk"):
        yield RealAlert(
            id=str(one.pk), kind=one.kind, root=str(one.fact_root), grade=one.grade, condition=one.condition,
            codes=tuple(one.thresholds), observed_at=one.observed_at, raised_at=one.raised_at,
            withdrawn=one.state == AlertState.WITHDRAWN, calls=calls_of(taken.get(one.pk, [])),
        )  # fmt: skip


def _entered(participant: Participant) -> dict[str, datetime]:
    """When each fact was first taken in, by its root."""
    return {
        str(root): recorded_at
        for model in SHOWING
        for root, recorded_at in model._default_manager.filter(participant=participant, id=F("root"))
        .order_by()
        .values_list("root", "recorded_at")
    }
