"""A count of people with an event, laid over the probabilities that each of them had by every draw. Pure."""

from collections.abc import Sequence

import numpy as np

from regimens.design.adaptive.posterior import INTERVAL
from regimens.design.adaptive.surface import Array
from regimens.design.surprise import Surprise, surprise


def laid_over(people: Sequence[Array], events: int) -> tuple[Surprise, tuple[float, ...], tuple[float, float]]:
    """The surprise; of each draw their mean probability, and 95 % of it. `people`: at least one, each of all draws."""
    p = np.array(people)
    means = p.mean(axis=0)
    low, high = np.quantile(means, INTERVAL).tolist()
    return surprise(len(people), events, [tuple(draw) for draw in p.T.tolist()]), tuple(means.tolist()), (low, high)
