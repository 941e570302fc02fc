"""At which site a participant was when. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Move:
    """From `at` on the participant is at the site `to`; until then at `origin`. Sites by their keys."""

    at: datetime
    origin: int
    to: int


def site_at(moves: Sequence[Move], at: datetime, *, now: int) -> int:
    """The site at this instant. `moves`: in order of time; `now`: where the participant is."""
    if not moves:
        return now
    return next((move.to for move in reversed(moves) if move.at <= at), moves[0].origin)
