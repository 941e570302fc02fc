"""Everything on record of one participant, read at one instant: rows as the database has them, and the audit chain."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.selectors import BrokenLink, broken_links
from crsmonitor.devices.models import Tablet
from grading.copies.tables import CopyTable, tables
from grading.models import AlertPolicy
from regimens.models import Membership, Participant, Regimen, Signature, Site, Step
from regimens.selectors import zones_of

Row = Mapping[str, Any]
_EVENTS = "SELECT to_jsonb(e)::text FROM audit_event e WHERE e.subject = %s ORDER BY e.seq"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonNamed:
    """Somebody whom the record names. `roles`: in the study, now or before."""

    name: str
    username: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeRecord:
    """`rows`: by table, in the order of the copy; numbers with a point are texts, as they are stored.

    `broken`: where the audit chain does not hold. `names`: table -> key -> what a row that is referred to is called.
    `zone`: the clock of the site where the participant was at an instant.
    """

    participant: Participant
    cut: datetime
    rows: Mapping[CopyTable, list[Row]]
    signatures: list[Signature]
    chain: str
    events: list[Row]
    broken: list[BrokenLink]
    people: Mapping[int, PersonNamed]
    names: Mapping[str, Mapping[Any, str]]
    zone: Callable[[datetime], ZoneInfo]

    @property
    def chain_end(self) -> tuple[int, str]:
        last = self.events[-1]
        return last["seq"], last["hash"]


def record_of(participant: Participant, *, at: datetime) -> WholeRecord:
    """As it is on record at `at`, which is now."""
    chain = f"participant:{participant.pk}"
    with _one_instant():
        participant = Participant.objects.select_related("study", "site", "regimen").get(pk=participant.pk)
        rows = {table: _rows(table.rows_sql(), participant.pk) for table in tables()}
        signatures = Signature.objects.filter(participant=participant).select_related("by", "void__by")
        return WholeRecord(
            participant=participant, cut=at, rows=rows, signatures=list(signatures.order_by("at", "pk")), chain=chain,
            events=_rows(_EVENTS, chain), broken=broken_links([chain]), people=_people(participant, rows),
            names=_names(participant), zone=zones_of(participant),
        )  # fmt: skip


@contextmanager
def _one_instant() -> Iterator[None]:
    """Every read sees the same; where somebody else's transaction is open (a test's), what it sees."""
    with transaction.atomic():
        if len(connection.savepoint_ids) == 0:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _rows(statement: str, key: int | str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [key])
        return [json.loads(row, parse_float=str) for (row,) in cursor.fetchall()]


def _people(participant: Participant, rows: Mapping[CopyTable, list[Row]]) -> dict[int, PersonNamed]:
    keys: set[int] = set()
    for table, of_table in rows.items():
        columns = [
            str(one.column)
            for one in table.model._meta.concrete_fields
            if one.is_relation and one.related_model is User
        ]
        keys |= {row[column] for row in of_table for column in columns if row[column] is not None}
    roles: dict[int, set[str]] = {}
    for user, role in Membership.objects.filter(study=participant.study_id, user__in=keys).values_list("user", "role"):
        roles.setdefault(user, set()).add(role)
    return {
        user.pk: PersonNamed(
            name=user.get_full_name() or user.get_username(), username=user.get_username(),
            roles=tuple(sorted(roles.get(user.pk, ()))),
        )
        for user in User.objects.filter(pk__in=keys).order_by("pk")
    }  # fmt: skip


def _names(participant: Participant) -> dict[str, dict[Any, str]]:
    """What the keys stand for that rows of a participant hold."""
    study = participant.study_id
    regimens = Regimen.objects.filter(study=study)
    return {
        "regimens_step": dict(Step.objects.filter(regimen__study=study).values_list("pk", "label")),
        "regimens_regimen": {one.pk: f"{one.code} v{one.version}" for one in regimens},
        "regimens_site": dict(Site.objects.values_list("pk", "code")),
        "regimens_study": {study: participant.study.code},
        "regimens_participant": {participant.pk: participant.number},
        "grading_alertpolicy": {one.pk: str(one) for one in AlertPolicy.objects.filter(study=study)},
        "devices_tablet": {one.pk: str(one) for one in Tablet.objects.filter(site=participant.site_id)},
    }
