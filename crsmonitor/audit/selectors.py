"""Questions to the audit trail."""

from dataclasses import dataclass

from django.db import connection

# Each row: a link whose hash, predecessor or number does not fit, or a head that is not its chain's last link.
_BROKEN = """
    SELECT e.subject, e.seq, 'the row does not match its hash'
      FROM audit_event e WHERE e.hash <> audit_hash(e)
    UNION ALL
    SELECT subject, seq, 'the link before it is missing or was altered' FROM (
        SELECT subject, seq, previous_hash,
               lag(hash, 1, '') OVER chain AS should_be, lag(seq, 1, 0::bigint) OVER chain AS last_seq
          FROM audit_event WINDOW chain AS (PARTITION BY subject ORDER BY seq)) links
     WHERE previous_hash <> should_be OR seq <> last_seq + 1
    UNION ALL
    SELECT coalesce(h.subject, e.subject), coalesce(h.seq, e.seq), 'the chain does not end where its head says'
      FROM audit_head h
      FULL JOIN (SELECT DISTINCT ON (subject) subject, seq, hash FROM audit_event ORDER BY subject, seq DESC) e
             ON e.subject = h.subject
     WHERE h.hash IS DISTINCT FROM e.hash OR h.seq IS DISTINCT FROM e.seq
     ORDER BY 1, 2
"""


@dataclass(frozen=True)
class BrokenLink:
    subject: str
    seq: int
    what: str


def broken_links() -> list[BrokenLink]:
    """Every place where a chain does not hold. Empty: nothing was altered, or its alterer rewrote every hash."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        return [BrokenLink(*row) for row in cursor.fetchall()]
