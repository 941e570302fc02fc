"""Where a value lies between the two ends of an axis, and where its marks are."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MARKS = 6
STEPS = (1, 2, 5, 10)
DAYS = (1, 2, 7, 14, 28, 56, 112, 224, 448)


@dataclass(frozen=True, slots=True)
class Mark:
    """`at`: SVG units. `value`: what it marks."""

    at: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From `low` at `start` to `high` at `end`, in SVG units. `log`: by decades; both are above 0 then."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Where the value lies; one beyond an end lies at that end."""
        low, high, here = self._of(self.low), self._of(self.high), self._of(max(value, self.low))
        share = 0.0 if high == low else min((here - low) / (high - low), 1.0)
        return round(self.start + share * (self.end - self.start), 1)

    def marks(self) -> tuple[Mark, ...]:
        values = self._decades() if self.log else self._even()
        return tuple(Mark(self.at(value), value) for value in values)

    def _of(self, value: float) -> float:
        return math.log10(value) if self.log else value

    def _decades(self) -> list[float]:
        first, last = math.ceil(math.log10(self.low) - 1e-9), math.floor(math.log10(self.high) + 1e-9)
        every = max(1, math.ceil((last - first) / MARKS))
        return [10.0**power for power in range(first, last + 1, every)]

    def _even(self) -> list[float]:
        step = nice_step((self.high - self.low) / MARKS)
        count = math.floor((self.high - self.low) / step + 1e-9)
        return [round(self.low + step * n, 12) for n in range(count + 1)]


def nice_step(least: float) -> float:
    """The next of 1, 2, 5, 10 times a power of ten."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(step * power for step in STEPS if step * power >= least * (1 - 1e-9))


def upper_end(values: Sequence[float], *, most: float = math.inf) -> float:
    """A round number at or above all values, and never 0."""
    highest = max((value for value in values if math.isfinite(value)), default=0.0)
    if highest <= 0:
        return min(1.0, most)
    step = nice_step(highest / MARKS)
    return min(step * math.ceil(highest / step - 1e-9), most)


def day_marks(axis: Axis) -> tuple[Mark, ...]:
    """Days in steps that people count in: 1, 2, 7, 14, 28 ..."""
    days = axis.high - axis.low
    step = next((one for one in DAYS if days / one <= 2 * MARKS), DAYS[-1])
    return tuple(Mark(axis.at(day), day) for day in range(0, int(axis.high) + 1, step))
