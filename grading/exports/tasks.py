"""By the clock, in a queue of its own: packets that wait are built, lines written. No alert waits behind one."""

from celery import shared_task
from django.utils import timezone

from grading.exports.lines.keeping import keep_all_lines
from grading.exports.packet.building import build_next
from grading.exports.packet.keeping import give_up_uploads


@shared_task
def build_packets() -> int:
    """How many were built, or wait for their store.

    The tick that a busy worker does not take dies unread; the next finds what waits.
    """
    give_up_uploads()
    built = 0
    while build_next(clock=timezone.now) is not None:
        built += 1
    return built


@shared_task
def write_lines() -> int:
    """Of how many participants lines of their dose periods were written."""
    return keep_all_lines(clock=timezone.now)
