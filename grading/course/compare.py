"""What the projection's tables say, beside what a derivation says: for writing, for checking and for telling."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import DecimalField, Field, JSONField, Model

from crsmonitor.database import rows
from grading.course.derive import Derived
from grading.models import Checkpoint, CurrentState, DosePeriod, Episode, Grade
from grading.models.projection_fields import NumberField


@dataclass(frozen=True, slots=True)
class Table:
    """A projection table, the columns its rows are known by, and those that say nothing of the course.

    `since`, `until`: of a derivation that begins or ends in the middle, which of the stored rows it speaks of, as SQL
    says it; empty: all.
    """

    model: type[Any]
    key: tuple[str, ...]
    besides: tuple[str, ...] = ()
    since: str = ""
    until: str = ""


TABLES = (
    Table(Grade, ("fact_id",), since="m.observed_at >=", until="m.observed_at <"),
    Table(Episode, ("kind", "root", "provisional"), ("id",)),
    Table(DosePeriod, ("dose_id",), ("changed_at", "modified_utc")),
    Table(Checkpoint, ("at",), ("id",), since="m.at >", until="m.at <"),
    Table(CurrentState, ("participant_id",), ("changed_at",)),
)


@dataclass(slots=True)
class TableComparison:
    """The rows of one table that a derivation would add, change (stored, derived) or take away."""

    table: Table
    added: list[Any] = field(default_factory=list)
    changed: list[tuple[Any, Any]] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that the tables hold otherwise than the facts say. `column` "": a row too few or too many."""

    table: str
    row: str
    column: str
    stored: object
    derived: object


def comparison_of(derived: Derived) -> list[TableComparison]:
    """Table by table, the stored rows beside the derived ones. Reads only."""
    every: tuple[list[Any], ...] = (
        derived.grades, derived.episodes, derived.periods, derived.checkpoints, [derived.state],
    )  # fmt: skip
    return [_of_table(table, derived, ours) for table, ours in zip(TABLES, every, strict=True)]


def _of_table(table: Table, derived: Derived, ours: list[Any]) -> TableComparison:
    compared = TableComparison(table)
    stored = {_name(table, row): row for row in _stored(table, derived)}
    for row in ours:
        old = stored.pop(_name(table, row), None)
        if old is None:
            compared.added.append(row)
        elif any(True for _ in _columns(table, old, row)):
            compared.changed.append((old, row))
    compared.gone = list(stored.values())
    return compared


def _stored(table: Table, derived: Derived) -> list[Any]:
    """Those rows of the participant that the derivation speaks of."""
    which = "WHERE m.participant_id = $1"
    values: list[Any] = [derived.state.participant.pk]
    for bound, instant in ((table.since, derived.since), (table.until, derived.until)):
        if bound and instant is not None:
            values.append(instant)
            which += f" AND {bound} ${len(values)}"
    return rows.find(table.model, which, values)


def differences(comparisons: list[TableComparison]) -> Iterator[Difference]:
    """The same as single values, to be read by a person."""
    for one in comparisons:
        table = one.table.model.__name__
        for row in one.added:
            yield Difference(table=table, row=_row_name(one.table, row), column="", stored="no row", derived="a row")
        for row in one.gone:
            yield Difference(table=table, row=_row_name(one.table, row), column="", stored="a row", derived="no row")
        for old, new in one.changed:
            for name, was, now in _columns(one.table, old, new):
                yield Difference(table=table, row=_row_name(one.table, new), column=name, stored=was, derived=now)


def _name(table: Table, row: Model) -> tuple[str, ...]:
    return tuple(str(getattr(row, part)) for part in table.key)


def _row_name(table: Table, row: Model) -> str:
    return " ".join(part for part in _name(table, row) if part)


def _columns(table: Table, stored: Any, derived: Any) -> Iterator[tuple[str, object, object]]:
    """Each column that differs, with both values as the database keeps them."""
    for column in table.model._meta.concrete_fields:
        if column.name in table.besides:
            continue
        was, now = getattr(stored, column.attname), getattr(derived, column.attname)
        if was != now and (was := _kept(column, was)) != (now := _kept(column, now)):
            yield column.attname, was, now


def _kept(column: "Field[Any, Any]", value: Any) -> Any:
    """The value as a round trip through its column gives it back."""
    if value is None:
        return None
    if isinstance(column, JSONField):
        return json.loads(json.dumps(value))
    if isinstance(column, NumberField):
        return column.to_python(column.get_prep_value(value))
    if isinstance(column, DecimalField):
        return round(Decimal(value), column.decimal_places)
    return str(value) if isinstance(value, UUID) else _plain(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | datetime) else str(value)
