"""Steps in time: small after each intake and growing with the time since, the same for all people.

The error of a step sits where the concentration passes I50, in the first minutes after a dose.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal, NamedTuple

from regimens.design.units import days


@dataclass(frozen=True, slots=True)
class Pace:
    """The first step after an intake, each further one as a share of the time since, and the largest. Hours."""

    first_h: float
    growth: float
    most_h: float

    def halved(self, step: Literal["first_h", "most_h"], times: int) -> "Pace":
        return replace(self, **{step: getattr(self, step) / 2**times})

    def finer(self) -> "Pace":
        """For drugs that need it to be as exact: what was chosen for epcoritamab is up to 2e-5 off for others."""
        return replace(self, first_h=self.first_h / 2, growth=self.growth * 0.6)


DEFAULT = Pace(first_h=0.2, growth=0.27, most_h=12.0)  # error of a period's probability below 5e-6
PREVIEW = Pace(first_h=0.5, growth=0.55, most_h=12.0)  # below 1e-4


class Stretch(NamedTuple):
    """Steps from one stop to the next."""

    from_d: float
    to_d: float
    steps_d: list[float]


def stretches(stops_d: Sequence[float], restarts_d: Mapping[float, float], pace: Pace = DEFAULT) -> Iterator[Stretch]:
    """Steps from the first stop to the last, none across a stop.

    `restarts_d`: the stops where steps grow anew, and as if since how long before: 0 where nothing was there.
    """
    stops = sorted(set(stops_d))
    since = stops[0]
    for start, end in pairwise(stops):
        since = start - restarts_d[start] if start in restarts_d else since
        yield Stretch(start, end, _steps(start, end, since, pace))


def _steps(start: float, end: float, since: float, pace: Pace) -> list[float]:
    steps: list[float] = []
    at, first, most = start, days(pace.first_h), days(pace.most_h)
    while True:
        step = min(most, max(first, pace.growth * (at - since)))
        left = end - at
        if left <= step * 1.000001:
            return [*steps, left]
        if left < 2 * step:  # two alike instead of a long one and a sliver
            return [*steps, left / 2, left / 2]
        steps.append(step)
        at += step
