"""In which order the board shows its places: by bed, or what is most urgent first; one's own before the others. And the
board at a glance: whether the row of each is as it was drawn, without reading the record behind its grades.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Count, F, QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.database.question import OneOf, Question, ReaderQuestion
from grading.alerting.selectors.glances import RowVersion, policies_of
from grading.bedside.selectors.ward import BoardRow
from grading.course.watched import watched_in_scope
from grading.models import Alert, NeuroAssessment, VitalSigns
from grading.rules.alerting.lifecycle import STANDING, WAITING
from regimens.models import Participant

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


def _mine_of(model: type[VitalSigns] | type[NeuroAssessment]) -> ReaderQuestion[int]:
    def ask(user: User, since: datetime, at: datetime) -> QuerySet[Any, int]:
        recorded = model.objects.filter(recorded_by=user, recorded_at__gt=since, recorded_at__lte=at)
        return recorded.values_list("participant", flat=True)

    return ReaderQuestion(ask)


_ANSWERED = ReaderQuestion[int](
    lambda user: Alert.objects.filter(responder=user, state__in=STANDING).values_list("participant", flat=True)
)
_RECORDED = (_mine_of(VitalSigns), _mine_of(NeuroAssessment))


def own_participants(user: User, *, at: datetime) -> frozenset[int]:
    """Whom she recorded a set or a neuro assessment of within SHIFT, or whose standing alert she answers."""
    recorded = (pk for facts in _RECORDED for pk in facts.all(user, since=at - SHIFT, at=at))
    return frozenset((*_ANSWERED.all(user), *recorded))


# --- At a glance ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardGlance:
    """`made_of`: everything that its row says depends on it alone, the reader's language, the time of reading, and
    whether the board shows several sites.
    """

    participant_id: int
    site_id: int
    zone: str  # of the site
    window_ends_at: datetime | None
    vitals_due_at: datetime | None
    neuro_due_at: datetime | None
    urgency: Urgency
    made_of: tuple[Any, ...]


_SHOWN = (
    "pk", "site_id", "site__time_zone", "current_state__period__window_ends_at",
    "current_state__vitals_due_at", "current_state__neuro_due_at",
)  # fmt: skip
_GRADES = tuple(
    f"current_state__{name}" for name in ("crs_at_most", "vitals_at", "icans_at_most", "neuro_at")
)  # at most: None while there is no grade
# What the record says is written to the current state with every change of it; drugs hide a fever by the study's
# policies; codes, zones and steps are fixed once something was recorded. A copy of the database may count transactions
# anew, so the time of the change stands beside its version.
_MADE_OF = {
    "participant_version": RowVersion(F("number")),
    "state_version": RowVersion(F("current_state__changed_at")),
    "state_at": F("current_state__changed_at"),
}


def _observed(user: User) -> QuerySet[Participant, tuple[Any, ...]]:
    return (
        Participant.objects.filter(watched_in_scope(user), current_state__ended="")
        .annotate(**_MADE_OF)
        .order_by("site__code", "current_state__ward", "current_state__bed", "number")
        .values_list("study_id", *_SHOWN, *_GRADES, *_MADE_OF)
    )


def _waiting(participants: list[int]) -> QuerySet[Alert, tuple[int, int]]:
    """How many alerts of each wait for an answer. Nothing of those of whom none does."""
    waiting = Alert.objects.filter(
        OneOf("participant", participants, BigIntegerField()), state__in=[state.value for state in WAITING]
    )
    return waiting.order_by().values_list("participant").annotate(Count("pk"))


_ROWS = ReaderQuestion[tuple[Any, ...]](_observed)
_WAITING = Question[tuple[int, int]](_waiting)


def board_glances(user: User) -> list[BoardGlance]:
    """Everybody this user may see on a ward, by bed, as `ward.ward_board` has them. Three queries, however many."""
    rows = _ROWS.all(user)
    policies, waiting = policies_of({row[0] for row in rows}), dict(_WAITING.all(participants=[row[1] for row in rows]))
    return [_glance(*row[1:], waiting=waiting.get(row[1], 0), policies=policies[row[0]]) for row in rows]


def _glance(
    pk: int, site: int, zone: str, ends_at: datetime | None, vitals_due: datetime | None,
    neuro_due: datetime | None, crs: int | None, vitals_at: datetime | None, icans: int | None,
    neuro_at: datetime | None, *versions: Any, waiting: int, policies: tuple[Any, ...],
) -> BoardGlance:  # fmt: skip
    possible = (_seen(crs, vitals_at), _seen(icans, neuro_at))
    return BoardGlance(
        participant_id=pk, site_id=site, zone=zone, window_ends_at=ends_at, vitals_due_at=vitals_due,
        neuro_due_at=neuro_due, urgency=urgency(waiting, possible, (vitals_due, neuro_due)),
        made_of=(pk, waiting, ends_at, *versions, policies),
    )  # fmt: skip


def _seen(at_most: int | None, seen_at: datetime | None) -> int | None:
    """As `ward.board_row` shows a grade. None: nobody looked."""
    return None if seen_at is None else at_most
