"""The hazard of CRS with tolerance (LI26), at SMAX 1, for many people or many parameters at once.

dM/dt = kin * I50/(I50 + C) - kin * M, M(0) = 1; h = C^g/(S50^g + C^g) * M; its area over a period times SMAX is H.
"""

import math
from typing import NamedTuple

import numpy as np

from regimens.design.doses import Array

LEAST_RISE = 1e-9  # of a concentration over a half step, relative: below it the mean is the value
SERIES_BELOW = 0.1  # of kin * step: where the closed form of the weights would cancel


class HazardCurve(NamedTuple):
    """Parameters without SMAX. Numbers, or arrays that broadcast with one value a person (the last axis)."""

    s50: Array | float
    kin: Array | float
    i50: Array | float
    hill: Array | float


class Weights(NamedTuple):
    """How tolerance at a time hangs on itself at the start, and on the inhibition at start, middle and end."""

    itself: Array | float
    start: Array | float
    middle: Array | float
    end: Array | float


class Tolerance:
    """M and the area under the hazard at SMAX 1, stepped along with the concentration."""

    def __init__(self, curve: HazardCurve, concentration: Array) -> None:
        """`concentration`: what stands at the start, one value a person."""
        self.curve = curve
        shape = np.broadcast_shapes(concentration.shape, *(np.shape(value) for value in curve))
        self.shift = np.log(curve.s50) * curve.hill
        self.minus_hill = np.negative(curve.hill)
        self.many = len(shape) > concentration.ndim  # many parameters, the same people
        self.met: Array | None = None
        self.tolerance, self.area = np.ones(shape), np.zeros(shape)
        self.log = np.empty((2, *concentration.shape))
        self.effect, self.inhibition = np.empty((2, *shape)), np.empty((2, *shape))
        self.next, self.t, self.sum = np.empty(shape), np.empty(shape), np.empty(shape)
        self.of_h: tuple[float, Weights, Weights] | None = None
        self.before, self.rate = np.empty(shape), np.empty(shape)
        self.meet(concentration)

    def meet(self, concentration: Array) -> None:
        """What stands from now on, after a dose: one that enters the blood at once has made it jump.

        In the next step it may cross I50, within minutes: too sharp for a parabola, but while drug comes in the
        concentration is nearly a line, over which the mean of I50/(I50 + C) is known.
        """
        self.met = concentration
        self._at(concentration, 1)
        self.before[:] = self.inhibition[1]
        np.multiply(self.effect[1], self.tolerance, out=self.rate)

    def step(self, h: float, concentrations: Array) -> None:
        """The inhibition as a parabola over the step, tolerance exact for it, the area by Simpson's rule.

        `concentrations`: rows of half of the step and of its end.
        """
        if self.of_h is None or h != self.of_h[0]:
            middle = weights(self.curve.kin, h, 0.5)
            self.of_h = (h, Weights(*(value * (4 * h / 6) for value in middle)), weights(self.curve.kin, h, 1.0))
        self._at(concentrations, slice(None))
        total, t = self.sum, self.next
        if self.met is None:
            self._mixed(self.of_h[1])  # four sixths of the step inside its weights
            np.multiply(t, self.effect[0], out=total)
            self._mixed(self.of_h[2])
        else:
            self._crossing(h, self.met, concentrations)
            self.met = None
        np.multiply(t, self.effect[1], out=self.t)
        self.rate += self.t
        self.rate *= h / 6
        total += self.rate
        self.area += total
        self.rate, self.t = self.t, self.rate
        self.tolerance, self.next = t, self.tolerance
        self.before[:] = self.inhibition[1]

    def _crossing(self, h: float, met: Array, concentrations: Array) -> None:
        """The same where the concentration is a line over each half, and tolerance follows the mean inhibition."""
        i50, share = self.curve.i50, -np.expm1(np.negative(self.curve.kin) * (h / 2))
        tolerance = self.tolerance
        for place, start, end in ((0, met, concentrations[0]), (1, concentrations[0], concentrations[1])):
            if self.many:
                start, end = start[None, :], end[None, :]
            rise = (end - start) / (i50 + start)
            rise = np.where(np.abs(rise) < LEAST_RISE, LEAST_RISE, rise)
            mean = i50 / (i50 + start) * np.log1p(rise) / rise
            tolerance = tolerance + (mean - tolerance) * share
            if place == 0:
                np.multiply(tolerance, self.effect[0] * (4 * h / 6), out=self.sum)
        self.next[...] = tolerance

    def take_area(self) -> Array:
        """The area since the last call."""
        area = self.area
        self.area = np.zeros_like(area)
        return area

    def _at(self, concentrations: Array, place: int | slice) -> None:
        effect, inhibition, log = self.effect[place], self.inhibition[place], self.log[place]
        np.log(concentrations, out=log)
        if self.many:
            log, concentrations = log[..., None, :], concentrations[..., None, :]
        np.multiply(log, self.minus_hill, out=effect)
        effect += self.shift
        np.exp(effect, out=effect)
        effect += 1
        np.divide(1.0, effect, out=effect)
        np.add(concentrations, self.curve.i50, out=inhibition)
        np.divide(self.curve.i50, inhibition, out=inhibition)

    def _mixed(self, of: Weights) -> None:
        """Tolerance at a later time, into `next`."""
        t, result = self.t, self.next
        np.multiply(self.tolerance, of.itself, out=result)
        for values, weight in ((self.before, of.start), (self.inhibition[0], of.middle), (self.inhibition[1], of.end)):
            np.multiply(values, weight, out=t)
            result += t


def weights(kin: Array | float, h: float, share: float) -> Weights:
    """Of dM/dt = kin * (I - M) at `share` of a step of `h` days, I a parabola through start, middle and end."""
    j0, j1, j2 = _integrals(kin * (h * share))
    one, two = share * j1, share * share * j2
    return Weights(1 - j0, j0 - 3 * one + 2 * two, 4 * one - 4 * two, 2 * two - one)


Integrals = tuple[Array | float, Array | float, Array | float]


def _integrals(z: Array | float) -> Integrals:
    """z * integral of exp(-z (1 - u)) u^n du from 0 to 1, for n = 0, 1, 2."""
    if isinstance(z, float):
        return _series(z) if z < SERIES_BELOW else _closed(z, -math.expm1(-z))
    small = z < SERIES_BELOW
    safe = np.where(small, 1.0, z)
    pairs = zip(_series(z), _closed(safe, -np.expm1(-safe)), strict=True)
    j0, j1, j2 = (np.where(small, near, far) for near, far in pairs)
    return j0, j1, j2


def _closed(z: Array | float, j0: Array | float) -> Integrals:
    j1 = 1 - j0 / z
    return j0, j1, 1 - 2 * j1 / z


def _series(z: Array | float) -> Integrals:
    series = []
    for n in range(3):
        term: Array | float = z / (n + 1)
        total = 0.0 * z
        for k in range(n + 2, n + 14):
            total = total + term
            term = -term * z / k
        series.append(total)
    j0, j1, j2 = series
    return j0, j1, j2
