"""What a downtime sheet is made of: of everybody in bed or in a window, whoever asks. For the maker, not for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from grading.alerting.selectors.alerts import by_urgency
from grading.bedside.selectors.explained import Newest, newest_of
from grading.bedside.selectors.ward import BoardRow, board_row
from grading.course.record.plans import plans_of_period
from grading.models import Alert, AlertPolicy, DosePeriod, NeuroAssessment, PhoneTree, VitalSigns
from grading.policies.selectors import policy_in_force
from grading.rules.alerting.lifecycle import STANDING
from grading.rules.course.slots import TIGHTENED, read
from regimens.models import Participant
from regimens.rules.schedule import Kind, slots

SETS, NEURO = 4, 3  # the newest, as on record
AHEAD = timedelta(hours=24)  # of the plan
OVERDUE = timedelta(days=1)  # how long what is due is told as such


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """One participant as of an instant. `due`: what is planned in the next 24 h, and the look that is overdue.

    `policy` None: the study has none in force.
    """

    row: BoardRow
    newest: Newest
    vitals: Sequence[VitalSigns]
    neuro: Sequence[NeuroAssessment]
    alerts: Sequence[Alert]
    due: Sequence[tuple[datetime, Kind]]
    policy: AlertPolicy | None
    phone_trees: Sequence[PhoneTree]


def in_care() -> QuerySet[Participant]:
    """Under observation: a sheet is made of who has a bed, or is in a window."""
    related = ("site", "study", "regimen", "current_state__step", "current_state__period")
    return Participant.objects.filter(current_state__ended="").select_related(*related)


def is_in_care(row: BoardRow) -> bool:
    return bool(row.bed) or row.in_window


def facts_of(participant: Participant, *, at: datetime) -> SheetFacts:
    """Of a participant of `in_care`."""
    row = board_row(participant, at=at)
    mine = {"participant": participant}
    alerts = Alert.objects.filter(**mine, state__in=[state.value for state in STANDING])
    trees = PhoneTree.objects.filter(study=participant.study_id)
    return SheetFacts(
        row=row,
        newest=newest_of([row]),
        vitals=VitalSigns.objects.standing().filter(**mine).order_by("-observed_at")[:SETS],
        neuro=NeuroAssessment.objects.standing().filter(**mine).defer("sentence").order_by("-observed_at")[:NEURO],
        alerts=by_urgency(alerts),
        due=_due(row, at=at),
        policy=policy_in_force(participant.study, at=at),
        phone_trees=[tree for tree in trees.order_by("-site_id") if tree.site_id in (None, participant.site_id)],
    )


def _due(row: BoardRow, *, at: datetime) -> list[tuple[datetime, Kind]]:
    """Oldest first: the first look that nobody took yet, of each kind, and every planned one of the hours after."""
    state = row.participant.current_state
    if state.period_id is None:
        return []
    period = DosePeriod.objects.select_related("dose", "step__regimen").get(pk=state.period_id)
    plans = plans_of_period(period)
    due: list[tuple[datetime, Kind]] = []
    for kind, first in ((Kind.VITALS, state.vitals_due_at), (Kind.NEURO, state.neuro_due_at)):
        plan = plans.of(kind)
        if first is None or plan is None:
            continue
        if at - OVERDUE < first <= at:
            due.append((first, kind))
        for slot in slots(plan, read(period.slot_sets, TIGHTENED) if plan.tiers else ()):
            if slot.due_at > at + AHEAD:
                break
            if slot.due_at > at and slot.due_at >= first:
                due.append((slot.due_at, kind))
    return sorted(due)
