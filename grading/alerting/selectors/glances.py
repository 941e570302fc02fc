"""Alerts at a glance: whether the card of each is as it was drawn, in one query and without reading the record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, Func, QuerySet, TextField, UUIDField

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.database.question import OneOf, Question, ReaderQuestion
from grading.alerting.selectors.alerts import alerts_for
from grading.models import Alert, AlertAction, AlertPolicy, AlertState
from grading.rules.alerting.lifecycle import WAITING
from regimens.models import Participant
from regimens.selectors import in_reach


class RowVersion(Func):
    """Another one after each write of the row in which the column stands: the transaction that wrote it."""

    output_field = TextField()

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        column: Any = self.source_expressions[0]
        return f"{compiler.quote_name_unless_alias(column.alias)}.xmin::text", []


@dataclass(frozen=True, slots=True)
class Glance:
    """`made_of`: everything that its card says depends on it alone, the reader's language and the time of reading."""

    pk: UUID
    participant_id: int
    state: str
    observed_at: datetime
    unreviewed: bool
    made_of: tuple[Any, ...]

    @property
    def is_open(self) -> bool:
        return AlertState(self.state) in WAITING


# A card is made of the alert, its participant with the site, and what is said of why the grade is so. That comes from
# the record, and every change of the record writes the current state; drugs hide a fever by the study's policies.
_OF_PARTICIPANT = {
    "participant_version": RowVersion(F("number")),
    "state_version": RowVersion(F("current_state__changed_at")),
    "state_at": F("current_state__changed_at"),  # a copy of the database may count transactions anew
}


_COLUMNS = ("pk", "participant", "state", "observed_at", "unreviewed_since", "acknowledged_by", "responder")


@cache
def _rows_up_to(most: int) -> ReaderQuestion[tuple[Any, ...]]:
    def ask(user: User) -> QuerySet[Alert, tuple[Any, ...]]:
        return alerts_for(user).annotate(version=RowVersion(F("state"))).values_list(*_COLUMNS, "version")[:most]

    return ReaderQuestion(ask)


def _told_of(user: User, participants: list[int]) -> QuerySet[Participant, tuple[Any, ...]]:
    answerable = ExpressionWrapper(in_reach(user, Act.ACKNOWLEDGE), output_field=BooleanField())
    shown = Participant.objects.filter(in_reach(user, Act.SEE_WARD), OneOf("pk", participants, BigIntegerField()))
    about_each = shown.annotate(**_OF_PARTICIPANT, answerable=answerable)
    return about_each.values_list("pk", "study_id", "site__time_zone", *_OF_PARTICIPANT, "answerable")


_PARTICIPANTS = ReaderQuestion[tuple[Any, ...]](_told_of)
_NAMES = Question[tuple[int, str]](
    lambda people: User.objects.filter(OneOf("pk", people, BigIntegerField())).values_list("pk", "username")
)


def glances_for(user: User, most: int) -> list[Glance]:
    """The alerts of `alerts_for`, in its order. Their participants are asked for once, after the list is cut."""
    rows = _rows_up_to(most).all(user)
    about_each = _PARTICIPANTS.all(user, participants={row[1] for row in rows})
    participants = {pk: (study, *about) for pk, study, *about in about_each}
    names: dict[int | None, str] = dict(_NAMES.all(people={one for row in rows for one in row[5:7] if one is not None}))
    policies = policies_of({study for study, *_ in participants.values()})
    actions = _actions_of([row[0] for row in rows if row[4] is not None])
    glances = []
    for pk, participant, state, seen_at, unreviewed, answered_by, responds, version in rows:
        if participant not in participants:
            continue  # she moved to another site meanwhile
        study, *about = participants[participant]
        made_of = (pk, version, names.get(answered_by), names.get(responds), *about, policies[study], actions[pk])
        glances.append(Glance(pk, participant, state, seen_at, unreviewed is not None, made_of))
    return glances


_POLICIES = Question[tuple[int, int, str]](
    lambda studies: AlertPolicy.objects.filter(
        OneOf("study", studies, BigIntegerField()), in_force_from__isnull=False
    ).order_by("pk").values_list("study", "pk", RowVersion(F("version")))
)  # fmt: skip
_ACTIONS = Question[tuple[Any, ...]](
    lambda alerts: AlertAction.objects.filter(OneOf("alert", alerts, UUIDField()))
    .order_by("pk").values_list("alert", "pk", "by__username")
)  # fmt: skip


def policies_of(studies: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """By study, the versions that were ever in force."""
    by_study: dict[int, tuple[Any, ...]] = defaultdict(tuple)
    for study, pk, version in _POLICIES.all(studies=set(studies)):
        by_study[study] += (pk, version)
    return by_study


def _actions_of(alerts: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """By alert that waits for review, what was done and the names of who did it."""
    by_alert: dict[UUID, tuple[Any, ...]] = defaultdict(tuple)
    for alert, *action in _ACTIONS.all(alerts=list(alerts)):
        by_alert[alert] += tuple(action)
    return by_alert
