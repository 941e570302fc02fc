"""In a queue of their own, runs that wait are computed, one after the other; by the clock, what waits is found."""

import threading

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.utils import timezone

from regimens.runs import claims, computing, hints

_stopping = threading.Event()  # this worker is to end: its run is handed back


@worker_shutting_down.connect
def _stop(**_: object) -> None:
    _stopping.set()


@shared_task
def compute_runs() -> int:
    """How many were taken. 0: another worker of this machine is at it, or none waits."""
    from regimens.design.contract import kinds  # in the worker of runs alone

    taken = 0
    with computing.machine(settings.STATE_DIR) as free:
        while free and not _stopping.is_set():
            if not computing.compute_next(engine=kinds.engine(), clock=timezone.now, stopping=_stopping):
                break
            taken += 1
    return taken


@shared_task
def hurry_runs() -> bool:
    """By the clock: a run that a lost hint or a dead worker left lying is asked for again."""
    return claims.waiting(at=timezone.now()) and hints.hurry()
