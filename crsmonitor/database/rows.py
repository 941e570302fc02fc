"""SQL written from the models, once: for the one path where building it anew at each call costs too much.

Django builds the text of a query at every call, a millisecond of CPU for a join of seven tables. Here the text is
made once per model and only the values change; columns, types and conversions still come from the models.
"""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any, TypeVar

import psycopg
from django.db import connection
from django.db.models import JSONField, Model

M = TypeVar("M", bound=Model)


@cache
def columns(model: type[Model], alias: str) -> str:
    """The model's columns for a SELECT, in the order that `take` reads them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


@cache
def _reading(model: type[Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    converted = [(i, f.from_db_value) for i, f in enumerate(fields) if hasattr(f, "from_db_value")]
    return [field.attname for field in fields], converted


def take(model: type[M], values: Iterator[Any]) -> M | None:
    """The next of a row's models. None where an outer join found nothing."""
    names, converted = _reading(model)
    row = [next(values) for _ in names]
    if row[names.index(model._meta.pk.attname)] is None:
        return None
    for place, convert in converted:
        row[place] = convert(row[place], None, connection)
    return model.from_db("default", names, row)


def taken(model: type[M], values: Iterator[Any]) -> M:
    """The same where an inner join cannot find nothing."""
    row = take(model, values)
    assert row is not None
    return row


@cache
def _statement(inserts: tuple[type[Model], ...], updates: tuple[type[Model], ...]) -> str:
    """One statement that inserts and updates a whole row of each; $1, $2 ... are their values in this order."""
    number = itertools.count(1)
    parts = []
    for model in inserts:
        names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
        values = ", ".join(f"${next(number)}" for _ in model._meta.concrete_fields)
        parts.append(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({values})')  # noqa: S608
    for model in updates:
        sets = ", ".join(f'"{field.column}" = ${next(number)}' for field in model._meta.concrete_fields)
        key = model._meta.pk.column
        parts.append(f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key}" = ${next(number)}')  # noqa: S608
    return f"WITH {', '.join(f'part{place} AS ({part})' for place, part in enumerate(parts))} SELECT"


@cache
def _writing(model: type[Model]) -> list[tuple[str, Any]]:
    """Each column's attribute and how its value is handed to the driver."""
    return [
        (field.attname, _as_json(field) if isinstance(field, JSONField) else field.get_prep_value)
        for field in model._meta.concrete_fields
    ]


def _as_json(field: JSONField) -> Any:
    return lambda value: field.get_db_prep_save(value, connection)


def _written(row: Model) -> list[Any]:
    return [prepare(getattr(row, name)) for name, prepare in _writing(type(row))]


def write(inserts: Sequence[Model], updates: Sequence[Model]) -> None:
    """All these rows in one statement and one round trip: all or none. Keys come with the rows."""
    sql = _statement(tuple(type(row) for row in inserts), tuple(type(row) for row in updates))
    values = [value for row in inserts for value in _written(row)]
    for row in updates:
        values += [*_written(row), row.pk]
    _run(sql, values)


def fetch(sql: str, values: Sequence[Any]) -> Iterator[Any] | None:
    """The values of the one row that `sql` finds, for `take`. None: it finds none."""
    row = _run(sql, values).fetchone()
    return None if row is None else iter(row)


@cache
def _selecting(model: type[Model], which: str) -> str:
    return f'SELECT {columns(model, "m")} FROM "{model._meta.db_table}" m {which}'  # noqa: S608


def find(model: type[M], which: str, values: Sequence[Any]) -> list[M]:
    """The rows of `m` that `which` says: what follows of a SELECT behind FROM, a text of the code's own."""
    found = _run(_selecting(model, which), values).fetchall()
    return [taken(model, iter(row)) for row in found]


def fetch_all(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return _run(sql, values).fetchall()


def _run(sql: str, values: Sequence[Any]) -> psycopg.RawCursor[Any]:
    """Prepared by the server and never parsed here: the driver re-reads texts of this length at every call."""
    connection.ensure_connection()
    cursor = psycopg.RawCursor(connection.connection)
    with connection.wrap_database_errors:
        cursor.execute(sql, values, prepare=True)
    return cursor
