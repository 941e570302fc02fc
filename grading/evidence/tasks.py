"""By the clock, in the queue of the packets: what the facts of a study leave of its bands is computed again."""

from celery import shared_task
from django.utils import timezone

from grading.evidence.predicted.fitting import refit_where_behind


@shared_task
def fit_evidence() -> int:
    """How many bands were behind. What a worker that died left is found by the next tick: facts are compared."""
    from regimens.design.contract import kinds  # numpy, in this worker alone

    return refit_where_behind(engine=kinds.engine(), at=timezone.now())
