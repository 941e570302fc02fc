"""SQL written from the models, once: for the one path where building it anew at each call costs too much.

Django builds the text of a query at every call, a millisecond of CPU for a join of seven tables. Here the text is
made once per model and only the values change; columns, types and conversions still come from the models.
"""

import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, connections
from django.db.models import Field, Model
from django.db.models.base import ModelState

from crsmonitor.database import straight
from crsmonitor.database.as_text import Text, text_of
from crsmonitor.database.straight import Statement

M = TypeVar("M", bound=Model)
_READ = "_as_read"  # what was read of a row, beside what became of it


@cache
def columns(model: type[Model], alias: str) -> str:
    """The model's columns for a SELECT, in the order that `take` reads them."""
    return ", ".join(f'{alias}."{field.column}"' for field in model._meta.concrete_fields)


class RowValues:
    """A row that was found, read from its first value to its last: a model's columns with `take`, one with next()."""

    __slots__ = ("_at", "_values")

    def __init__(self, values: tuple[Any, ...]) -> None:
        self._values, self._at = values, 0

    def __next__(self) -> Any:
        return self.following(1)[0]

    def following(self, count: int) -> tuple[Any, ...]:
        begins = self._at
        self._at = begins + count
        return self._values[begins : self._at]


@cache
def _reading(model: type[Model]) -> tuple[list[str], int, list[tuple[str, Any]]]:
    """Its attributes in the order of its columns, the place of its key, and those that are not kept as they are."""
    fields = model._meta.concrete_fields
    converted = [(f.attname, f.from_db_value) for f in fields if hasattr(f, "from_db_value")]
    names = [field.attname for field in fields]
    return names, names.index(model._meta.pk.attname), converted


def take(model: type[M], row: RowValues) -> M | None:
    """The next of a row's models. None where an outer join found nothing."""
    names, key, converted = _reading(model)
    values = row.following(len(names))
    if values[key] is None:
        return None
    read = dict(zip(names, values, strict=True))
    for name, convert in converted:
        if (value := read[name]) is not None:
            read[name] = convert(value, None, connection)
    return _holding(model, read)


def _holding(model: type[M], values: dict[str, Any]) -> M:
    """As Model.from_db does it, without a call for each of the columns. Another object for each call."""
    one = model.__new__(model)
    one._state = ModelState()
    one._state.adding, one._state.db = False, "default"
    one.__dict__.update(values)
    one.__dict__[_READ] = values
    return one


@cache
def _unset(model: type[Model]) -> tuple[dict[str, Any], dict[str, Any], frozenset[str]]:
    """What its columns are until somebody says: at once, and by a call; and the names of those that are relations."""
    fields = model._meta.concrete_fields
    called = {field.attname: field.default for field in fields if field.has_default() and callable(field.default)}
    plain = {field.attname: field.get_default() for field in fields if field.attname not in called}
    return plain, called, frozenset(field.name for field in fields if field.is_relation)


def unsaved(model: type[M], **values: Any) -> M:
    """A new row, as Model() makes it, without a call for each of the columns."""
    plain, called, relations = _unset(model)
    one = model.__new__(model)
    one._state = ModelState()
    here = one.__dict__
    here |= plain
    for name, value in values.items():
        if name in here or name in called:
            here[name] = value
        elif name in relations:
            setattr(one, name, value)
        else:
            raise TypeError(f"{model.__name__} has no {name}")
    for name, default in called.items():
        if name not in here:
            here[name] = default()
    return one


def again(row: M) -> M:
    """Another object of what was read of this row."""
    return _holding(type(row), row.__dict__[_READ])


def taken(model: type[M], row: RowValues) -> M:
    """The same where an inner join cannot find nothing."""
    one = take(model, row)
    assert one is not None
    return one


Updates = tuple[type[Model], tuple[str, ...] | None]


@cache
def _statement(inserts: tuple[type[Model], ...], updates: tuple[Updates, ...]) -> str:
    """One statement that inserts a whole row of each, and updates these columns; None: all. A key that counts comes
    from the server.

    $1, $2 ... are their values in this order.
    """
    number = itertools.count(1)
    parts = []
    for model in inserts:
        names = ", ".join(f'"{field.column}"' for field in _inserted(model))
        values = ", ".join(f"${next(number)}" for _ in _inserted(model))
        parts.append(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({values})')  # noqa: S608
    for model, of_these in updates:
        sets = ", ".join(f'"{field.column}" = ${next(number)}' for field in _fields(model, of_these))
        key = model._meta.pk.column
        parts.append(f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key}" = ${next(number)}')  # noqa: S608
    return f"WITH {', '.join(f'part{place} AS ({part})' for place, part in enumerate(parts))} SELECT"


def _inserted(model: type[Model]) -> "list[Field[Any, Any]]":
    return [field for field in model._meta.concrete_fields if field is not model._meta.auto_field]


def _fields(model: type[Model], names: tuple[str, ...] | None) -> "list[Field[Any, Any]]":
    """Those of these names, in the order of the names; None: all."""
    by_name = {field.name: field for field in model._meta.concrete_fields}
    return list(by_name.values()) if names is None else [by_name[name] for name in names]


@cache
def _writing(model: type[Model], names: tuple[str, ...] | None) -> list[tuple[str, Text]]:
    """Each column's attribute, and how its value is handed to the driver."""
    return [(field.attname, text_of(field)) for field in _fields(model, names)]


def _written(row: Model, names: tuple[str, ...] | None = None) -> list[Any]:
    here = row.__dict__
    return [text(here[name]) for name, text in _writing(type(row), names)]


def _to_update(row: Model, often: tuple[str, ...]) -> tuple[str, ...] | None:
    """`often` where none but these differs from what was read of the row; else None, for all.

    Two texts and no more: each is a statement that the server keeps prepared.
    """
    read = row.__dict__.pop(_READ, None)  # once it is written, it is not what was read
    if read is None or not often:
        return None
    here = row.__dict__
    changed = (name for name, was in read.items() if here[name] is not was and here[name] != was)
    return often if set(changed) <= set(often) else None


def write(
    inserts: Sequence[Model],
    updates: Sequence[Model],
    *,
    often: Mapping[type[Model], tuple[str, ...]] | None = None,
    before: Sequence[Statement] = (),
    after: Sequence[Statement] = (),
) -> None:
    """All these rows in one statement and one round trip: all or none. Keys come with the rows, but those that count.

    `before`, `after`: what goes with it, in this order.

    `often`: columns that nearly every update changes, and all that are changed in place. Where no other differs from
    what `take` read, only these are written.
    """
    _run(*before, _writing_all(inserts, updates, often or {}), *after)
    _are_kept(inserts)


def _writing_all(
    inserts: Sequence[Model], updates: Sequence[Model], often: Mapping[type[Model], tuple[str, ...]]
) -> Statement:
    columns_of = [(type(row), _to_update(row, often.get(type(row), ()))) for row in updates]
    sql = _statement(tuple(type(row) for row in inserts), tuple(columns_of))
    values = [value for row in inserts for value in _written(row, _names_inserted(type(row)))]
    for row, (_, names) in zip(updates, columns_of, strict=True):
        values += [*_written(row, names), row.pk]
    return sql, values


def _are_kept(rows: Sequence[Model]) -> None:
    for row in rows:
        row._state.adding, row._state.db = False, "default"


def write_each(inserts: Sequence[Model], updates: Sequence[Model]) -> None:
    """The same of any number of rows, all their columns: a statement for each, sent together."""
    every = [_writing_all([row], [], {}) for row in inserts] + [_writing_all([], [row], {}) for row in updates]
    if every:
        _run(*every)
    _are_kept(inserts)


@cache
def _adding(model: type[Model]) -> str:
    columns = [str(field.column) for field in _inserted(model)]
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    return (
        f'INSERT INTO "{model._meta.db_table}" ({_listed(columns)}) VALUES ({values}) '  # noqa: S608
        f'ON CONFLICT DO NOTHING RETURNING "{model._meta.pk.column}"'
    )


def add(rows: Sequence[Model]) -> set[Any]:
    """Insert those of which nothing is there yet that has to be of one row alone: the keys that they have."""
    matching = _run(*((_adding(type(row)), _written(row, _names_inserted(type(row)))) for row in rows))
    _are_kept(rows)
    return {key for each in matching for (key,) in each}


@cache
def _names_inserted(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.name for field in _inserted(model))


@cache
def _putting(model: type[Model], key: tuple[str, ...]) -> str:
    columns = [str(field.column) for field in _inserted(model)]
    same = [str(field.column) for field in _fields(model, key)]
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    sets = ", ".join(f'"{column}" = excluded."{column}"' for column in columns if column not in same)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({_listed(columns)}) VALUES ({values}) '  # noqa: S608
        f"ON CONFLICT ({_listed(same)}) DO UPDATE SET {sets}"
    )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def putting(row: Model, *, key: tuple[str, ...]) -> Statement:
    """Inserts it, or makes the row that there is of this `key`, which is unique, say what it says."""
    return _putting(type(row), key), _written(row, _names_inserted(type(row)))


def fetch(sql: str, values: Sequence[Any]) -> RowValues | None:
    """The one row that `sql` finds, for `take`. None: it finds none."""
    return fetch_each((sql, values))[0]


def fetch_each(*statements: Statement) -> list[RowValues | None]:
    """The same of several, sent together and answered together, in their order: one wait, with that of a BEGIN.

    Each sees what was committed when its own turn came. All are carried out, whatever one before finds.
    """
    return [RowValues(matching[0]) if matching else None for matching in _run(*statements)]


@cache
def _selecting(model: type[Model], which: str) -> str:
    return f'SELECT {columns(model, "m")} FROM "{model._meta.db_table}" m {which}'  # noqa: S608


def find(model: type[M], which: str, values: Sequence[Any]) -> list[M]:
    """The rows of `m` that `which` says: what follows of a SELECT behind FROM, a text of the code's own."""
    return every(model, fetch_all(*finding(model, which, values)))


def finding(model: type[Model], which: str, values: Sequence[Any]) -> Statement:
    """The statement of `find`, to be asked with others; `every` reads what it finds."""
    return _selecting(model, which), values


def every(model: type[M], matching: Sequence[tuple[Any, ...]]) -> list[M]:
    return [taken(model, RowValues(row)) for row in matching]


def fetch_all(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    return fetch_all_each((sql, values))[0]


def fetch_all_each(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """The same of several, sent together and answered together."""
    return _run(*statements)


def _run(*statements: Statement) -> list[list[tuple[Any, ...]]]:
    """What each finds. Prepared by the server and never parsed here: the driver re-reads texts of this length."""
    database = connections["default"]  # looked up once: each name asked of `connection` looks it up again
    database.ensure_connection()
    with database.wrap_database_errors:
        return straight.run(database.connection, *statements)
