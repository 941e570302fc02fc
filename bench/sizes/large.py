"""A large database of distinct courses: those of one site are recorded by the door, and repeated at others.

Every site has people, participants, courses, alerts and messages of its own, under other keys, numbers and times; ten
sites are one study. At one site in ten the ward is full, at the others all is over. The first site is home, and half of
the others lie before it in every order of keys.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

PEOPLE = 40  # participants of a site
SITES = 10  # of a study
FIRST_KEY = 1_000_000_000  # of home
STRIDE = 10_000  # between the keys of a row and of its copy at the next site
AT_A_TIME = 100  # sites in one statement
PAST = 10_000  # where the numbers of those begin whom home had in its care before, as if they were sites

# Made once for the sites of a study; all else once for each site.
OF_A_STUDY = {
    "regimens_study", "regimens_regimen", "regimens_step", "grading_alertpolicy", "grading_escalationstep",
}  # fmt: skip
OF_FULL_WARDS = {"grading_downtimesheet"}  # goes when all is over
LEFT_OUT = ("django_", "auth_", "audit_", "accounts_apitoken")  # what no bedside asks
NUMBERS = {("regimens_participant", "number")}  # of a study, which several sites share
# What became of it where all is over (k: which site), and where the ward is full, but nothing is due just now.
OVER = "k %% 10 <> 1"
BECAME = {
    ("grading_alert", "state"): f"CASE WHEN {OVER} THEN 'resolved' ELSE s.state END",
    ("grading_alert", "escalate_at"): f"CASE WHEN {OVER} THEN NULL ELSE s.escalate_at + interval '30 days' END",
    ("grading_alert", "lapses_at"): f"CASE WHEN {OVER} THEN NULL ELSE s.lapses_at + interval '30 days' END",
    ("grading_alert", "unreviewed_since"): f"CASE WHEN {OVER} THEN NULL ELSE s.unreviewed_since END",
    ("grading_delivery", "state"): "'sent'",
    ("grading_delivery", "sent_at"): "s.queued_at + interval '2 seconds'",
    ("grading_currentstate", "ended"): f"CASE WHEN {OVER} THEN 'completed' ELSE s.ended END",
    ("grading_conditioncheck", "at"): f"CASE WHEN {OVER} THEN NULL ELSE s.at + interval '30 days' END",
}
EARLIER = f"(CASE WHEN {OVER} THEN 60 + k %% 700 ELSE 0 END) * interval '1 day'"


REPEAT = "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} s, generate_series(%s::int, %s::int) k WHERE "


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    target: str | None  # the table that it points to; its own where it is the key
    unique: bool  # part of a unique index that holds no key


COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, NULL),
       coalesce((SELECT t.relname FROM pg_constraint f JOIN pg_class t ON t.oid = f.confrelid
                  WHERE f.contype = 'f' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum] LIMIT 1),
                (SELECT c.relname FROM pg_constraint f
                  WHERE f.contype = 'p' AND f.conrelid = c.oid AND f.conkey = ARRAY[a.attnum])),
       EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY(i.indkey)
                  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype IN ('f', 'p') AND f.conrelid = c.oid
                                     AND f.conkey[1] = ANY(i.indkey))
                  AND NOT EXISTS (SELECT FROM pg_attribute u WHERE u.attrelid = c.oid AND u.attnum = ANY(i.indkey)
                                     AND u.atttypid = 'uuid'::regtype))
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attgenerated = ''
 ORDER BY c.relname, a.attnum
"""


INDEXES = """
UPDATE pg_index SET indisready = false, indisvalid = false
 WHERE indrelid IN (SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace)
"""


class Large:
    """Grows as the superuser, past triggers and foreign keys: what it repeats was let in by them."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection, self.sites, self.past = connection, 1, PAST
        for setting in ("autovacuum = off", "max_wal_size = '8GB'"):
            connection.execute(f"ALTER SYSTEM SET {setting}")  # type: ignore[arg-type]
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        self.tables = {
            table: columns
            for table, columns in _tables(connection).items()
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(sql.Identifier(table))).fetchone()
        }
        for table in self.tables:
            seed, real = sql.Identifier(f"seed_{table}"), sql.Identifier(table)
            connection.execute(sql.SQL("CREATE TEMP TABLE {} AS TABLE {}").format(seed, real))

    def grow(self, sites: int) -> None:
        """To so many sites in all, as its autovacuum would leave it."""
        self._repeat(set(self.tables), range(self.sites, sites))
        self.sites = sites

    def grow_past(self, times: int) -> None:
        """The same of home's own people: so many times as many as it has were there before, and are over."""
        self._repeat(_of_participants(self.tables), range(self.past, PAST + times * 10 // 9))
        self.past = PAST + times * 10 // 9

    def _repeat(self, copied: set[str], which: range) -> None:
        """With the indexes made anew at the end: entry by entry they would take most of the time."""
        self.connection.execute(INDEXES)
        for first in range(which.start, which.stop, AT_A_TIME):
            with self.connection.transaction():
                for table in sorted(copied):
                    statement = self._statement(table, copied)
                    self.connection.execute(statement, [first, min(first + AT_A_TIME, which.stop) - 1])
        self.connection.execute("REINDEX SCHEMA public")
        self.connection.execute("VACUUM ANALYZE")

    def _statement(self, table: str, copied: set[str]) -> sql.Composed:
        columns = self.tables[table]
        names = sql.SQL(", ").join(sql.Identifier(one.name) for one in columns)
        values = [_value(table, one, copied) for one in columns]
        text = REPEAT + (
            f"k %% {SITES} = 0" if table in OF_A_STUDY else f"NOT ({OVER})" if table in OF_FULL_WARDS
            else f"(k < {PAST} OR {OVER})"
        )  # fmt: skip
        return sql.SQL(text).format(  # type: ignore[arg-type]
            sql.Identifier(table),
            names,
            sql.SQL(", ").join(map(sql.SQL, values)),  # type: ignore[arg-type]
            sql.Identifier(f"seed_{table}"),
        )


def _tables(connection: psycopg.Connection[Any]) -> dict[str, list[Column]]:
    tables: dict[str, list[Column]] = {}
    for table, *column in connection.execute(COLUMNS).fetchall():
        if not table.startswith(LEFT_OUT):
            tables.setdefault(table, []).append(Column(*column))
    return tables


def _of_participants(tables: dict[str, list[Column]]) -> set[str]:
    """Those whose rows are a participant's, by whatever way they point to her."""
    found = {"regimens_participant"}
    while more := {
        table for table, columns in tables.items() if any(one.target in found for one in columns)
    } - found:  # fmt: skip
        found |= more
    return found


def keys_from_the_middle(connection: psycopg.Connection[Any]) -> None:
    """Called before anything is recorded, so that there is room for keys before those of home."""
    sequences = "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE schemaname = 'public'"
    for [name] in connection.execute(sequences).fetchall():
        connection.execute("SELECT setval(%s, %s)", [name, FIRST_KEY])


def _value(table: str, column: Column, copied: set[str]) -> str:
    name = f's."{column.name}"'
    if became := BECAME.get((table, column.name)):
        return became
    owner = column.target or table
    if owner not in copied:
        return name  # is home's own, or what all share
    site = f"(k - k %% {SITES})" if owner in OF_A_STUDY else "k"
    if column.type == "uuid":
        return f"CASE WHEN {site} = 0 THEN {name} ELSE md5({name}::text || ':' || {site})::uuid END"
    if column.target is not None:
        return f"{name} + {site} * CASE WHEN {site} / {SITES} %% 2 = 0 THEN -{STRIDE} ELSE {STRIDE} END"
    if column.type == "timestamp with time zone":
        return f"{name} - {EARLIER}"
    if column.type in ("character varying", "text") and (column.unique or (table, column.name) in NUMBERS):
        return f"upper(left(md5({name} || ':' || {site}), 10))"
    return name


# --- Home ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Home:
    world: Any
    participants: list[Any]
    at: datetime  # a moment after all that is on record


def home(*, sets: int = 6, at: datetime) -> Home:
    """One site with PEOPLE distinct courses up to now; of every second one the observation has ended."""
    from crsmonitor.audit.acting import acting
    from grading.models import DowntimeSheet
    from grading.policies.library import read_policy
    from grading.policies.services import load_policy
    from regimens.models import Participant
    from tests.builders import build_world

    world = build_world("HOME")
    load_policy(read_policy(), study=world.study, by="bench", reason="bench", at=at - timedelta(days=2))
    with acting(by="bench", reason="bench"):
        others = [
            Participant.objects.create(study=world.study, site=world.site, number=f"HOME-{n:03}", regimen=world.regimen)
            for n in range(2, PEOPLE + 1)
        ]
    everybody = [world.participant, *others]
    for number, world.participant in enumerate(everybody):
        _course(world, number, sets=sets, start=at - timedelta(hours=30))
        if not number % 2:  # is watched
            DowntimeSheet.objects.create(participant=world.participant, made_at=at, pdf=b"%PDF")
    world.participant = everybody[0]
    return Home(world, everybody, at)


def _course(world: Any, number: int, *, sets: int, start: datetime) -> None:
    from regimens.models import Disposition
    from tests.builders import HOUR_0, dose, draft, kept, neuro, stay, treatment, vitals

    chance = random.Random(number)
    facts = [stay(world, bed=str(number)), dose(world)]
    for place in range(sets):
        sick = chance.random() < 0.3
        facts.append(
            vitals(
                world,
                1 + 27 * place / sets + chance.random() * 0.5,
                temperature_c=round(chance.uniform(38.0, 39.9) if sick else chance.uniform(36.2, 37.6), 1),
                source="import",  # nobody is there to type a jump again
                sbp=chance.randint(78, 88) if sick and chance.random() < 0.4 else chance.randint(100, 140),
            )
        )
    facts += [neuro(world, 2.3), neuro(world, 10.3, ice_writing=chance.random() < 0.7)]
    if chance.random() < 0.5:
        facts.append(treatment(world, 12.7, "paracetamol", "antipyretic", "crs"))
    if number % 2:
        facts.append(draft(Disposition, world, 29, kind="completed"))
    moved = start - HOUR_0
    for fact in sorted(facts, key=lambda one: one.observed_at):
        fact.observed_at += moved
        kept(fact, world, by=world.investigator if isinstance(fact, Disposition) else None)


def fact(home: Home, **changes: Any) -> Any:
    """One more set of the first participant who is still watched, just now."""
    from django.utils import timezone

    from grading.recording.record import record
    from tests.builders import vitals

    home.world.participant = home.participants[2]
    made = vitals(home.world, 0, source="import", **changes)
    made.observed_at = timezone.now()
    return record(made, by=home.world.nurse, at=made.observed_at)  # `kept` of the tests calls for others besides
