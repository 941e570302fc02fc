"""What whoever takes over reads first of each participant: what changed since, what is due, what waits."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crsmonitor.accounts.models import User
from grading.alerting.selectors.alerts import alerts_for
from grading.bedside.selectors.board_order import SHIFT
from grading.bedside.selectors.ward import BoardRow
from grading.course.record import readings
from grading.models import Alert, Grade, Treatment, TreatmentEnd, VitalSigns
from grading.models.on_call import RotaShift
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.alerting.on_call.rota import OnCallRole
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.handover import GradeCourse, GradeSeen, grade_course
from regimens.models import Dose

KINDS = (CRS, ICANS)
# How far back the value before the newest is looked for: a set every 12 h is the rarest of the plans.
VALUES_WITHIN = timedelta(hours=36)
OF_THE_WARD = (OnCallRole.ASSIGNED_NURSE.value, OnCallRole.CHARGE_NURSE.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One participant. `sets`: the newest first. `treatments`, `doses`: since; `running`: whenever they began."""

    row: BoardRow
    grades: Mapping[str, GradeCourse]
    sets: Sequence[VitalSigns]
    sets_since: int
    treatments: Sequence[Treatment]
    running: Sequence[Treatment]
    doses: Sequence[Dose]
    alerts: Sequence[Alert]


def shift_began(rows: Iterable[BoardRow], *, at: datetime) -> datetime:
    """When the shift that is running began on the rota of these sites; where it says nothing, a shift's time ago."""
    sites = {row.participant.site_id for row in rows}
    running = RotaShift.objects.filter(
        site__in=sites, on_call_role__in=OF_THE_WARD, called_off=False, starts_at__lte=at, starts_at__gt=at - SHIFT,
    )  # fmt: skip
    newest = running.order_by("-starts_at").values_list("starts_at", flat=True).first()
    return newest or at - SHIFT


def handovers(user: User, rows: Sequence[BoardRow], *, since: datetime, at: datetime) -> list[Handover]:
    """For rows that this user was given (`ward_board`, `bedside`). As many queries for one as for sixty."""
    ids = [row.participant.pk for row in rows]
    grades = _grades(ids, since=since, at=at)
    sets = _by_participant(_standing(VitalSigns, ids, at=at).filter(observed_at__gt=at - VALUES_WITHIN))
    treatments = _by_participant(_standing(Treatment, ids, at=at))
    running = _by_participant(_running([one for some in treatments.values() for one in some], since=since))
    doses = _by_participant(_standing(Dose, ids, at=at).filter(observed_at__gt=since).select_related("step"))
    standing = alerts_for(user).filter(participant__in=ids, state__in=[state.value for state in STANDING])
    alerts = _by_participant(standing)
    return [
        Handover(
            row=row,
            grades={
                kind: grade_course(grades[row.participant.pk, kind], since=since, until=at) for kind in KINDS
            },
            sets=sets[row.participant.pk],
            sets_since=sum(one.observed_at > since for one in sets[row.participant.pk]),
            treatments=[one for one in treatments[row.participant.pk] if one.observed_at > since],
            running=running[row.participant.pk],
            doses=doses[row.participant.pk],
            alerts=alerts[row.participant.pk],
        )
        for row in rows
    ]  # fmt: skip


def _running(treatments: Sequence[Treatment], *, since: datetime) -> list[Treatment]:
    """Those from before that run until they are stopped, and that nobody has stopped."""
    begun = [one for one in treatments if one.observed_at <= since and readings.support(one) is not None]
    stops = TreatmentEnd.objects.standing().filter(treatment__root__in=[one.root for one in begun])
    stopped = set(stops.values_list("treatment__root", flat=True)) if begun else set()
    return [one for one in begun if one.root not in stopped]


def _standing(model: type[Any], ids: Sequence[int], *, at: datetime) -> Any:
    return model.objects.standing().filter(participant__in=ids, observed_at__lte=at).order_by("-observed_at")


def _by_participant(facts: Iterable[Any]) -> defaultdict[int, list[Any]]:
    groups: defaultdict[int, list[Any]] = defaultdict(list)
    for fact in facts:
        groups[fact.participant_id].append(fact)
    return groups


def _grades(ids: Sequence[int], *, since: datetime, at: datetime) -> defaultdict[tuple[int, str], list[GradeSeen]]:
    """Those since, and of each kind the last before."""
    mine = Grade.objects.filter(participant__in=ids)
    before = mine.filter(observed_at__lte=since).order_by("participant", "kind", "-observed_at")
    seen: defaultdict[tuple[int, str], list[GradeSeen]] = defaultdict(list)
    for one in [*before.distinct("participant", "kind"), *mine.filter(observed_at__gt=since, observed_at__lte=at)]:
        seen[one.participant_id, one.kind].append(
            GradeSeen(at=one.observed_at, grade=one.grade, at_least=one.at_least, at_most=one.at_most)
        )
    return seen
