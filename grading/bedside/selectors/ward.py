"""The ward board: one row for each participant whose observation goes on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, OuterRef, Q, QuerySet, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.database.question import OneOf, ReaderQuestion
from grading.course.watched import watched_in_scope
from grading.models import CurrentState, DosePeriod, VitalSigns
from grading.rules.alerting.lifecycle import WAITING
from regimens.models import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardGrade:
    """A grade as a screen shows it. `grade` -1: cannot be told, between `at_least` and `at_most`."""

    kind: str
    grade: int
    at_least: int
    at_most: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSetDue:
    """When the next set is due. `late_by` is negative while there is time. None of both: the regimen says nothing."""

    at: datetime | None = None
    late_by: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One participant on the board. None is "nobody looked" or "not known", never "normal"."""

    participant: Participant
    ward: str
    bed: str
    step_label: str | None
    dose_number: int | None
    dose_at: datetime | None
    since_dose: timedelta | None
    in_window: bool
    window_ends_at: datetime | None
    window_left: timedelta | None
    vitals: dict[str, Any]
    vitals_at: datetime | None
    vitals_corrected: UUID | None = None  # its root, where it is not the first version
    crs: BoardGrade | None
    crs_episode_since: datetime | None
    crs_flags: list[str]
    icans: BoardGrade | None
    icans_episode_since: datetime | None
    vitals_due: NextSetDue
    neuro_due: NextSetDue
    open_alerts: int


# Of the period's many columns a board reads the end of its window.
_UNREAD = [
    f"current_state__period__{one.name}"
    for one in DosePeriod._meta.concrete_fields
    if one.name not in ("dose", "window_ends_at")
]


def ward_board(user: User, *, at: datetime, of: Collection[int] | None = None) -> list[BoardRow]:
    """Everybody this user may see on a ward, by bed; `of`: of these participants. As many queries for one as for all:
    the site, the study and the plan, which many share, are read once and not joined to each.
    """
    participants = _BOARD.all(user, of=of)
    return [
        board_row(one, at=at, open_alerts=one.open_alerts, corrected_root=one.corrected_root)  # type: ignore[attr-defined]
        for one in participants
    ]


def _on_board(user: User, of: list[int] | None) -> QuerySet[Participant]:
    mine = Participant.objects.filter(watched_in_scope(user))
    open_alerts = Count("alerts", filter=Q(alerts__state__in=[state.value for state in WAITING]))
    corrected = Subquery(
        VitalSigns.objects.standing()
        .filter(participant=OuterRef("pk"), observed_at=OuterRef("current_state__vitals_at"), supersedes__isnull=False)
        .values("root")[:1]
    )
    return (
        (mine if of is None else mine.filter(OneOf("pk", of, BigIntegerField())))
        .filter(current_state__ended="")
        .select_related("current_state__period")
        .prefetch_related("site", "study", "regimen", "current_state__step")
        .defer("current_state__fold", *_UNREAD)  # the fold is long, and only the next fact reads it
        .annotate(open_alerts=open_alerts, corrected_root=corrected)
        .order_by("site__code", "current_state__ward", "current_state__bed", "number")
    )


_BOARD = ReaderQuestion[Participant](_on_board)


def board_row(
    participant: Participant, *, at: datetime, open_alerts: int = 0, corrected_root: UUID | None = None
) -> BoardRow:
    """The row of one participant whose `current_state`, its step and its period are loaded.

    `corrected_root`: of the newest set, where it is not its first version.
    """
    state: CurrentState = participant.current_state
    step = state.step
    ends = None if state.period is None else state.period.window_ends_at
    return BoardRow(
        participant=participant,
        ward=state.ward,
        bed=state.bed,
        step_label=step.label if step else None,
        dose_number=state.dose_number,
        dose_at=state.dose_at,
        since_dose=None if state.dose_at is None else at - state.dose_at,
        in_window=state.dose_at is not None and (ends is None or at < ends),
        window_ends_at=ends,
        window_left=None if ends is None else ends - at,
        vitals=state.vitals,
        vitals_at=state.vitals_at,
        vitals_corrected=corrected_root,
        crs=_shown("crs", state, state.vitals_at),
        crs_episode_since=state.crs_episode_since,
        crs_flags=state.crs_flags,
        icans=_shown("icans", state, state.neuro_at),
        icans_episode_since=state.icans_episode_since,
        vitals_due=_due(state.vitals_due_at, at=at),
        neuro_due=_due(state.neuro_due_at, at=at),
        open_alerts=open_alerts,
    )


def _shown(kind: str, state: CurrentState, seen_at: datetime | None) -> BoardGrade | None:
    grade = getattr(state, f"{kind}_grade")
    if grade is None or seen_at is None:
        return None
    return BoardGrade(
        kind=kind,
        grade=grade,
        at_least=getattr(state, f"{kind}_at_least"),
        at_most=getattr(state, f"{kind}_at_most"),
        at=seen_at,
    )


def _due(due_at: datetime | None, *, at: datetime) -> NextSetDue:
    """The first slot of the observation plan after the last look, over or not: kept, as it does not depend on now."""
    return NextSetDue() if due_at is None else NextSetDue(at=due_at, late_by=at - due_at)
