"""The share of people still free of CRS by the time since the dose: the product-limit curve. Pure, standard library.

Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481. Greenwood's variance; 95 % limits on the scale of log(-log), which
stay between 0 and 1 (Kalbfleisch JD, Prentice RL. The statistical analysis of failure time data, 1980).
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
HALF = 0.5 + 1e-12  # a product of fractions that is exactly a half may be rounded up


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetStep:
    """`events` of the `at_risk` people had theirs at `t_h`. `interval` None: nobody is free any more."""

    t_h: float
    at_risk: int
    events: int
    free: float
    interval: tuple[float, float] | None


def onset_curve(times: Iterable[tuple[float, bool]]) -> Iterator[OnsetStep]:
    """A step at each time with an event. Whoever's observation ends then was still at risk."""
    listed = list(times)
    ends, events = Counter(t for t, _ in listed), Counter(t for t, event in listed if event)
    at_risk, free, variance = len(listed), 1.0, 0.0
    for t in sorted(ends):
        if d := events[t]:
            free *= (at_risk - d) / at_risk
            variance += d / (at_risk * (at_risk - d)) if at_risk > d else math.inf
            yield OnsetStep(t_h=t, at_risk=at_risk, events=d, free=free, interval=_limits(free, variance))
        at_risk -= ends[t]


def median_h(curve: Iterable[OnsetStep]) -> float | None:
    """The first time at which at most half are free. None: it was not reached."""
    return next((step.t_h for step in curve if step.free <= HALF), None)


def _limits(free: float, variance: float) -> tuple[float, float] | None:
    if free == 0:
        return None
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    factor = math.exp(z * math.sqrt(variance) / abs(math.log(free)))
    return free**factor, free ** (1 / factor)
