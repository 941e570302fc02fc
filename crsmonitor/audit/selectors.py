"""Questions to the audit trail."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from crsmonitor.audit.models import AuditEvent

# Each row: a link whose hash, predecessor or number does not fit, or a head that is not its chain's last link.
# `{mine}`: which chains.
_BROKEN = """
    SELECT e.subject, e.seq, 'the row does not match its hash'
      FROM audit_event e WHERE e.hash <> audit_hash(e) AND {mine}
    UNION ALL
    SELECT subject, seq, 'the link before it is missing or was altered' FROM (
        SELECT subject, seq, previous_hash,
               lag(hash, 1, '') OVER chain AS should_be, lag(seq, 1, 0::bigint) OVER chain AS last_seq
          FROM audit_event e WHERE {mine} WINDOW chain AS (PARTITION BY subject ORDER BY seq)) links
     WHERE previous_hash <> should_be OR seq <> last_seq + 1
    UNION ALL
    SELECT coalesce(h.subject, e.subject), coalesce(h.seq, e.seq), 'the chain does not end where its head says'
      FROM (SELECT * FROM audit_head e WHERE {mine}) h
      FULL JOIN (SELECT DISTINCT ON (subject) subject, seq, hash FROM audit_event e WHERE {mine}
                  ORDER BY subject, seq DESC) e ON e.subject = h.subject
     WHERE h.hash IS DISTINCT FROM e.hash OR h.seq IS DISTINCT FROM e.seq
     ORDER BY 1, 2
"""

# The tables of which every row is in a chain: `audited` configuration, `chained` facts.
_GUARDED = """
    SELECT c.oid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE t.tgname IN ('audited', 'chained') AND NOT t.tgisinternal ORDER BY 1
"""


@dataclass(frozen=True)
class BrokenLink:
    """What does not hold. `seq` 0: no link of the chain is about it."""

    subject: str
    seq: int
    what: str


def broken_links(subjects: Sequence[str] | None = None) -> list[BrokenLink]:
    """Every place where a chain does not hold. Empty: nothing was altered, or its alterer rewrote every hash.

    `subjects`: of these chains alone; None: of all, and that takes its time.
    """
    mine = "true" if subjects is None else "e.subject = ANY(%(subjects)s)"
    with patient() as cursor:
        cursor.execute(_BROKEN.format(mine=mine), {} if subjects is None else {"subjects": list(subjects)})
        return [BrokenLink(*row) for row in cursor.fetchall()]


@contextmanager
def patient() -> Iterator[CursorWrapper]:
    """A cursor for what looks through whole tables: a statement has half an hour."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '30min'")
        yield cursor


def guarded_tables() -> list[str]:
    """The tables of which the trail knows every row."""
    with connection.cursor() as cursor:
        cursor.execute(_GUARDED)
        return [name for (name,) in cursor.fetchall()]


def differing_rows() -> list[BrokenLink]:
    """Every row of a guarded table that does not say what the trail says of it: altered, removed or put there."""
    rows = []
    for table in guarded_tables():
        with patient() as cursor:
            cursor.execute("SELECT * FROM audit_differing(%s::regclass) ORDER BY 1, 2, 3", [table])
            rows += cursor.fetchall()
    return [BrokenLink(*row) for row in rows]


def has_acted(actor: str) -> bool:
    """Whether anything in the trail was this actor's doing, named as `acting.actor_name` does."""
    return AuditEvent.objects.filter(actor=actor).exists()
