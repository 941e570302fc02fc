"""What runs for a while: vasopressors, oxygen and fluids, with start and stop."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from regimens.rules.elapsed import hours

RUNS = ("vasopressor", "oxygen", "fluid")


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentRun:
    """`ended_at` None: nobody recorded a stop."""

    drug: str
    drug_class: str
    started_at: datetime
    ended_at: datetime | None

    def span(self, at: datetime) -> timedelta:
        """How long it ran by `at`."""
        return max(min(self.ended_at or at, at) - self.started_at, timedelta())

    def hours(self, at: datetime) -> Decimal:
        return hours(self.span(at))


def hours_on_any(runs: Iterable[TreatmentRun], *, at: datetime) -> Decimal:
    """Hours by `at` in which at least one of them ran: two at once count once."""
    total, reached = timedelta(), None
    for run in sorted(runs, key=lambda one: one.started_at):
        start = run.started_at if reached is None else max(run.started_at, reached)
        end = run.started_at + run.span(at)
        if end > start:
            total += end - start
        reached = end if reached is None else max(reached, end)
    return hours(total)
