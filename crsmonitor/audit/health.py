"""What /readyz asks of the audit trail."""

from django.utils import timezone

from crsmonitor.audit import verifying


def check_audit() -> None:
    """Raises NotWell where the last verification found something, or there was none for two days."""
    verifying.check_last(at=timezone.now())
