"""Alerts at a glance: whether the card of each is as it was drawn, in one query and without reading the record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, Func, OuterRef, TextField

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.alerting.selectors.alerts import alerts_for
from grading.models import AlertAction, AlertPolicy, AlertState
from grading.rules.alerting.lifecycle import WAITING
from regimens.selectors import participants_for


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
_MADE_OF = {
    "alert_version": RowVersion(F("state")),
    "participant_version": RowVersion(F("participant__number")),
    "state_version": RowVersion(F("participant__current_state__changed_at")),
    "state_at": F("participant__current_state__changed_at"),  # a copy of the database may count transactions anew
    "zone": F("participant__site__time_zone"),
    "answered_by": F("acknowledged_by__username"),
    "responds": F("responder__username"),
}


def glances_for(user: User, most: int) -> list[Glance]:
    """The alerts of `alerts_for`, in its order."""
    answerable = Exists(participants_for(user, Act.ACKNOWLEDGE).filter(pk=OuterRef("participant")))
    rows = list(
        alerts_for(user)
        .annotate(**_MADE_OF, answerable=answerable)
        .values_list(
            "pk", "participant_id", "state", "observed_at", "unreviewed_since", "participant__study_id",
            "answerable", *_MADE_OF,
        )[:most]
    )  # fmt: skip
    policies = policies_of({row[5] for row in rows})
    actions = _actions_of([row[0] for row in rows if row[4] is not None])
    return [
        Glance(pk, participant, state, seen_at, unreviewed is not None, (pk, *rest, policies[study], actions[pk]))
        for pk, participant, state, seen_at, unreviewed, study, *rest in rows
    ]


def policies_of(studies: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """By study, the versions that were ever in force."""
    by_study: dict[int, tuple[Any, ...]] = defaultdict(tuple)
    policies = AlertPolicy.objects.filter(study__in=studies, in_force_from__isnull=False).order_by("pk")
    for study, pk, version in policies.values_list("study", "pk", RowVersion(F("version"))):
        by_study[study] += (pk, version)
    return by_study


def _actions_of(alerts: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """By alert that waits for review, what was done and the names of who did it."""
    by_alert: dict[UUID, tuple[Any, ...]] = defaultdict(tuple)
    waiting = list(alerts)
    actions = AlertAction.objects.filter(alert__in=waiting).order_by("pk").values_list("alert", "pk", "by__username")
    for alert, *action in actions if waiting else ():
        by_alert[alert] += tuple(action)
    return by_alert
