"""Which rows of the audit trail are facts, and what of them is no field that somebody fills in."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import connection

from regimens.facts import Fact

# The way in: said in places of their own, or derived of them.
NO_FIELD = frozenset({
    "id", "root", "participant_id", "recorded_at", "recorded_by_id", "source", "supersedes_id", "withdrawn", "reason",
    "digest", "tablet_id", "opened_at", "retyped", "unconfirmed",
})  # fmt: skip


@cache
def fact_tables() -> Mapping[str, type[Fact]]:
    """Table -> kind of fact: every kind there is."""
    return {model._meta.db_table: model for model in sorted(Fact.__subclasses__(), key=lambda one: one.__name__)}


def fields_of(table: str) -> list[str]:
    """The fields of a kind of fact, as the trail names them."""
    return [field.column for field in fact_tables()[table]._meta.concrete_fields if field.column not in NO_FIELD]


def rows_of(table: str, keys: list[str]) -> dict[str, dict[str, Any]]:
    """These facts as the trail writes rows, by their id."""
    if table not in fact_tables() or not keys:
        return {}
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id::text, to_jsonb(t) FROM {name} t WHERE id = ANY(%s::uuid[])", [keys])  # noqa: S608
        return dict(_loaded(cursor.fetchall()))


def _loaded(rows: list[Any]) -> list[tuple[str, dict[str, Any]]]:
    return [(key, json.loads(row) if isinstance(row, str) else row) for key, row in rows]


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What a correction made different, in the order of the trail."""
    return [name for name in after if name not in NO_FIELD and before.get(name) != after[name]]
