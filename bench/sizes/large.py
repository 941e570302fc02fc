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


class Large:
    """Grows as the superuser, past triggers and foreign keys: what it repeats was let in by them."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection, self.sites = connection, 1
        connection.execute("SET session_replication_role = replica")
        tables: dict[str, list[Column]] = {}
        for table, *column in connection.execute(COLUMNS).fetchall():
            if not table.startswith(LEFT_OUT):
                tables.setdefault(table, []).append(Column(*column))
        self.copying: list[tuple[str, sql.Composed]] = []
        for table, columns in tables.items():
            seed, real = sql.Identifier(f"seed_{table}"), sql.Identifier(table)
            if not connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(real)).fetchone():
                continue
            connection.execute(sql.SQL("CREATE TEMP TABLE {} AS TABLE {}").format(seed, real))
            names = sql.SQL(", ").join(sql.Identifier(one.name) for one in columns)
            values = sql.SQL(", ").join(sql.SQL(_value(table, one)) for one in columns)  # type: ignore[arg-type]
            which = (
                f"k %% {SITES} = 0" if table in OF_A_STUDY else f"NOT ({OVER})" if table in OF_FULL_WARDS else "true"
            )
            text = sql.SQL(REPEAT + which)  # type: ignore[arg-type]
            self.copying.append((table, text.format(real, names, values, seed)))

    def grow(self, sites: int) -> None:
        """To so many sites in all, as its autovacuum would leave it."""
        while self.sites < sites:
            end = min(self.sites + AT_A_TIME, sites)
            with self.connection.transaction():
                for _, statement in self.copying:
                    self.connection.execute(statement, [self.sites, end - 1])
            self.sites = end
        self.connection.execute("VACUUM ANALYZE")


def keys_from_the_middle(connection: psycopg.Connection[Any]) -> None:
    """Called before anything is recorded, so that there is room for keys before those of home."""
    sequences = "SELECT format('%I.%I', schemaname, sequencename) FROM pg_sequences WHERE schemaname = 'public'"
    for [name] in connection.execute(sequences).fetchall():
        connection.execute("SELECT setval(%s, %s)", [name, FIRST_KEY])


def _value(table: str, column: Column) -> str:
    name = f's."{column.name}"'
    if became := BECAME.get((table, column.name)):
        return became
    owner = column.target or table
    site = f"(k - k %% {SITES})" if owner in OF_A_STUDY else "k"
    if column.target is not None and column.target.startswith(LEFT_OUT):
        return name
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
    from regimens.models import Participant
    from tests.builders import build_world

    world = build_world("HOME")
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
