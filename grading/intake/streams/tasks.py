"""By the clock: what devices sent lately is thinned, and what is to be graded goes into the queue."""

from celery import shared_task
from django.utils import timezone

from grading.intake.streams.services import thin_lately


@shared_task
def thin_streams() -> int:
    """How many sets were proposed. Run twice it proposes nothing twice."""
    return thin_lately(at=timezone.now())
