"""The escalation rule: what is known of each rung of a ladder of regimens, to what is recommended next.

A recommendation releases no dose. The defaults are a design's, chosen by their operating characteristics; each study
sets and signs its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class NotAllowed(Enum):
    """Why a rung is not allowed, in the order in which reasons are given."""

    GRADE2 = "grade2_too_likely"
    GRADE3 = "grade3_too_likely"
    FEW = "too_few_at_current"
    RUNGS = "too_many_rungs"
    FOLD = "too_many_fold"


class Recommendation(Enum):
    """Against the current rung."""

    ESCALATE = "escalate"
    STAY = "stay"
    DEESCALATE = "deescalate"
    STOP = "stop"


@dataclass(frozen=True, kw_only=True)
class EscalationRule:
    """Field by field as the contract's table. `most_fold`: None, the dose may rise by any factor."""

    grade2_above: float = 0.25
    grade2_confidence: float = 0.25
    grade3_share_prior: tuple[float, float] = (0.8, 9.2)
    grade3_above: float = 0.10
    grade3_confidence: float = 0.25
    least_at_current: int = 3
    most_rungs_up: int = 1
    most_fold: float | None = None
    value_until_d: float = 28.0
    stop_after: int = 6
    stop_at: float = 0.8


@dataclass(frozen=True, kw_only=True)
class Rung:
    """A regimen of the ladder, whatever is observed: its worth, and its largest dose of the typical person."""

    name: str
    value_ug_d_ml: float
    largest_mg: float


@dataclass(frozen=True, kw_only=True)
class Risk:
    """Posterior probabilities that a rung's risks are above what the rule allows."""

    over_grade2: float
    over_grade3: float


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Participants: the fewest in a dose period of the current rung, and all."""

    at_current: int
    in_all: int


@dataclass(frozen=True, kw_only=True)
class Decided:
    """`recommended`: the rung, from 0; None: stop. `because`: of each rung, why it is not allowed.

    `lowest_too_toxic`: it stops since the lowest rung is; else, where it stops, since none is allowed.
    """

    recommended: int | None
    recommendation: Recommendation
    because: tuple[tuple[NotAllowed, ...], ...]
    lowest_too_toxic: bool = False


def decide(rungs: Sequence[Rung], risks: Sequence[Risk], current: int, seen: Seen, rule: EscalationRule) -> Decided:
    """`rungs` and their `risks` from the lowest up; `current`: the rung given now."""
    because = tuple(tuple(_reasons(rungs, risks[at], at, current, seen, rule)) for at in range(len(rungs)))
    allowed = [at for at, reasons in enumerate(because) if not reasons]
    too_toxic = risks[0].over_grade2 >= rule.stop_at
    if too_toxic or (not allowed and seen.in_all >= rule.stop_after):
        return Decided(
            recommended=None, recommendation=Recommendation.STOP, because=because, lowest_too_toxic=too_toxic
        )
    # Of equal worth the one less likely to be too toxic, of those equal too the lowest.
    best = min(allowed, key=lambda at: (-rungs[at].value_ug_d_ml, risks[at].over_grade2, at), default=0)
    return Decided(recommended=best, recommendation=against(current, best), because=because)


def against(current: int, rung: int) -> Recommendation:
    """What going to a rung is called."""
    if rung == current:
        return Recommendation.STAY
    return Recommendation.ESCALATE if rung > current else Recommendation.DEESCALATE


def _reasons(
    rungs: Sequence[Rung], risk: Risk, at: int, current: int, seen: Seen, rule: EscalationRule
) -> list[NotAllowed]:
    higher = at > current
    fold = rungs[at].largest_mg / rungs[current].largest_mg
    holds = {
        NotAllowed.GRADE2: risk.over_grade2 >= rule.grade2_confidence,
        NotAllowed.GRADE3: risk.over_grade3 >= rule.grade3_confidence,
        NotAllowed.FEW: higher and seen.at_current < rule.least_at_current,
        NotAllowed.RUNGS: higher and at - current > rule.most_rungs_up,
        NotAllowed.FOLD: higher and rule.most_fold is not None and fold > rule.most_fold,
    }
    return [reason for reason, true in holds.items() if true]
