"""Numbers of transactions, by which changes are told: in which database they mean something, and which have ended."""

from django.db import connection

# Restored from a backup, or gone on with by another server: numbers of transactions are of no use then.
_PLACE = """
SELECT concat_ws('/', (SELECT system_identifier FROM pg_control_system()),
                 (SELECT timeline_id FROM pg_control_checkpoint()),
                 (SELECT oid FROM pg_database WHERE datname = current_database()),
                 'grading_periodchange'::regclass::oid)
"""


def place() -> str:
    """Where the numbers of now are of use."""
    with connection.cursor() as cursor:
        cursor.execute(_PLACE)
        return str(cursor.fetchone()[0])


def ended_below() -> int:
    """Every transaction with a lower number has ended. Ask before what it wrote is read."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])
