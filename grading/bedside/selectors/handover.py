"""What whoever takes over reads first of each participant: what changed since, what is due, what waits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from crsmonitor.accounts.models import User
from grading.alerting.selectors.alerts import alerts_for
from grading.bedside.selectors.takeovers import HandoverStart
from grading.bedside.selectors.ward import BoardRow
from grading.course.record import readings
from grading.models import Alert, Grade, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.handover import GradeCourse, GradeSeen, grade_course
from regimens.facts import Fact
from regimens.models import Dose

KINDS = (CRS, ICANS)
# How far back the value before the newest is looked for: a set every 12 h is the rarest of the plans.
VALUES_WITHIN = timedelta(hours=36)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One participant. `sets`: the newest first. `treatments`, `doses`: since `start`; `running`: whenever they began.
    `entered_late`: of before, and entered or corrected since: whoever signed off before has not read it.
    """

    row: BoardRow
    start: HandoverStart
    grades: Mapping[str, GradeCourse]
    sets: Sequence[VitalSigns]
    sets_since: int
    treatments: Sequence[Treatment]
    running: Sequence[Treatment]
    doses: Sequence[Dose]
    entered_late: Sequence[Fact]
    alerts: Sequence[Alert]


def handovers(
    user: User, rows: Sequence[BoardRow], *, starts: Mapping[int, HandoverStart], at: datetime
) -> list[Handover]:
    """For rows that this user was given (`ward_board`, `bedside`). As many queries for one as for sixty."""
    ids = [row.participant.pk for row in rows]
    since = min((start.at for start in starts.values()), default=at)
    of_late = Q(recorded_at__gt=since)
    recent = Q(observed_at__gt=min(since, at - VALUES_WITHIN)) | of_late
    grades = _grades(ids, earliest=since, at=at)
    sets = _by_participant(_standing(VitalSigns, ids, at=at).filter(recent))
    neuro = _by_participant(_standing(NeuroAssessment, ids, at=at).filter(of_late).defer("sentence"))
    treatments = _by_participant(_standing(Treatment, ids, at=at))
    doses = _by_participant(_standing(Dose, ids, at=at).filter(recent).select_related("step"))
    stopped = _stopped([one for some in treatments.values() for one in some])
    standing = alerts_for(user).filter(participant__in=ids, state__in=[state.value for state in STANDING])
    alerts = _by_participant(standing)

    def handover(row: BoardRow) -> Handover:
        key = row.participant.pk
        start = starts[key]
        facts: list[Fact] = [*sets[key], *neuro[key], *treatments[key], *doses[key]]
        return Handover(
            row=row,
            start=start,
            grades={kind: grade_course(grades[key, kind], since=start.at, until=at) for kind in KINDS},
            sets=[one for one in sets[key] if one.observed_at > at - VALUES_WITHIN],
            sets_since=sum(one.observed_at > start.at for one in sets[key]),
            treatments=[one for one in treatments[key] if one.observed_at > start.at],
            running=_running(treatments[key], stopped, since=start.at),
            doses=[one for one in doses[key] if one.observed_at > start.at],
            entered_late=[one for one in facts if one.observed_at <= start.at < one.recorded_at],
            alerts=alerts[key],
        )

    return [handover(row) for row in rows]


def _stopped(treatments: Sequence[Treatment]) -> frozenset[object]:
    """The roots of those that run until they are stopped, and that somebody has stopped."""
    runs = [one.root for one in treatments if readings.support(one) is not None]
    stops = TreatmentEnd.objects.standing().filter(treatment__root__in=runs)
    return frozenset(stops.values_list("treatment__root", flat=True)) if runs else frozenset()


def _running(treatments: Sequence[Treatment], stopped: frozenset[object], *, since: datetime) -> list[Treatment]:
    """Those from before that run still."""
    begun = [one for one in treatments if one.observed_at <= since and readings.support(one) is not None]
    return [one for one in begun if one.root not in stopped]


def _standing(model: type[Any], ids: Sequence[int], *, at: datetime) -> Any:
    return model.objects.standing().filter(participant__in=ids, observed_at__lte=at).order_by("-observed_at")


def _by_participant(facts: Iterable[Any]) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for fact in facts:
        groups[fact.participant_id].append(fact)
    return groups


def _grades(ids: Sequence[int], *, earliest: datetime, at: datetime) -> defaultdict[tuple[int, str], list[GradeSeen]]:
    """Those since the earliest start, and of each kind the last before it: the newest before each own is among them."""
    mine = Grade.objects.filter(participant__in=ids)
    before = mine.filter(observed_at__lte=earliest).order_by("participant", "kind", "-observed_at")
    seen: defaultdict[tuple[int, str], list[GradeSeen]] = defaultdict(list)
    for one in [*before.distinct("participant", "kind"), *mine.filter(observed_at__gt=earliest, observed_at__lte=at)]:
        seen[one.participant_id, one.kind].append(
            GradeSeen(at=one.observed_at, grade=one.grade, at_least=one.at_least, at_most=one.at_most)
        )
    return seen
