"""By the clock: sheets whose hour is over are made, then those of each ward are laid as files."""

from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from grading.downtime.files import lay
from grading.downtime.making import make_due
from grading.downtime.selectors import newest_sheets


@shared_task
def downtime_sheets() -> int:
    """How many were made. Two at once make some twice, of which the newest count."""
    try:
        return make_due(at=timezone.now())
    finally:
        if settings.DOWNTIME_DIR:
            lay(newest_sheets(), Path(settings.DOWNTIME_DIR))
