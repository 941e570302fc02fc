"""What was sent before under the same name at the sender, and what a change of it makes of that row."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef

from grading.intake.facts import MODELS
from grading.models import IntakeEntry, IntakeRow, RowState
from grading.rules.intake.reasons import IntakeReason, reason
from grading.rules.intake.received import RowKind
from regimens.facts import Fact, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """The newest version of one thing, and the row that has it now."""

    entry: IntakeEntry
    row: IntakeRow


def earlier_of(keys: Collection[str], participants: Collection[int]) -> dict[str, Earlier]:
    """By key; only of these participants, whose records the sender may change."""
    entries = IntakeEntry.objects.filter(key__in=keys, row__participant__in=participants)
    newest = {one.key: one for one in entries.select_related("row").order_by("batch__received_at", "pk")}
    rows = {one.row.pk: one.row for one in newest.values() if one.row is not None}
    while missing := {row.replaced_by_id for row in rows.values() if row.replaced_by_id} - set(rows):
        rows |= IntakeRow.objects.in_bulk(missing)
    return {key: Earlier(entry=one, row=_now(rows, one.row_id)) for key, one in newest.items()}


def _now(rows: Mapping[UUID, IntakeRow], first: UUID | None) -> IntakeRow:
    """The row that has taken its place by now."""
    assert first is not None
    row = rows[first]
    while row.replaced_by_id is not None:
        row = rows[row.replaced_by_id]
    return row


def without(proposed: dict[str, Any], entries: Iterable[IntakeEntry]) -> dict[str, Any]:
    """What a row proposes, but for what these gave it."""
    gone = {name for entry in entries for name in entry.gives}
    return {name: value for name, value in proposed.items() if name not in gone}


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What a changed row starts from. `version`: the one on file that it corrects; None: nothing is on file."""

    version: Fact | None
    reasons: tuple[IntakeReason, ...]


def base_of(row: IntakeRow) -> Base:
    """A row that waits is replaced; of an accepted one the fact is corrected, unless a person has had the last word."""
    accepted = row.state == RowState.ACCEPTED
    known = row.pk if accepted else row.supersedes
    if known is None:
        return Base(version=None, reasons=(reason("changes_waiting"),))
    model = MODELS[RowKind(row.kind)]
    of_one_root = model.objects.filter(root=model.objects.get(pk=known).root)
    last = of_one_root.get(~Exists(model.objects.filter(supersedes=OuterRef("pk"))))
    if last.source != Source.IMPORT or last.withdrawn:
        return Base(version=last, reasons=(reason("typed_over"),))
    return Base(version=last, reasons=(reason("corrects_accepted" if accepted else "changes_waiting"),))
