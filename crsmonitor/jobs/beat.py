"""Celery's scheduler of ticks, and a clock that is put back."""

from typing import Any

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """Goes on ticking where the clock was put back. Celery's own waits until the clock is where it was before."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > now]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self._heap = None  # made anew by what follows: its order is of times ahead
        return super().tick(*args, **kwargs)
