"""What an update asks of the database: migrations beside people who save, and which rules its projections are of."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.db.utils import OperationalError

from crsmonitor import __version__
from crsmonitor.audit.events import record_event
from crsmonitor.audit.models import AuditEvent
from crsmonitor.operating import release

KIND = "upgraded"  # of the event in the audit trail
# A migration that waits for a table keeps all who come after it waiting too: it gives way, and tries again.
LOCK_SECONDS = 2
REST_SECONDS = 1
TRIES = 60
# Whatever bears on a projection. What only draws or sends does not.
RULES = ("grading/rules", "grading/course", "regimens/rules")


def migrate_beside_others(say: Callable[[str], None]) -> None:
    """Each migration is whole or not there, so whatever was done stays done. Raises OperationalError after TRIES."""
    connection = connections["owner"]
    for left in reversed(range(TRIES)):
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        try:
            call_command("migrate", verbosity=0)
            return
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) != "55P03" or not left:  # lock_not_available
                raise
            say("a table is in use: trying again")
            connection.close()
            time.sleep(REST_SECONDS)


def rules_digest() -> str:
    """Of every file of the rules and of the derivation: another digest may derive another course."""
    digest = hashlib.sha256()
    for path in sorted(_sources()):
        digest.update(f"{path.relative_to(release.BASE)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for folder in RULES:
        yield from (release.BASE / folder).rglob("*.py")


def rules_of_database() -> str | None:
    """By which rules the projections were last derived. None: nobody wrote it down."""
    events = AuditEvent.objects.filter(action="EVENT", table_name=KIND).order_by("-id")
    newest = events.values_list("after", flat=True).first()
    return newest and newest.get("rules")


def write_down() -> None:
    """In the audit trail: which program brought the database to where it is."""
    record_event(
        KIND, by="upgrade", subject="program", version=__version__, commit=release.commit(), schema=release.schema(),
        rules=rules_digest(),
    )  # fmt: skip
