"""The history of one fact: every version with who, when, why, and what it changed."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import NotFound
from grading.review.signatures.voiding import voided_by
from grading.review.trail.tables import changed_fields, fact_tables, rows_of
from regimens.facts import Fact
from regimens.models import Participant
from regimens.selectors import participant_for

CORRECTED_SHOWN = 200  # facts of a participant's page of corrections


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a fact. `changes`: field, old and new value, as the trail writes them; of the first one, none."""

    fact: Fact
    changes: list[tuple[str, Any, Any]]
    after_signature: bool


def versions_of(user: User, participant_id: int, table: str, root: UUID) -> tuple[Participant, list[Version]]:
    """The first one first. NotFound for a stranger, and for what is not this participant's."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    model = fact_tables().get(table)
    facts = [] if model is None else list(
        model.objects.filter(participant=participant, root=root).select_related("recorded_by").order_by("recorded_at")
    )  # fmt: skip
    if not facts:
        raise NotFound("no_such_record")
    return participant, _versions(table, facts)


def _versions(table: str, facts: list[Fact]) -> list[Version]:
    keys = {str(key) for fact in facts for key in (fact.pk, fact.supersedes_id) if key is not None}
    rows, voided = rows_of(table, sorted(keys)), voided_by(fact.pk for fact in facts)
    return [_version(fact, rows, after_signature=fact.pk in voided) for fact in facts]


def _version(fact: Fact, rows: dict[str, dict[str, Any]], *, after_signature: bool) -> Version:
    before, after = rows.get(str(fact.supersedes_id), {}), rows[str(fact.pk)]
    names = changed_fields(before, after) if before and not fact.withdrawn else []
    changes = [(name, before.get(name), after[name]) for name in names]
    return Version(fact=fact, changes=changes, after_signature=after_signature)


def corrected_of(user: User, participant_id: int) -> tuple[Participant, dict[str, list[Version]]]:
    """Every correction and withdrawal of a participant's facts, by kind; the newest first."""
    participant = participant_for(user, participant_id, Act.SEE_WARD)
    by_kind = {}
    for table, model in fact_tables().items():
        changed = model.objects.filter(participant=participant, supersedes__isnull=False)
        facts = list(changed.select_related("recorded_by").order_by("-recorded_at")[:CORRECTED_SHOWN])
        if facts:
            by_kind[table] = _versions(table, facts)
    return participant, by_kind
