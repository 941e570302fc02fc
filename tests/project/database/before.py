"""A database of before a migration, filled: every row of now as it stood there then."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from django.db import connections
from psycopg import sql

from crsmonitor.backup import restoring

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable = 'YES', is_identity = 'YES'
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND is_generated = 'NEVER'
  AND table_name <> 'django_migrations'
"""
# Of constraints not those of "not null": they keep the first name of their column.
SHAPE = """
SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT '', oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND prokind = 'f'
UNION ALL SELECT table_name, column_name, concat_ws(' ', data_type, character_maximum_length, numeric_precision,
    numeric_scale, is_nullable, column_default, is_identity, generation_expression)
    FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT table_name, grantee, string_agg(privilege_type, ' ' ORDER BY privilege_type)
    FROM information_schema.role_table_grants WHERE table_schema = 'public' GROUP BY table_name, grantee
"""
Rewritten = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Column:
    kind: str
    nullable: bool
    identity: bool


Tables = dict[str, dict[str, Column]]


def tables_of(database: psycopg.Connection) -> Tables:
    tables: Tables = {}
    for table, name, *rest in database.execute(COLUMNS):
        tables.setdefault(table, {})[name] = Column(*rest)
    return tables


def shape_of(database: psycopg.Connection) -> set[tuple[str, str, str]]:
    """Table, name and definition of each column, index, constraint, trigger, function and right; no order."""
    return {*database.execute(SHAPE).fetchall()}


@contextmanager
def another_database(name: str, owner: psycopg.Connection) -> Iterator[None]:
    """Django's connections lead to an empty one of this name until the block ends."""
    settings = {alias: connections[alias].settings_dict for alias in ("default", "owner")}
    before = {alias: one["NAME"] for alias, one in settings.items()}
    owner.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    use(dict.fromkeys(settings, name))
    try:
        yield
    finally:
        use(before)
        restoring.drop(name, owner)


def use(names: dict[str, str]) -> None:
    for alias, name in names.items():
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
        connections[alias].connect()  # Django's tests let no connection be opened on the way


def fill(then: psycopg.Connection, now: psycopg.Connection, rewritten: Rewritten) -> None:
    """Each row of `now` in the columns that `then` has of it.

    `rewritten`: SQL that gives the old value, by table and column, where neither a cast nor an empty text does.
    Both are a superuser's, who may leave triggers and foreign keys aside. Raises KeyError where a column that must be
    filled is not there any more, and nobody says with what.
    """
    there, here = tables_of(then), tables_of(now)
    then.execute("SET session_replication_role = replica")
    for table, columns in there.items():
        then.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        known = here.get(table, {})
        left_out = {name for name, one in columns.items() if one.nullable and name not in known}
        wanted = {name: one for name, one in columns.items() if (table, name) in rewritten or name not in left_out}
        values = [_value(table, name, column, known, rewritten) for name, column in wanted.items()]
        read = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(sql.SQL(", ").join(values), sql.Identifier(table))
        names = sql.SQL(", ").join(map(sql.Identifier, wanted))
        write = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with now.cursor().copy(read) as rows, then.cursor().copy(write) as into:
            for some in rows:
                into.write(some)
        for name in (name for name, column in columns.items() if column.identity):
            then.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), greatest(max({}), 1)) FROM {}").format(
                    table, name, sql.Identifier(name), sql.Identifier(table)
                )
            )
    then.execute("SET session_replication_role = origin")


def _value(table: str, name: str, column: Column, known: dict[str, Column], rewritten: Rewritten) -> sql.Composable:
    if (table, name) in rewritten:
        return sql.SQL(rewritten[table, name])
    same = known[name].kind == column.kind
    value = sql.Identifier(name) if same else sql.SQL("{}::{}").format(sql.Identifier(name), sql.SQL(column.kind))
    empty = known[name].nullable and not column.nullable
    return sql.SQL("coalesce({}, '')").format(value) if empty else value
