"""Dose periods: half-open, [start of dose k, start of dose k + 1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseTimes:
    """A dose as the numbering needs it. `given_at` None: it was not given, and `planned_at` says when it should."""

    root: str
    given_at: datetime | None
    planned_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Dose `number` (from 1). `started_at` None: not given, so there is nothing to observe.

    `ended_at` None: no later dose has started.
    """

    root: str
    number: int
    started_at: datetime | None
    ended_at: datetime | None


def periods(doses: Iterable[DoseTimes]) -> list[Period]:
    """All dose periods in order: by actual start, a dose not given by its planned time."""
    ordered = sorted(doses, key=lambda d: (d.given_at or d.planned_at, d.given_at is None, d.root))
    starts = [d.given_at for d in ordered]
    return [
        Period(
            root=dose.root,
            number=place + 1,
            started_at=dose.given_at,
            ended_at=None if dose.given_at is None else next((at for at in starts[place + 1 :] if at), None),
        )
        for place, dose in enumerate(ordered)
    ]
