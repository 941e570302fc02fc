"""A study as it was known at an instant: the same tables, by the same names, in one transaction that is taken back.

PostgreSQL looks for a table among the temporary ones first. So temporary views stand before the tables of facts and
logs and show what was recorded up to then; temporary tables stand before the projection and hold what the same
derivation makes of it. What reads, the ORM or the SQL of an export, reads as ever and knows nothing of it.

A version that was superseded only later stands again; what was recorded later is not there; a participant is where
and in which cohort she was by the transfers and changes up to then, under the version of the regimen of then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model
from psycopg import sql

from grading.course.derive import Derived, rederive
from grading.exports.packet.tables import CHANGED, DERIVED, LOGS, facts
from regimens.models import CohortChange, Participant, Study, Transfer

MINUTES = 30  # the longest that one statement may take, as of an export
BATCH = 50  # participants that are written at once

# The first row after the cut that changed a row tells how it was at the cut.
_CHANGED_SINCE = """
CREATE TEMP TABLE changed_since ON COMMIT DROP AS
SELECT DISTINCT ON (event.table_name, event.row_id) event.table_name, event.row_id, event.before
  FROM public.audit_event event
 WHERE event.at > {cut}::timestamptz AND event.action = 'UPDATE' AND event.table_name = ANY({tables})
 ORDER BY event.table_name, event.row_id, event.id
"""

_AS_IT_WAS = """
CREATE TEMP VIEW {name} AS SELECT * FROM (
    SELECT kept.* FROM public.{name} kept
     WHERE NOT EXISTS (SELECT FROM changed_since was WHERE was.table_name = {text} AND was.row_id = kept.id::text)
    UNION ALL
    SELECT (jsonb_populate_record(kept, was.before)).*
      FROM changed_since was JOIN public.{name} kept ON kept.id::text = was.row_id WHERE was.table_name = {text}
) known WHERE {there}
"""

# Enrolled by then: the trail has it, or a record was kept of the participant, which a simulated one has of any time.
_PARTICIPANTS = """
CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING INDEXES) ON COMMIT DROP;
INSERT INTO pg_temp.{name} ({columns})
SELECT {values}
  FROM public.{name} kept
  LEFT JOIN changed_since was ON was.table_name = {text} AND was.row_id = kept.id::text
  CROSS JOIN LATERAL jsonb_populate_record(kept, was.before) known
 WHERE kept.study_id = {study} AND (
       EXISTS (SELECT FROM public.audit_event event
                WHERE event.subject = 'participant:' || kept.id AND event.table_name = {text}
                  AND event.action = 'INSERT' AND event.at <= {cut}::timestamptz)
       OR EXISTS (SELECT FROM last_recorded record WHERE record.participant_id = kept.id))
"""

# By the records of then, which say more than the trail: theirs is the instant that was meant.
_SITE = """
coalesce((SELECT move.from_site_id FROM public.regimens_transfer move
           WHERE move.participant_id = kept.id AND move.at > {cut}::timestamptz ORDER BY move.at LIMIT 1),
         (SELECT move.to_site_id FROM public.regimens_transfer move
           WHERE move.participant_id = kept.id ORDER BY move.at DESC LIMIT 1), known.site_id)
"""
_COHORT = """
coalesce((SELECT change.was FROM public.regimens_cohortchange change
           WHERE change.participant_id = kept.id AND change.at > {cut}::timestamptz ORDER BY change.at LIMIT 1),
         (SELECT change.becomes FROM public.regimens_cohortchange change
           WHERE change.participant_id = kept.id ORDER BY change.at DESC LIMIT 1), known.cohort)
"""
_OWN = {"site_id": _SITE, "cohort": _COHORT}

Progress = Callable[[int, int], None]  # participants derived, of how many; what it raises ends the cut


def no_progress(done: int, of: int) -> None:
    """Of a cut that nobody waits for."""


@contextmanager
def known_at(study: Study, cut: datetime, *, progress: Progress = no_progress) -> Iterator[None]:
    """Inside, everything that hangs on this study is as it was known at `cut`. Whatever is written is taken back.

    Of other studies there is no participant and no row of the projection.
    """
    with _unprepared(), transaction.atomic():
        outermost = len(connection.savepoint_ids) == 0
        try:
            _set(outermost=outermost)
            _lay(study, cut)
            _derive(progress)
            yield
        finally:
            transaction.set_rollback(True)


@contextmanager
def _unprepared() -> Iterator[None]:
    """A statement prepared before reads the tables that it was planned for: none is used while views stand there."""
    connection.ensure_connection()
    raw = connection.connection
    threshold, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        yield
    finally:
        raw.prepare_threshold = threshold


def _set(*, outermost: bool) -> None:
    statements = [] if not outermost else ["SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"]
    statements += [
        f"SET LOCAL statement_timeout = '{MINUTES}min'",
        "SET LOCAL idle_in_transaction_session_timeout = 0",  # the derivation works between two statements
        "SET LOCAL timezone = 'UTC'",
        "SET LOCAL jit = off",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _lay(study: Study, cut: datetime) -> None:
    """Every table as it was; those of the projection empty."""
    at = sql.Literal(cut)
    recorded: dict[type[Model], str] = dict.fromkeys(facts(), "recorded_at")
    tables = [model._meta.db_table for model in CHANGED]
    _run(_CHANGED_SINCE, cut=at, tables=sql.Literal(tables))
    _last_recorded(at, [*recorded.items(), (Transfer, "at"), (CohortChange, "at")])
    _participants(study, at)
    for model, there in CHANGED.items():
        if model is not Participant:
            _run(_AS_IT_WAS, model, there=sql.SQL(there).format(cut=sql.SQL("{}::timestamptz").format(at)))
    for model, column in [*recorded.items(), *LOGS.items()]:
        view = "CREATE TEMP VIEW {name} AS SELECT * FROM public.{name} WHERE {column} <= {cut}::timestamptz"
        _run(view, model, column=sql.Identifier(column), cut=at)
    for model in DERIVED:
        _run("CREATE TEMP TABLE {name} (LIKE public.{name} INCLUDING ALL) ON COMMIT DROP", model)


def _last_recorded(cut: sql.Composable, columns: list[tuple[type[Model], str]]) -> None:
    """When something of each participant was recorded last, by then."""
    one = (
        "SELECT participant_id, max({column}) AS at FROM public.{name} WHERE {column} <= {cut}::timestamptz GROUP BY 1"
    )
    each = [_filled(one, model, column=sql.Identifier(column), cut=cut) for model, column in columns]
    newest = "CREATE TEMP TABLE last_recorded ON COMMIT DROP AS SELECT participant_id, max(at) AS at FROM ({each}) one"
    _run(newest + " GROUP BY participant_id", each=sql.SQL(" UNION ALL ").join(each))


def _participants(study: Study, cut: sql.Composable) -> None:
    columns = [str(field.column) for field in Participant._meta.concrete_fields]
    values = [
        sql.SQL(_OWN[name]).format(cut=cut) if name in _OWN else sql.Identifier("known", name) for name in columns
    ]
    _run(
        _PARTICIPANTS, Participant, study=sql.Literal(study.pk), cut=cut, values=sql.SQL(", ").join(values),
        columns=sql.SQL(", ").join([sql.Identifier(name) for name in columns]),
    )  # fmt: skip


def _derive(progress: Progress) -> None:
    """The projection of everybody of whom anything was recorded, in order of their keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT participant_id, at FROM last_recorded ORDER BY participant_id")
        last = dict(cursor.fetchall())
    of_then = Participant.objects.select_related("study", "site", "regimen").filter(pk__in=last).order_by("pk")
    keys = list(of_then.values_list("pk", flat=True))
    for first in range(0, len(keys), BATCH):
        progress(first, len(keys))
        batch = of_then.filter(pk__in=keys[first : first + BATCH])
        _write([rederive(participant, at=last[participant.pk]) for participant in batch])
    progress(len(keys), len(keys))
    with connection.cursor() as cursor:
        for model in DERIVED:
            cursor.execute(_filled("ANALYZE pg_temp.{name}", model))


def _write(derived: list[Derived]) -> None:
    rows: list[list[Model]] = [
        [row for one in derived for row in one.grades],
        [row for one in derived for row in one.periods],
        [row for one in derived for row in one.episodes],
        [],  # no fact is taken in here: nothing is derived from a checkpoint
        [one.state for one in derived],
    ]
    for model, made in zip(DERIVED, rows, strict=True):
        model._default_manager.bulk_create(made, batch_size=500)


def _filled(statement: str, model: type[Model] | None = None, **parts: sql.Composable) -> sql.Composed:
    """With `name` and `text` of the model's table."""
    if model is not None:
        name = model._meta.db_table
        parts |= {"name": sql.Identifier(name), "text": sql.Literal(name)}
    return sql.SQL(statement).format(**parts)


def _run(statement: str, model: type[Model] | None = None, **parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_filled(statement, model, **parts))
