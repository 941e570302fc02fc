"""By the clock: what versions that run silently would have said is computed. Told to nobody."""

import logging

from celery import shared_task
from django.utils import timezone

from grading.alerting.selectors.rota import escalation_steps_of
from grading.policies.silent.computing import BATCH, compute, due_courses, unfinished_runs

logger = logging.getLogger(__name__)


@shared_task
def run_silently() -> int:
    """How many courses were computed; the rest is there at the next tick. One that fails holds up no other."""
    at = timezone.now()
    computed, failed = 0, None
    for run in unfinished_runs(at=at):
        for due in due_courses(run, at=at)[:BATCH]:
            try:
                compute(run, due, at=timezone.now(), steps_of=escalation_steps_of)
                computed += 1
            except Exception as error:
                logger.error("silent run %s: participant %s failed (%s)", run.pk, due.participant, type(error).__name__)
                failed = error
    if failed is not None:
        raise failed
    return computed
