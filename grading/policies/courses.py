"""Recorded courses, as a changed threshold policy is tried on them. Reads only."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.course.derive import parameters_of
from grading.course.now import drug_given, neuro_set
from grading.course.record.facts import Record, events_of, load
from grading.course.record.plans import plans_of_period
from grading.models import AlertPolicy, DosePeriod, NeuroAssessment, VitalSigns
from grading.policies.selectors import policy_in_force
from grading.rules.alerting.burden import Watched
from grading.rules.alerting.policy.looks import PlannedLooks
from grading.rules.alerting.policy.replay import Comparison, RecordedCourse, Rules, compare, read_rules
from grading.rules.alerting.policy.replayed import ReplayFacts, replayed
from grading.rules.course.slots import TIGHTENED, read
from regimens.models import DoseStatus, Measured, Participant, Study
from regimens.rules.schedule import Kind
from regimens.selectors import participants_for

MOST_SETS = 3000  # of one page; more are a second's work and longer, and the command's


def replayed_for(user: User, draft: AlertPolicy, *, at: datetime) -> Comparison | None:
    """The version beside the one in force, over the courses whose ward the user sees. None: too many sets."""
    here = participants_for(user, Act.SEE_WARD).filter(study=draft.study)
    if sets_of(here) > MOST_SETS:
        return None
    before = policy_in_force(draft.study, at=at)
    courses = [course_of(one) for one in here.select_related("site", "regimen").order_by("number")]
    return compare(courses, read_rules(before.data) if before else Rules(), read_rules(draft.data), until=at)


def sets_of(participants: QuerySet[Participant]) -> int:
    models = (VitalSigns, NeuroAssessment)
    return sum(model.objects.filter(participant__in=participants).count() for model in models)


def everybodys_courses(study: Study) -> Iterator[RecordedCourse]:
    """Those of a whole study, for a command that an operator runs."""
    for one in Participant.objects.filter(study=study).select_related("site", "regimen").order_by("number"):
        yield course_of(one)


def course_of(participant: Participant, *, with_looks: bool = False) -> RecordedCourse:
    """From the standing facts, whenever they were entered: what the bedside would have told in time.

    `with_looks`: with what was due at each moment.
    """
    record = load(participant)
    given = DosePeriod.objects.filter(participant=participant).exclude(dose__status=DoseStatus.NOT_GIVEN)
    periods = list(given.select_related("dose", "step__regimen"))
    planned = {str(one.dose.root): _planned(one) for one in periods} if with_looks else {}
    rises, moments = replayed(_recorded(record, periods, planned), parameters_of(participant))
    watched = None
    if periods:
        ends = [one.ended_at for one in periods]
        last = None if None in ends else max(end for end in ends if end is not None)
        watched = Watched(start=min(one.started_at for one in periods), end=last)
    return RecordedCourse(
        participant=participant.number, ward=participant.site.code, zone=ZoneInfo(participant.site.time_zone),
        watched=watched, rises=rises, moments=moments, sets=len(record.vitals) + len(record.neuro),
    )  # fmt: skip


def _planned(period: DosePeriod) -> PlannedLooks:
    return PlannedLooks(
        plans=plans_of_period(period), tightened=tuple(read(period.slot_sets, TIGHTENED)),
        excused={kind: read(period.excused, kind) for kind in Kind},
    )  # fmt: skip


def _recorded(record: Record, periods: list[DosePeriod], planned: dict[str, PlannedLooks]) -> ReplayFacts:
    return ReplayFacts(
        events=events_of(record),
        neuro={str(one.pk): neuro_set(one) for one in record.neuro},
        drugs=[drug_given(one) for one in record.treatments if one.acts_as in ("anticytokine", "corticosteroid")],
        baselines=[
            (one.observed_at, int(one.value))
            for one in record.measurements
            if one.kind == Measured.BASELINE_ICE and one.value is not None
        ],
        windows={str(one.dose.root): one.window_ends_at for one in periods},
        planned=planned,
        ended_at=record.dispositions[0].observed_at if record.dispositions else None,
    )
