"""Alerts at a glance: whether the card of each is as it was drawn, in one query and without reading the record."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Func, TextField

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from grading.alerting.selectors.alerts import alerts_for
from grading.models import AlertAction, AlertPolicy, AlertState
from grading.rules.alerting.lifecycle import WAITING
from regimens.models import Participant, Site
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


def glances_for(user: User, most: int) -> list[Glance]:
    """The alerts of `alerts_for`, in its order. Their participants are asked for once, after the list is cut."""
    columns = ("pk", "participant", "state", "observed_at", "unreviewed_since", "acknowledged_by", "responder")
    rows = list(alerts_for(user).annotate(version=RowVersion(F("state"))).values_list(*columns, "version")[:most])
    participants = _participants_of(user, {row[1] for row in rows})
    names = _names_of({person for row in rows for person in row[5:7] if person is not None})
    policies = policies_of({study for study, *_ in participants.values()})
    actions = _actions_of([row[0] for row in rows if row[4] is not None])
    glances = []
    for pk, participant, state, seen_at, unreviewed, answered_by, responds, version in rows:
        study, *about = participants[participant]
        made_of = (pk, version, names.get(answered_by), names.get(responds), *about, policies[study], actions[pk])
        glances.append(Glance(pk, participant, state, seen_at, unreviewed is not None, made_of))
    return glances


def _participants_of(user: User, participants: Iterable[int]) -> dict[int, tuple[Any, ...]]:
    """By participant: the study, what a card says of her, and whether this user may answer."""
    answerable = ExpressionWrapper(in_reach(user, Act.ACKNOWLEDGE), output_field=BooleanField())
    shown = Participant.objects.filter(pk__in=participants).annotate(**_OF_PARTICIPANT, answerable=answerable)
    rows = list(shown.values_list("pk", "study_id", "site_id", *_OF_PARTICIPANT, "answerable"))
    zones = dict(Site.objects.filter(pk__in={row[2] for row in rows}).values_list("pk", "time_zone"))
    return {pk: (study, zones[site], *about) for pk, study, site, *about in rows}


def _names_of(people: Iterable[int]) -> dict[int | None, str]:
    return dict(User.objects.filter(pk__in=people).values_list("pk", "username")) if people else {}


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
