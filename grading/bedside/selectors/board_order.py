"""In which order the board shows its places: by bed, or what is most urgent first; one's own before the others."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from crsmonitor.accounts.models import User
from grading.bedside.selectors.ward import BoardRow
from grading.models import Alert, NeuroAssessment, VitalSigns
from grading.rules.alerting.lifecycle import STANDING

# Whom somebody looks after is on no record: it is taken from what she did in a shift's time (docs/conventions.md).
SHIFT = timedelta(hours=12)
NOT_KNOWN = 1

Urgency = tuple[bool, int, float]


class BoardOrder(StrEnum):
    BED = "bed"
    URGENCY = "urgency"


def in_order(rows: Sequence[BoardRow], order: BoardOrder, *, own: frozenset[int]) -> list[BoardRow]:
    """`rows` by bed; `own`: ids of participants that come first."""
    if order is BoardOrder.URGENCY:
        rows = sorted(rows, key=_urgency)
    return sorted(rows, key=lambda row: row.participant.pk not in own)


def _urgency(row: BoardRow) -> Urgency:
    possible = (None if grade is None else grade.at_most for grade in (row.crs, row.icans))
    return urgency(row.open_alerts, possible, (row.vitals_due.at, row.neuro_due.at))


def urgency(open_alerts: int, possible: Iterable[int | None], due: Iterable[datetime | None]) -> Urgency:
    """The least is the first: an alert that waits, then the highest grade that is possible, then what is due the
    longest. None of a grade: nobody looked, so it is not known, and comes before everybody who was seen to be well.
    """
    first = min((when.timestamp() for when in due if when is not None), default=math.inf)
    return open_alerts == 0, -max(NOT_KNOWN if most is None else most for most in possible), first


def own_participants(user: User, *, at: datetime) -> frozenset[int]:
    """Whom she recorded a set or a neuro assessment of within SHIFT, or whose standing alert she answers."""
    mine = set(Alert.objects.filter(responder=user, state__in=STANDING).values_list("participant", flat=True))
    for facts in (VitalSigns, NeuroAssessment):
        recorded = facts.objects.filter(recorded_by=user, recorded_at__gt=at - SHIFT, recorded_at__lte=at)
        mine.update(recorded.values_list("participant", flat=True))
    return frozenset(mine)
