"""By the clock: what versions that run silently would have said is computed. Told to nobody."""

import logging
from collections.abc import Callable, Iterable

from celery import shared_task
from django.utils import timezone

from grading.alerting.selectors.rota import escalation_steps_of
from grading.policies.silent.computing import BATCH, DueCourse, compute, due_courses, unfinished_runs

logger = logging.getLogger(__name__)


@shared_task
def run_silently() -> int:
    """How many courses were computed; the rest is there at the next tick. One that fails holds up no other."""
    at = timezone.now()
    computed, failure = 0, None
    for run in unfinished_runs(at=at):
        due = due_courses(run, at=at)
        n, error = in_turn(due, lambda one, run=run: compute(run, one, at=timezone.now(), steps_of=escalation_steps_of))
        computed, failure = computed + n, error or failure
    if failure is not None:
        raise failure
    return computed


def in_turn(
    due: Iterable[DueCourse], one_of: Callable[[DueCourse], None], *, most: int = BATCH
) -> tuple[int, Exception | None]:
    """How many were done, at most so many, and the last failure. Those that fail take nobody's place."""
    done, failure = 0, None
    for one in due:
        if done == most:
            break
        try:
            one_of(one)
            done += 1
        except Exception as error:
            logger.error("silent run: participant %s failed (%s)", one.participant, type(error).__name__)
            failure = error
    return done, failure
