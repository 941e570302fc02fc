"""Elranatamab (HIB26): a soluble target that the drug binds at once, and that turns over 1e4 times a day in some.

Amounts in nmol. A drug in the blood, B in the periphery, T target, X what is bound of both. The three are stepped by a
Rosenbrock method (Rodas3: third order, L-stable), which needs the derivatives of X alone: X_A and X_T below 1.

One person alone is reckoned with plain numbers, a tenth of what arrays of one cost, and to the last bit the same: what
is done with either is exact to the bit by IEEE 754.
"""

import math
from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from regimens.design.doses import Array
from regimens.design.kinetics.blood import Depot, Values

GAMMA = 0.5
# Rodas3 (Sandu et al., Atmos Environ 1997;31:3459), as multiples of earlier stages: in their argument, over h, and the
# share of the time derivative.
ARGUMENTS = ((), (), (2.0, 0.0), (2.0, 0.0, 1.0))
OVER_H = ((), (4.0,), (1.0, -1.0), (1.0, -1.0, -8 / 3))
IN_TIME = (0.5, 1.5, 0.0, 0.0)
AT = (0.0, 0.0, 1.0, 1.0)
RESULT = (2.0, 0.0, 1.0, 1.0)

State = tuple[Array, Array, Array]


class SolubleTarget:
    exact = False

    def __init__(self, v: Values) -> None:
        self.alone = v["vc"].size == 1
        if self.alone:
            v = cast(Values, {name: float(value[0]) for name, value in v.items()})
        self.v = v
        self.nmol_per_mg = 1000 / v["kda"]
        self.ug_ml_per_nm = v["kda"] / 1000
        self.depot = Depot(v["ka"])
        self.binding = v["kd"] * v["vc"] * v["v_target"] / v["v_bound"]
        self.leaves = (v["cl"] + v["q"]) / v["vc"]
        self.out, self.back = v["q"] / v["vc"], v["q"] / v["vp"]
        self.of_bound = v["cl_bound"] / v["v_bound"]
        self.turnover = v["cl_target"] / v["v_target"]
        self.made = v["cl_target"] * v["target"]
        nothing = 0 * self.leaves
        self.state: State = (nothing, nothing, v["target"] * v["v_target"])
        self.now = np.empty((2, np.size(nothing)))

    def give(self, mg: Array) -> None:
        self.depot.give(self._own(mg) * self.nmol_per_mg * self.v["f"])

    def infuse(self, mg_per_d: Array) -> None:
        raise TypeError("a subcutaneous drug is not infused")

    def _own(self, values: Array) -> Array:
        """A plain number of one person alone."""
        return cast(Array, float(values.item())) if self.alone else values

    def _positive(self, values: Array) -> Array:
        return cast(Array, max(values, 0.0)) if self.alone else np.maximum(values, 0)

    def _bound(self, a: Array, t: Array) -> tuple[Array, Array]:
        """What is bound, and the root that its derivatives need too."""
        s = self.binding + a + t
        more = self.binding + a - t
        square = more * more + 4 * self.binding * t  # s^2 - 4 A T, without cancelling
        root = cast(Array, math.sqrt(square)) if self.alone else np.sqrt(square)
        return 2 * a * t / (s + root), root

    def concentration(self) -> Array:
        a, _, t = self.state
        bound, _ = self._bound(a, t)
        return np.atleast_1d(self._positive((a - bound) / self.v["vc"] * self.ug_ml_per_nm))

    def fastest(self) -> Array:
        return np.zeros(self.now.shape[1])  # nothing is too fast for this method

    def _slopes(self, a: Array, b: Array, t: Array, enters: Array) -> State:
        x, _ = self._bound(a, t)
        exchange = self.out * (a - x) - self.back * b
        gone = self.of_bound * x
        return (
            enters - (self.leaves - self.out) * (a - x) - exchange - gone,
            exchange,
            self.made - self.turnover * (t - x) - gone,
        )

    def step(self, h: float) -> Array:
        for row in (0, 1):
            self._advance(h / 2)
            self.now[row] = self.concentration()
        return self.now

    def _advance(self, h: float) -> None:
        a, b, t = self.state
        start, _, end = (self._own(rate) for rate in self.depot.step(h))
        in_time = -self.depot.ka * start
        solve = self._solver(a, t, 1 / (GAMMA * h))
        stages: list[State] = []
        for place in range(4):
            at = _moved(self.state, ARGUMENTS[place], stages)
            da, db, dt = _moved(self._slopes(*at, end if AT[place] else start), [c / h for c in OVER_H[place]], stages)
            stages.append(solve(da + IN_TIME[place] * h * in_time, db, dt))
        a, b, t = _moved(self.state, RESULT, stages)
        self.state = (self._positive(a), self._positive(b), self._positive(t))

    def _solver(self, a: Array, t: Array, d: float) -> Callable[[Array, Array, Array], State]:
        """Solves (d I - J) u = r, the periphery taken out first: it hangs on the others linearly, and they on it."""
        x, root = self._bound(a, t)
        x_a, x_t = (t - x) / root, (a - x) / root
        leaves = self.leaves
        # Rows of J: A, B, T.
        aa = -leaves * (1 - x_a) - self.of_bound * x_a
        at = leaves * x_t - self.of_bound * x_t
        ba, bt = self.out * (1 - x_a), -self.out * x_t
        ta = (self.turnover - self.of_bound) * x_a
        tt = -self.turnover * (1 - x_t) - self.of_bound * x_t
        back = self.back / (d + self.back)
        m11, m12 = d - aa - back * ba, -at - back * bt
        m21, m22 = -ta, d - tt
        determinant = m11 * m22 - m12 * m21

        def solve(ra: Array, rb: Array, rt: Array) -> State:
            r = ra + back * rb
            u = (r * m22 - m12 * rt) / determinant
            w = (m11 * rt - m21 * r) / determinant
            return u, (rb + ba * u + bt * w) / (d + self.back), w

        return solve


def _moved(state: State, weights: Sequence[float], stages: Sequence[State]) -> State:
    a, b, t = state
    for weight, stage in zip(weights, stages, strict=False):
        if weight:
            a, b, t = a + weight * stage[0], b + weight * stage[1], t + weight * stage[2]
    return a, b, t
