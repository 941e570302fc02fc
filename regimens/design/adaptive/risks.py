"""The two risks of each rung that the escalation rule asks for, from a posterior."""

from collections.abc import Sequence

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from regimens.design.adaptive.decisions import EscalationRule, Risk
from regimens.design.adaptive.posterior import Posterior
from regimens.design.adaptive.surface import SMALLEST, Array

SHARES = 64  # equally likely ones: their mean is within 0.008
# In standard deviations of ln hazard, where its distribution is solved.
KNOTS = np.array([-6, -4, -3, -2.2, -1.5, -0.9, -0.3, 0.3, 0.9, 1.5, 2.2, 3, 4, 6])
TAIL = 1e-12


def risks_of(after: Posterior, rungs: Sequence[slice], rule: EscalationRule, *, grade3: int, events: int) -> list[Risk]:
    """`rungs`: the columns of each. `grade3` of the `events` seen so far were of grade 3 or more."""
    logs = after.points.logs
    worst = np.array([logs[columns].max(axis=0) for columns in rungs])
    total = np.log(np.array([np.exp(logs[columns]).sum(axis=0) for columns in rungs]))
    share = rule.grade3_share_prior[0] + grade3, rule.grade3_share_prior[1] + events - grade3
    over_grade3 = _over_grade3(after, total, share, rule.grade3_above)
    return [
        Risk(over_grade2=float(two), over_grade3=float(three))
        for two, three in zip(after.above(worst, rule.grade2_above), over_grade3, strict=True)
    ]


def _over_grade3(after: Posterior, total: Array, share: tuple[float, float], limit: float) -> Array:
    """P(1 - exp(-share hazard) > limit), the share Beta and independent: its mean over equally likely shares.

    `total`: rows of ln of the hazard at SMAX 1.
    """
    shares = betaincinv(*share, (np.arange(SHARES) + 0.5) / SHARES)
    limits = np.log(-np.log1p(-limit)) - np.log(np.maximum(shares, SMALLEST))  # of ln hazard, one a share
    mean, sd = after.spread(total)
    knots = mean[:, None] + sd[:, None] * KNOTS
    below = after.below(np.repeat(total, len(KNOTS), axis=0), knots.ravel())
    scores = ndtri(np.clip(below, TAIL, 1 - TAIL)).reshape(knots.shape)  # nearly a line over ln hazard
    return np.array(
        [
            1 - ndtr(np.interp(limits, *rung, left=-np.inf, right=np.inf)).mean()
            for rung in zip(knots, scores, strict=True)
        ]
    )
