"""The designs a rule is compared with: boundaries of BOIN and its choice of the MTD, the CRM's skeleton, 3+3.

They treat a whole schedule as one dose and a participant as one event. BOIN: Liu S, Yuan Y. J R Stat Soc C
2015;64:507-523; elimination and the choice of the MTD as in the package of its authors. Skeleton: Lee SM, Cheung YK.
Clin Trials 2009;6:227-238, power model. 3+3: Storer BE. Biometrics 1989;45:925-937.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from scipy.special import betaincc

ELIMINATE_ABOVE = 0.95  # P(p > target), from which a dose and all above it are given no more
ELIMINATE_FROM = 3  # participants
PSEUDO_EVENTS, PSEUDO_PARTICIPANTS = 0.05, 0.1  # the prior of BOIN's isotonic estimate
HIGHER_OF_EQUAL = 1e-10  # of two equal estimates the higher dose's counts as the higher
THREE = 3  # participants of a 3+3 cohort
MTD_AT_MOST = 1  # events of six, of 3+3
MTD_CHOICE = "isotonic"  # the name of BOIN's


class CohortMove(Enum):
    """What is to be done after a cohort."""

    UP = "up"
    STAY = "stay"
    DOWN = "down"
    MTD = "mtd"  # of 3+3: this dose is it
    NONE = "none"  # not even the lowest dose


@dataclass(frozen=True, kw_only=True)
class Boin:
    """A target and the shares of events below and above which a dose is too low and too high."""

    target: float
    safe: float
    toxic: float

    @classmethod
    def of(cls, target: float) -> "Boin":
        """With the usual limits."""
        return cls(target=target, safe=0.6 * target, toxic=1.4 * target)

    @property
    def lambda_e(self) -> float:
        """Up, where the share of participants with an event is at or below it."""
        target, safe = self.target, self.safe
        return math.log((1 - safe) / (1 - target)) / math.log(target * (1 - safe) / (safe * (1 - target)))

    @property
    def lambda_d(self) -> float:
        """Down, where the share is at or above it."""
        target, toxic = self.target, self.toxic
        return math.log((1 - target) / (1 - toxic)) / math.log(toxic * (1 - target) / (target * (1 - toxic)))

    def escalate_at_most(self, n: int) -> int:
        return math.floor(n * self.lambda_e)

    def deescalate_at_least(self, n: int) -> int:
        return math.ceil(n * self.lambda_d)

    def eliminate_at_least(self, n: int) -> int | None:
        """The fewest of n participants with an event that eliminate the dose; None: not even all of them do."""
        if n < ELIMINATE_FROM or not self.eliminates(n, n):
            return None
        low, high = -1, n  # not enough, enough
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.eliminates(middle, n) else (middle, high)
        return high

    def eliminates(self, events: int, n: int) -> bool:
        return n >= ELIMINATE_FROM and float(betaincc(1 + events, 1 + n - events, self.target)) > ELIMINATE_ABOVE

    def move(self, events: int, n: int) -> CohortMove:
        """After a cohort, at a dose where `events` of n participants had one. The ends of the ladder are not seen."""
        if events <= self.escalate_at_most(n):
            return CohortMove.UP
        return CohortMove.DOWN if events >= self.deescalate_at_least(n) else CohortMove.STAY

    def mtd(self, counts: Sequence[tuple[int, int]]) -> int | None:
        """The dose chosen at the end, of (events, n) from the lowest up. None: no dose that may be given was.

        Of the doses given and not eliminated the one whose isotonic estimate is nearest the target.
        """
        eliminated = next((at for at, (events, n) in enumerate(counts) if self.eliminates(events, n)), len(counts))
        tried = [at for at, (_, n) in enumerate(counts[:eliminated]) if n > 0]
        if not tried:
            return None
        estimates = isotonic([counts[at] for at in tried])
        distances = [abs(one + rank * HIGHER_OF_EQUAL - self.target) for rank, one in enumerate(estimates)]
        return tried[distances.index(min(distances))]


def isotonic(counts: Sequence[tuple[int, int]]) -> list[float]:
    """Estimates that never fall from dose to dose, by pooling adjacent violators, weighted by their precision."""
    pools: list[tuple[float, float, int]] = []  # estimate, weight, doses
    for events, n in counts:
        y, of = events + PSEUDO_EVENTS, n + PSEUDO_PARTICIPANTS
        pool = (y / of, of**2 * (of + 1) / (y * (of - y)), 1)
        while pools and pools[-1][0] >= pool[0]:
            before = pools.pop()
            weight = before[1] + pool[1]
            pool = ((before[0] * before[1] + pool[0] * pool[1]) / weight, weight, before[2] + pool[2])
        pools.append(pool)
    return [estimate for estimate, _, doses in pools for _ in range(doses)]


def crm_skeleton(*, target: float, halfwidth: float, level: int, levels: int) -> list[float]:
    """Prior probabilities of the doses, `level` (from 1) at the target, the others an indifference interval away."""
    low, high = math.log(target - halfwidth), math.log(target + halfwidth)
    skeleton = [target]
    for _ in range(level - 1):
        skeleton.insert(0, math.exp(low * math.log(skeleton[0]) / high))
    for _ in range(levels - level):
        skeleton.append(math.exp(high * math.log(skeleton[-1]) / low))
    return skeleton


def three_plus_three(counts: Sequence[tuple[int, int]], at: int) -> CohortMove:
    """After a cohort of three at dose `at`, of (events, n) so far.

    None of three, or at most one of six: up, unless the dose above was too toxic. One of three: three more. More: down.
    The MTD is the highest dose at which at most one of six had an event, so that also the top is given to six.
    """
    events, n = counts[at]
    if events > MTD_AT_MOST:
        return CohortMove.DOWN if at else CohortMove.NONE
    above = counts[at + 1 : at + 2]
    highest = not above or above[0][0] > MTD_AT_MOST
    if n <= THREE and (events or highest):
        return CohortMove.STAY
    return CohortMove.MTD if highest else CohortMove.UP


def three_plus_three_mtd(counts: Sequence[tuple[int, int]]) -> int | None:
    """What 3+3 says if it must end now: the highest dose with none of three, or at most one of six. None: none."""
    fit = [at for at, (events, n) in enumerate(counts) if n and events <= (MTD_AT_MOST if n > THREE else 0)]
    too_toxic = next((at for at, (events, _) in enumerate(counts) if events > MTD_AT_MOST), len(counts))
    return max((at for at in fit if at < too_toxic), default=None)
