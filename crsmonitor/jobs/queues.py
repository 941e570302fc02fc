"""Queues by purpose, and in which order a worker takes from them.

Nothing waits behind what is less urgent: an alert and a tick behind no mail that is no alert, no export and no packet,
however many of those wait. Alerts and ticks are taken in turn: behind thousands of alerts a tick would come minutes
late, or die unread, and behind ticks an alert waits for one.
"""

from typing import Any

from kombu.utils.scheduling import round_robin_cycle

ALERTS = (
    "celery"  # who is called, and what is sent to them; by Celery's own name, which older processes send to as well
)
TICKS = "ticks"  # what runs by the clock, and finds what a lost hint left
MESSAGES = "messages"  # what is sent and is no alert: invitations, tests, drills, notes
# Of workers of their own, since one task takes minutes: packets, files, evidence, silent runs; runs of the workbench.
PACKETS = "packets"
FIRST = (ALERTS, TICKS)
TAKEN = (*FIRST, MESSAGES)  # by a worker that is told nothing else


class AlertsFirst(round_robin_cycle):
    """The queues of `FIRST` in turn, and then the others in turn: only where those are empty."""

    def rotate(self, last_used: Any) -> Any:
        super().rotate(last_used)
        self.items.sort(key=lambda queue: queue not in FIRST)  # which keeps the order otherwise
        return last_used

    def update(self, it: Any) -> None:
        super().update(it)
        self.items.sort(key=lambda queue: queue not in FIRST)
