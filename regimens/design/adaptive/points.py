"""Where the posterior is integrated: points of ln S50 and ln Kin, and a row of ln SMAX at each.

The box of ln S50 and ln Kin is drawn in until it just holds what the data leave of the prior. At each of its points the
logarithm of the posterior is concave along ln SMAX, so that its mode is found by Newton's method, and the row is laid
over that mode, as wide as the curvature there says. Sums over such rows are exact far beyond the contract.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regimens.design.adaptive.surface import SMALLEST, Array, Belief, Prior, Side, Surface

BOX = (25, 17)  # points of ln S50 and ln Kin
FINE_BOX = (73, 49)  # where rows are so narrow that they would stand apart: tens of events
NARROW_SD = 0.2
ROW = 41  # points of ln SMAX
ROW_SD = (8.0, 6.0)  # of the row's own spread, below and above its mode
REACH = 11.0  # how far below its highest value the logarithm of a density counts: 4.7 SD, and beyond it 1 in 30,000
DRAWN_IN = 0.75  # a box that becomes narrower than so much of itself is laid again
MOST_BOXES, MOST_STEPS, LARGEST_STEP, LEAST_STEP = 8, 60, 1.5, 1e-3


Flags = NDArray[np.bool_]


class Counts(NamedTuple):
    """Participants observed in dose periods, and those of them with an event. `columns`: which of the surface's."""

    columns: tuple[int, ...] = ()
    n: tuple[int, ...] = ()
    events: tuple[int, ...] = ()


@dataclass(frozen=True)
class Points:
    """G points of ln S50 and ln Kin; at each a row of ln SMAX. `logs`: ln of the hazard at SMAX 1, columns x G."""

    ln_s50: Array
    ln_kin: Array
    logs: Array
    first: Array  # ln SMAX where each row starts
    step: Array  # and its step
    log_prior: Array  # G x row, with the width of the steps in it: the sum of its exponentials is an integral

    @property
    def ln_smax(self) -> Array:
        return self.first[:, None] + self.step[:, None] * np.arange(ROW)


def points_for(prior: Prior, surface: Surface, counts: Counts) -> Points:
    """The points that hold the posterior of these counts. FloatingPointError where none can be computed."""
    box, size = (Side.of(prior.ln_s50), Side.of(prior.ln_kin)), BOX
    for _ in range(MOST_BOXES):
        grid = _Grid(prior, surface, counts, box, size)
        held = grid.heights > grid.heights.max() - REACH
        if not held.any():
            raise FloatingPointError("no point of the prior can be computed")
        inner = tuple(_drawn_in(axis, held.any(axis=1 - place), size[place]) for place, axis in enumerate(box))
        if all(now.width > DRAWN_IN * before.width for now, before in zip(inner, box, strict=True)):
            if size == FINE_BOX or grid.sd[held].min() > NARROW_SD:
                break
            size = FINE_BOX
        box = inner[0], inner[1]
    return grid.points(held)


def _drawn_in(axis: Side, held: Flags, count: int) -> Side:
    """From a point before the first to a point after the last that counts."""
    at = np.flatnonzero(held)
    step = axis.width / (count - 1)
    low, high = axis.low + step * max(0, at[0] - 1), axis.low + step * min(count - 1, at[-1] + 1)
    return Side(float(low), float(high))


class _Grid:
    """A box of ln S50 and ln Kin, and at each of its points the mode along ln SMAX, its spread, and about its mass."""

    def __init__(
        self, prior: Prior, surface: Surface, counts: Counts, box: tuple[Side, Side], size: tuple[int, int]
    ) -> None:
        self.prior = prior
        self.axes = [np.linspace(axis.low, axis.high, count) for axis, count in zip(box, size, strict=True)]
        self.logs = surface.at(*self.axes)
        weights = [_log_density(axis, normal) for axis, normal in zip(self.axes, prior[1:], strict=True)]
        self.weights = weights[0][:, None] + weights[1]
        areas = np.exp(self.logs[list(counts.columns)])
        n, events = (np.array(values, float)[:, None, None] for values in (counts.n, counts.events))
        self.mode, self.sd = _modes(prior, areas, n, events)
        hazards = np.exp(self.mode) * areas
        fit = log_likelihood(hazards, n, events).sum(axis=0) + _log_density(self.mode, prior.ln_smax)
        self.heights = self.weights + fit + np.log(self.sd)

    def points(self, held: Flags) -> Points:
        s50, kin = np.nonzero(held)
        mode, sd = self.mode[held], self.sd[held]
        first, step = mode - ROW_SD[0] * sd, sum(ROW_SD) * sd / (ROW - 1)
        ln_smax = first[:, None] + step[:, None] * np.arange(ROW)
        log_prior = (self.weights[held] + np.log(step))[:, None] + _log_density(ln_smax, self.prior.ln_smax)
        return Points(self.axes[0][s50], self.axes[1][kin], self.logs[:, held], first, step, log_prior)


def _log_density(values: Array, normal: Belief) -> Array:
    mean, sd = normal
    return -(((values - mean) / sd) ** 2) / 2


def log_likelihood(hazards: Array, n: Array, events: Array) -> Array:
    """ln of Binomial(events; n, 1 - exp(-hazard)), without what the hazard does not change."""
    fit: Array = events * log_of_event(hazards) - (n - events) * hazards
    return fit


def log_of_event(hazards: Array) -> Array:
    """ln of 1 - exp(-hazard)"""
    logs: Array = np.log(-np.expm1(-np.maximum(hazards, SMALLEST)))
    return logs


def _modes(prior: Prior, areas: Array, n: Array, events: Array) -> tuple[Array, Array]:
    """The mode along ln SMAX at every point, and the standard deviation that the curvature there means."""
    mean, sd = prior.ln_smax
    mode = np.full(areas.shape[1:], mean)
    for _ in range(MOST_STEPS):
        hazards = np.maximum(np.exp(mode) * areas, SMALLEST)
        with np.errstate(over="ignore"):
            share = hazards / np.expm1(hazards)
        slope = (events * share - (n - events) * hazards).sum(axis=0) - (mode - mean) / sd**2
        bend = (events * share * (1 - hazards - share) - (n - events) * hazards).sum(axis=0) - 1 / sd**2
        step = np.clip(-slope / bend, -LARGEST_STEP, LARGEST_STEP)
        mode = mode + step
        if np.abs(step).max() < LEAST_STEP:
            break
    return mode, 1 / np.sqrt(-bend)
