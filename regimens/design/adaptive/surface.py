"""The cumulative hazard of every dose period at SMAX 1, as a smooth surface over ln S50 and ln Kin.

The engine solves it at few nodes, once for a prior and its regimens; everything that learns interpolates its logarithm
(Chebyshev nodes, barycentric: Berrut JP, Trefethen LN. SIAM Rev 2004;46:501-517).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
# (S50 ug/mL, Kin /d) of many points -> cumulative hazard at SMAX 1, points x dose periods.
Areas = Callable[[Array, Array], Array]

SPAN_SD = 5.0  # of the prior, on either side: upper quantiles are off by 0.01 at three
# Nodes per unit of ln S50 and of ln Kin: tolerance is the exponential of an exponential of ln Kin. With these the
# logarithm of a hazard is within 0.002 of the engine's own over the middle 4 SD of epcoritamab's prior.
S50_NODES, KIN_NODES = 1.6, 5.6
LEAST_NODES, MOST_NODES = 9, 81
SMALLEST = 1e-300  # instead of a hazard of zero, which has no logarithm


class Belief(NamedTuple):
    """A normal distribution of a logarithm."""

    mean: float
    sd: float


class Prior(NamedTuple):
    """Independent normal distributions of the logarithms."""

    ln_smax: Belief
    ln_s50: Belief
    ln_kin: Belief


class Side(NamedTuple):
    low: float
    high: float

    @classmethod
    def of(cls, normal: Belief) -> "Side":
        return cls(normal.mean - SPAN_SD * normal.sd, normal.mean + SPAN_SD * normal.sd)

    @property
    def width(self) -> float:
        return self.high - self.low

    def nodes(self, per_unit: float) -> Array:
        """Chebyshev points of the first kind, as many as the width asks for."""
        count = min(MOST_NODES, max(LEAST_NODES, math.ceil(per_unit * self.width) + 1))
        angles = (2 * np.arange(count) + 1) * np.pi / (2 * count)
        return (self.low + self.high - self.width * np.cos(angles)) / 2


@dataclass(frozen=True)
class Surface:
    """Logarithms of the cumulative hazards: columns (dose periods) x nodes of ln S50 x nodes of ln Kin."""

    ln_s50: Array
    ln_kin: Array
    logs: Array

    @staticmethod
    def axes(prior: Prior) -> tuple[Array, Array]:
        """The nodes of ln S50 and of ln Kin."""
        return Side.of(prior.ln_s50).nodes(S50_NODES), Side.of(prior.ln_kin).nodes(KIN_NODES)

    @classmethod
    def of(cls, prior: Prior, areas: Areas) -> "Surface":
        ln_s50, ln_kin = cls.axes(prior)
        s50, kin = (np.exp(axis).ravel() for axis in np.meshgrid(ln_s50, ln_kin, indexing="ij"))
        logs = np.log(np.maximum(areas(s50, kin), SMALLEST))
        return cls(ln_s50, ln_kin, np.ascontiguousarray(logs.T.reshape(-1, len(ln_s50), len(ln_kin))))

    def at(self, ln_s50: Array, ln_kin: Array) -> Array:
        """Interpolated to a grid: columns x ln_s50 x ln_kin."""
        rows: Array = _weights(self.ln_s50, ln_s50) @ self.logs @ _weights(self.ln_kin, ln_kin).T
        return rows

    def along(self, ln_s50: Array, ln_kin: Array) -> Array:
        """Interpolated at points, one of both each: columns x points."""
        by_s50, by_kin = _weights(self.ln_s50, ln_s50), _weights(self.ln_kin, ln_kin)
        rows: Array = np.einsum("ps,csk,pk->cp", by_s50, self.logs, by_kin, optimize=True)
        return rows


def _weights(nodes: Array, points: Array) -> Array:
    """What each node counts for at each point: points x nodes."""
    count = len(nodes)
    signs = (-1.0) ** np.arange(count) * np.sin((2 * np.arange(count) + 1) * np.pi / (2 * count))
    apart = points[:, None] - nodes
    at_node = np.abs(apart) < 1e-14 * (1 + np.abs(nodes))
    terms = signs / np.where(at_node, 1.0, apart)
    on_node = at_node.any(axis=1, keepdims=True)
    terms = np.where(on_node, at_node, terms)
    weights: Array = terms / terms.sum(axis=1, keepdims=True)
    return weights
