"""The chains of what a page shows, verified as it is shown."""

from collections.abc import Iterable

from crsmonitor.audit.models import AuditEvent, Verification
from crsmonitor.audit.selectors import BrokenLink, broken_links

SHOWN = 50  # broken links on a page


def broken_in(subjects: Iterable[str]) -> list[BrokenLink]:
    """Every place where one of these chains does not hold, now."""
    return broken_links(subjects=sorted(set(subjects)))[:SHOWN]


def chains_of(events: Iterable[AuditEvent]) -> list[str]:
    return sorted({event.subject for event in events})


def last_verification() -> Verification | None:
    """The newest that was finished: of all chains and tables. None: there was none yet."""
    return Verification.objects.filter(finished_at__isnull=False).first()
