"""What a worker does for the audit trail."""

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from crsmonitor.audit import verifying


@shared_task
def verify() -> bool:
    """Once a day, from VERIFY_HOUR (UTC) on: verify the trail. False: not yet, or done."""
    at = timezone.now()
    return at.hour >= settings.VERIFY_HOUR and verifying.verify_daily(at=at)
