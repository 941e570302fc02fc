"""The two risks of each rung that the escalation rule asks for, from a posterior."""

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincc

from regimens.design.adaptive.decisions import EscalationRule, Risk
from regimens.design.adaptive.posterior import Posterior
from regimens.design.adaptive.surface import Array

TABLE = 1_000  # points between which the share's distribution is interpolated


def risks_of(
    after: Posterior, rungs: Sequence[slice], rule: EscalationRule, *, grade3: int, events: int
) -> list[Risk]:
    """`rungs`: the columns of each. `grade3` of the `events` seen so far were of grade 3 or more."""
    logs = after.points.logs
    worst = np.array([logs[columns].max(axis=0) for columns in rungs])
    total = np.array([np.logaddexp.reduce(logs[columns], axis=0) for columns in rungs])
    share = rule.grade3_share_prior[0] + grade3, rule.grade3_share_prior[1] + events - grade3
    over_grade3 = _over_grade3(after, total, share, rule.grade3_above)
    return [
        Risk(over_grade2=float(two), over_grade3=float(three))
        for two, three in zip(after.above(worst, rule.grade2_above), over_grade3, strict=True)
    ]


def _over_grade3(after: Posterior, total: Array, share: tuple[float, float], limit: float) -> Array:
    """P(1 - exp(-share hazard) > limit): of each hazard the chance of a share, Beta and independent, above what it may be.

    `total`: rows of ln of the hazard at SMAX 1.
    """
    least = np.log(-np.log1p(-limit))  # of ln hazard: below it not even a share of 1 is too much
    ln_smax = after.points.ln_smax
    most = float(ln_smax.max() + total.max())
    if most <= least:
        return np.zeros(len(total))
    ln_hazard = np.linspace(least, most, TABLE)
    chance = betaincc(*share, np.exp(least - ln_hazard))
    return np.array([
        (after.weights * np.interp(ln_smax + rung[:, None], ln_hazard, chance, left=0.0)).sum() for rung in total
    ])
