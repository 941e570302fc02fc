"""What the counts of dose periods leave of a prior of (ln SMAX, ln S50, ln Kin), and what follows for each dose period.

A period's count of participants with an event is Binomial(n, 1 - exp(-SMAX A(S50, Kin))), whatever happened before: the
hazard has no memory but its tolerance. Sums over points, no sampler: the same every time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import ndtri

from regimens.design.adaptive.points import ROW, Counts, Points, log_of_event, points_for
from regimens.design.adaptive.surface import Array, Belief, Prior, Surface

INTERVAL = (0.025, 0.975)
MOST_STEPS, NEAR = 30, 1e-6  # of the search for a quantile, and how near its probability must come
FARTHEST_SD = 12.0  # a quantile is not searched further from the mean
PAD = 4
WIDE = ROW + 2 * PAD  # a row between zeros
SMALLEST = 1e-12  # instead of a probability or a spread of zero


@dataclass(frozen=True)
class Posterior:
    """`weights`: of every point of every row; they sum to 1."""

    points: Points
    weights: Array

    @cached_property
    def mass(self) -> Array:
        """Of each row."""
        rows: Array = self.weights.sum(axis=1)
        return rows

    @cached_property
    def _padded(self) -> tuple[Array, Array]:
        """The weights between zeros, and the mass of each row before each of them: both flat."""
        padded = np.zeros((len(self.weights), WIDE))
        padded[:, PAD:-PAD] = self.weights
        before = np.zeros_like(padded)
        np.cumsum(padded[:, :-1], axis=1, out=before[:, 1:])
        return padded.ravel(), before.ravel()

    def parameters(self) -> Prior:
        """Means and standard deviations."""
        return Prior(
            _moments(self.weights, self.points.ln_smax),
            _moments(self.mass, self.points.ln_s50),
            _moments(self.mass, self.points.ln_kin),
        )

    def means(self, logs: Array) -> Array:
        """The mean of 1 - exp(-hazard); `logs`: rows of ln of the hazard at SMAX 1, at each point."""
        smax = np.exp(self.points.ln_smax)
        return np.array([-(self.weights * np.expm1(-smax * area[:, None])).sum() for area in np.exp(logs)])

    def above(self, logs: Array, limit: float) -> Array:
        """P(1 - exp(-hazard) > limit), with the hazard as in `means`. `limit` is 0 to 1, without them."""
        return 1 - self.below(logs, np.full(len(logs), np.log(-np.log1p(-limit))))

    def quantiles(self, logs: Array, probability: float) -> Array:
        """Of 1 - exp(-hazard), by Newton's method on the normal scale, where the distribution is nearly a line."""
        mean, sd = self.spread(logs)
        low, high = mean - FARTHEST_SD * sd, mean + FARTHEST_SD * sd
        x = mean + sd * ndtri(probability)
        for _ in range(MOST_STEPS):
            below, density = self._near(logs, x)
            if np.abs(below - probability).max() < NEAR:
                break
            low, high = np.where(below < probability, x, low), np.where(below < probability, high, x)
            at = ndtri(np.clip(below, SMALLEST, 1 - SMALLEST))
            slope = np.maximum(density, SMALLEST) / np.maximum(_normal_density(at), SMALLEST)
            x = x + (ndtri(probability) - at) / slope
            x = np.where((low < x) & (x < high), x, (low + high) / 2)  # a step that leaves what is known is halved
        quantiles: Array = -np.expm1(-np.exp(x))
        return quantiles

    def spread(self, logs: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of the logarithm of the hazard."""
        ln_smax = self.points.ln_smax
        first, second = (self.weights * ln_smax).sum(axis=1), (self.weights * ln_smax**2).sum(axis=1)
        mean = first.sum() + logs @ self.mass
        square = second.sum() + 2 * logs @ first + logs**2 @ self.mass
        return mean, np.sqrt(np.maximum(square - mean**2, SMALLEST))

    def below(self, logs: Array, limits: Array) -> Array:
        """P(ln hazard <= limit) for each row of `logs` with its limit."""
        return self._near(logs, limits, density=False)[0]

    def _near(self, logs: Array, limits: Array, *, density: bool = True) -> tuple[Array, Array]:
        """`below`, and the density there (nothing without)."""
        place = (limits[:, None] - logs - self.points.first) / self.points.step
        at = np.clip(np.floor(place), -PAD + 1, ROW).astype(int)
        f = np.clip(place - at, 0.0, 1.0)
        weights, before = self._padded
        index = at + (PAD + WIDE * np.arange(len(self.mass)))
        near = [weights.take(index + offset) for offset in (-1, 0, 1, 2)]
        below = before.take(index - 1)
        for weight, share in zip(near, shares_below(f), strict=True):
            below += weight * share
        if not density:
            return below.sum(axis=1), below[:, :0]
        there = sum(weight * share for weight, share in zip(near, _shares_at(f), strict=True))
        return below.sum(axis=1), (there / self.points.step).sum(axis=1)


def shares_below(f: Array) -> tuple[Array, Array, Array, Array]:
    """How much of the mass of the four points around a limit lies below it.

    f: how far the limit is from the second to the third. The integrals of `_shares_at`: points
    simply counted would be off by up to 0.04: ln SMAX comes in steps.
    """
    g = 1 - f
    return (
        25 / 24 + f * f * (-1 / 4 + f * (1 / 3 - f / 8)),
        0.5 + f * (1 + f * f * (-5 / 6 + 3 / 8 * f)),
        0.5 - g * (1 + g * g * (-5 / 6 + 3 / 8 * g)),
        -1 / 24 - g * g * (-1 / 4 + g * (1 / 3 - g / 8)),
    )


def _shares_at(f: Array) -> tuple[Array, Array, Array, Array]:
    """The kernel of cubic convolution (Keys RG. IEEE Trans Acoust Speech Signal Process 1981;29:1153-1160)."""
    g = 1 - f
    return -0.5 * f * g * g, 1 + f * f * (1.5 * f - 2.5), 1 + g * g * (1.5 * g - 2.5), -0.5 * g * f * f


def _normal_density(z: Array) -> Array:
    density: Array = np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    return density


def _moments(weights: Array, values: Array) -> Belief:
    mean = float((weights * values).sum())
    return Belief(mean, float(np.sqrt((weights * (values - mean) ** 2).sum())))


def posterior(prior: Prior, surface: Surface, counts: Counts) -> Posterior:
    """Of one set of counts, on points laid for it."""
    points = points_for(prior, surface, counts)
    return Posterior(points, weights_of(points, counts.columns, [counts.n], [counts.events])[0])


def weights_of(
    points: Points, columns: Sequence[int], n: Sequence[Sequence[int]], events: Sequence[Sequence[int]]
) -> Array:
    """The weights of every point for many sets of counts of the same dose periods: sets x G x row."""
    logs = points.log_prior[None]
    if columns:
        hazards = np.exp(points.logs[list(columns), :, None] + points.ln_smax)
        some, none = log_of_event(hazards), hazards
        had, not_had = np.array(events, float), np.array(n, float) - np.array(events, float)
        logs = logs + np.tensordot(had, some, 1) - np.tensordot(not_had, none, 1)
    weights = np.exp(logs - logs.max(axis=(1, 2), keepdims=True))
    weights /= weights.sum(axis=(1, 2), keepdims=True)
    result: Array = weights
    return result
