"""What /readyz asks of the alerting: are messages taken, does the sweep run, do the clocks agree?"""

from django.conf import settings
from django.utils import timezone

from crsmonitor.health import Doubtful, NotWell
from crsmonitor.operating import clocks
from grading.alerting.delivery.signs_of_life import signs
from grading.rules.alerting.watchdog import is_off, is_stale, is_stuck


def check_outbox() -> None:
    """Raises NotWell where a message waits and nobody takes it."""
    at = timezone.now()
    if is_stuck(signs(at=at), at=at):
        raise NotWell


def check_sweep() -> None:
    """Raises NotWell where the sweep has not run, all the way through beat, broker and worker."""
    at = timezone.now()
    if is_stale(signs(at=at), at=at):
        raise NotWell


def check_clock() -> None:
    """Raises NotWell where this process and the database tell different times, Doubtful where they soon may."""
    seen = signs(at=timezone.now())
    if is_off(seen):
        raise NotWell
    kept = clocks.ntp()
    if clocks.is_far_off(seen.clock_offset) or clocks.is_far_off(seen.worker_offset):
        raise Doubtful
    if kept is not None and not kept.synchronised and settings.PRODUCTION:
        raise Doubtful
