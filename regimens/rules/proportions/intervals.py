"""Intervals of a proportion: x of n people had it. Two-sided, 95 % unless another confidence is said. Pure.

- Jeffreys: quantiles of Beta(x + 1/2, n - x + 1/2), the lower limit 0 for x = 0 and the upper 1 for x = n (Brown LD,
  Cai TT, DasGupta A. Stat Sci 2001;16:101-133, section 4.3).
- Exact: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
- Wilson: Wilson EB. J Am Stat Assoc 1927;22:209-212, without correction for continuity.

Of nobody nothing is known: n = 0 gives None, never 0 to 1 nor 0. Raises ValueError where x is not 0 to n.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from statistics import NormalDist

from regimens.rules.proportions.beta import beta_quantile, incomplete_beta

CONFIDENCE = 0.95
KEPT = 4096  # counts whose limits are remembered: the same few come again on every page


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a proportion, 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """x of n with its intervals. `jeffreys_mean`: (x + 1/2) / (n + 1), which is not x / n."""

    x: int
    n: int
    jeffreys_mean: float
    jeffreys: Limits
    exact: Limits
    wilson: Limits

    @property
    def share(self) -> float:
        return self.x / self.n

    @property
    def percent(self) -> float:
        return 100 * self.share

    def chance_below(self, limit: float) -> float:
        """P(p < limit) under Jeffreys' posterior."""
        return incomplete_beta(limit, self.x + 0.5, self.n - self.x + 0.5)


@lru_cache(maxsize=KEPT)
def proportion(x: int, n: int, confidence: float = CONFIDENCE) -> Proportion | None:
    """All intervals of x of n. None: n is 0."""
    _check(x, n)
    if n == 0:
        return None
    return Proportion(
        x=x, n=n, jeffreys_mean=(x + 0.5) / (n + 1), jeffreys=_jeffreys(x, n, confidence),
        exact=_clopper_pearson(x, n, confidence), wilson=_wilson(x, n, confidence),
    )  # fmt: skip


def _jeffreys(x: int, n: int, confidence: float) -> Limits:
    tail, a, b = (1 - confidence) / 2, x + 0.5, n - x + 0.5
    return Limits(
        low=0.0 if x == 0 else beta_quantile(tail, a, b), high=1.0 if x == n else beta_quantile(1 - tail, a, b)
    )


def _clopper_pearson(x: int, n: int, confidence: float) -> Limits:
    tail = (1 - confidence) / 2
    return Limits(
        low=0.0 if x == 0 else beta_quantile(tail, x, n - x + 1),
        high=1.0 if x == n else beta_quantile(1 - tail, x + 1, n - x),
    )


def _wilson(x: int, n: int, confidence: float) -> Limits:
    z = NormalDist().inv_cdf(1 - (1 - confidence) / 2)
    middle, half = x + z * z / 2, z * sqrt(x * (n - x) / n + z * z / 4)
    low, high = (middle - half) / (n + z * z), (middle + half) / (n + z * z)
    return Limits(low=0.0 if x == 0 else low, high=1.0 if x == n else high)


def _check(x: int, n: int) -> None:
    if not 0 <= x <= n:
        raise ValueError(f"{x} of {n}")
