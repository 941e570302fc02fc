"""In which order the board shows its places: by bed, or what is most urgent first; one's own before the others."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from crsmonitor.accounts.models import User
from grading.bedside.selectors.ward import BoardGrade, BoardRow
from grading.models import Alert, NeuroAssessment, VitalSigns
from grading.rules.alerting.lifecycle import STANDING

# Whom somebody looks after is on no record: it is taken from what she did in a shift's time (docs/conventions.md).
SHIFT = timedelta(hours=12)


class BoardOrder(StrEnum):
    BED = "bed"
    URGENCY = "urgency"


def in_order(rows: Sequence[BoardRow], order: BoardOrder, *, own: frozenset[int]) -> list[BoardRow]:
    """`rows` by bed; `own`: ids of participants that come first."""
    if order is BoardOrder.URGENCY:
        rows = sorted(rows, key=_urgency)
    return sorted(rows, key=lambda row: row.participant.pk not in own)


def _urgency(row: BoardRow) -> tuple[bool, int, float]:
    """An alert that waits, then the highest grade that is possible, then what is due the longest."""
    late_s = [due.late_by.total_seconds() for due in (row.vitals_due, row.neuro_due) if due.late_by is not None]
    return row.open_alerts == 0, -max(_possible(row.crs), _possible(row.icans)), -max(late_s, default=-math.inf)


def _possible(grade: BoardGrade | None) -> int:
    """Nobody looked: not known, so before everybody who was seen to be well."""
    return 1 if grade is None else grade.at_most


def own_participants(user: User, *, at: datetime) -> frozenset[int]:
    """Whom she recorded a set or a neuro assessment of within SHIFT, or whose standing alert she answers."""
    mine = set(Alert.objects.filter(responder=user, state__in=STANDING).values_list("participant", flat=True))
    for facts in (VitalSigns, NeuroAssessment):
        recorded = facts.objects.filter(recorded_by=user, recorded_at__gt=at - SHIFT, recorded_at__lte=at)
        mine.update(recorded.values_list("participant", flat=True))
    return frozenset(mine)
