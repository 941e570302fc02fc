"""How surprising a count is where each draw of a model gives another probability: the mixture, and the bits. Pure.

The number of events is, given a draw, binomial, or the sum over people with a probability each; all draws weigh alike.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from scipy.special import bdtr, bdtrc, gammaln, xlog1py, xlogy

Draw = float | tuple[float, ...]
LOWER, UPPER = 0.05, 0.95
ROUNDING = 1e-12  # a distribution function that is exactly a limit may be rounded below it
KEPT = 2_000_000  # numbers held at once


class Predictive(Protocol):
    """A distribution of a count from 0 to n."""

    def up_to(self, x: int) -> float: ...

    def above(self, x: int) -> float: ...

    def exactly(self, x: int) -> float: ...


@dataclass(frozen=True, slots=True)
class Binomials:
    """The mixture where everybody of a draw has the same probability."""

    n: int
    p: np.ndarray

    def up_to(self, x: int) -> float:
        return 0.0 if x < 0 else 1.0 if x >= self.n else float(bdtr(x, self.n, self.p).mean())

    def above(self, x: int) -> float:
        return 1.0 if x < 0 else 0.0 if x >= self.n else float(bdtrc(x, self.n, self.p).mean())

    def exactly(self, x: int) -> float:
        ways = gammaln(self.n + 1) - gammaln(x + 1) - gammaln(self.n - x + 1)
        return float(np.exp(ways + xlogy(x, self.p) + xlog1py(self.n - x, -self.p)).mean())


@dataclass(frozen=True, slots=True)
class Tabled:
    """The mixture by the probability of each count."""

    probability: np.ndarray

    def up_to(self, x: int) -> float:
        return min(float(self.probability[: x + 1].sum()), 1.0) if x >= 0 else 0.0

    def above(self, x: int) -> float:
        return min(float(self.probability[x + 1 :].sum()), 1.0)

    def exactly(self, x: int) -> float:
        return float(self.probability[x])


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """`direction`: whether fewer events were likelier than those that came, or more; `as`: neither.

    `bits` None: no draw allows such a count, so no number is large enough.
    """

    expected: float
    interval: tuple[int, int]
    u: float
    bits: float | None
    direction: Literal["more", "fewer", "as"]


def surprise(n: int, events: int, draws: Sequence[Draw]) -> Surprise:
    predicted = predictive(n, draws)
    half = predicted.exactly(events) / 2
    below, above = predicted.up_to(events - 1) + half, predicted.above(events) + half
    tail = min(1.0, 2 * min(below, above))
    low, high = _smallest(predicted, n, LOWER), _smallest(predicted, n, UPPER)
    return Surprise(
        expected=sum(n * one if isinstance(one, float) else math.fsum(one) for one in draws) / len(draws),
        interval=(low, high),
        u=min(below, 1.0),
        bits=-math.log2(tail) + 0.0 if tail > 0 else None,
        direction="as" if abs(below - above) <= ROUNDING else "more" if below > above else "fewer",
    )


def predictive(n: int, draws: Sequence[Draw]) -> Predictive:
    alike = [one for one in draws if isinstance(one, float)]
    if len(alike) == len(draws):
        return Binomials(n, np.array(alike))
    return Tabled(_sums(n, [one if isinstance(one, tuple) else (one,) * n for one in draws]))


def _sums(n: int, draws: Sequence[Sequence[float]]) -> np.ndarray:
    """The mean over draws of the distribution of a sum of n yes-or-no with a probability each."""
    total = np.zeros(n + 1)
    block = max(1, KEPT // (n + 1))
    for start in range(0, len(draws), block):
        p = np.array(draws[start : start + block]).T
        table = np.zeros((n + 1, p.shape[1]))
        table[0] = 1.0
        for person in range(n):
            rising = table[: person + 1] * p[person]
            table[: person + 1] -= rising
            table[1 : person + 2] += rising
        total += table.sum(axis=1)
    return total / len(draws)


def _smallest(predicted: Predictive, n: int, limit: float) -> int:
    """The smallest count whose distribution function reaches the limit."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if predicted.up_to(middle) >= limit - ROUNDING else (middle + 1, high)
    return low
