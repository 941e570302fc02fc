"""What a block of virtual people holds of the drug, stepped in time. Equations: docs/design.md.

Each kind of kinetics is given amounts and rates, and steps: `step(h)` gives the concentration that acts (ug/mL) after
half of the step and after the whole, as two rows. The array is its own and changes with the next step.
"""

from collections.abc import Mapping
from typing import Protocol

import numpy as np

from regimens.design.doses import Array

Values = Mapping[str, Array]


class Kinetics(Protocol):
    def give(self, mg: Array) -> None:
        """At once: into the depot of a subcutaneous drug, else into the blood."""

    def infuse(self, mg_per_d: Array) -> None:
        """So much more (or, negative, less) a day from now on."""

    def concentration(self) -> Array:
        """What acts now, ug/mL, never below 0."""

    def fastest(self) -> Array:
        """No rate of a person, a day, is above this: what the steps must be small against."""

    def step(self, h: float) -> Array: ...


class Depot:
    """What was injected and is not yet absorbed: exact, because nothing else changes it. mg a day that enter."""

    def __init__(self, ka: Array) -> None:
        self.ka = ka
        self.rate = np.zeros_like(ka)  # ka * amount

    def give(self, mg: Array) -> None:
        self.rate = self.rate + self.ka * mg

    def step(self, h: float) -> tuple[Array, Array, Array]:
        """The rate now, after half a step, and after it."""
        half = np.exp(self.ka * (-h / 2))
        start = self.rate
        middle = start * half
        self.rate = middle * half
        return start, middle, self.rate


class BoundToTarget:
    """Epcoritamab (LI25): target at quasi-steady state, only free drug leaves.

    With w = Ctot/2 + KSS - (BASE + KSS)/2 free drug is C = y - KSS, y = w + sqrt(w^2 + beta): few operations, and
    nothing that cancels by more than 1e-15 ug/mL. x is the amount in the periphery times Q/(2 Vp Vc), moved by a
    constant so that dx/dt has none. What is bound is Ctot - C, and leaves with kint.
    """

    def __init__(self, v: Values) -> None:
        self.depot = Depot(v["ka"])
        half = (v["base"] + v["kss"]) / 2
        alpha = v["kss"] - half
        self.kss, self.beta, self.kint = v["kss"], half**2 - alpha**2, v["kint"]
        leaves, out = (v["cl"] + v["q"]) / v["vc"], v["q"] / v["vc"]
        self.returns = v["q"] / v["vp"]
        self.of_y = (leaves - v["kint"]) / 2
        self.out = out * self.returns / 2
        moved = out * v["kss"] / 2
        self.steady = v["kint"] * alpha + self.of_y * v["kss"] - moved
        self.to_w = 0.5 / v["vc"]
        self.rate = leaves + self.returns + v["kint"]
        self.w, self.x = alpha.copy(), moved.copy()
        self.a, self.b, self.y, self.t = (np.empty_like(alpha) for _ in range(4))
        self.k = [(np.empty_like(alpha), np.empty_like(alpha)) for _ in range(5)]
        self.free = np.empty((2, *alpha.shape))
        self.known = False  # whether k[0] is the slope here

    def give(self, mg: Array) -> None:
        self.depot.give(mg)
        self.known = False

    def infuse(self, mg_per_d: Array) -> None:
        raise NotImplementedError("a subcutaneous drug is not infused")

    def concentration(self) -> Array:
        free: Array = np.maximum(self.w + np.sqrt(self.w**2 + self.beta) - self.kss, 0)
        return free

    def fastest(self) -> Array:
        return self.rate

    def _slopes(self, w: Array, x: Array, enters: Array, k: tuple[Array, Array]) -> None:
        """dw/dt = enters + x - of_y * y - kint * w; dx/dt = out * y - returns * x. Leaves y."""
        (dw, dx), y, t = k, self.y, self.t
        np.multiply(w, w, out=y)
        y += self.beta
        np.sqrt(y, out=y)
        y += w
        np.add(enters, x, out=dw)
        np.multiply(self.of_y, y, out=t)
        dw -= t
        np.multiply(self.kint, w, out=t)
        dw -= t
        np.multiply(self.out, y, out=dx)
        np.multiply(self.returns, x, out=t)
        dx -= t

    def step(self, h: float) -> Array:
        start, middle, end = (rate * self.to_w + self.steady for rate in self.depot.step(h))
        first, second, third, last, after = self.k
        a, b = self.a, self.b
        if not self.known:
            self._slopes(self.w, self.x, start, first)
        self._moved(first, h / 2)
        self._slopes(a, b, middle, second)
        self._moved(second, h / 2)
        self._slopes(a, b, middle, third)
        self._moved(third, h)
        self._slopes(a, b, end, last)
        for state, now, k2, k3 in ((self.w, a, second[0], third[0]), (self.x, b, second[1], third[1])):
            k1, k4 = (first[0], last[0]) if now is a else (first[1], last[1])
            k2 += k3
            k2 += k2
            k2 += k1
            k2 += k4
            k2 *= h / 6
            np.add(state, k2, out=now)
        self._slopes(a, b, end, after)  # here, and of the next step at its start
        np.subtract(self.y, self.kss, out=self.free[1])
        self._middle(first[0], after[0], h)
        np.maximum(self.free, 0, out=self.free)
        self.w, self.a, self.x, self.b = a, self.w, b, self.x
        self.k[0], self.k[4] = after, first
        self.known = True
        return self.free

    def _moved(self, k: tuple[Array, Array], h: float) -> None:
        np.multiply(k[0], h, out=self.a)
        self.a += self.w
        np.multiply(k[1], h, out=self.b)
        self.b += self.x

    def _middle(self, before: Array, after: Array, h: float) -> None:
        """Free drug at half of the step, w from the cubic through both ends and their slopes."""
        w, t = self.free[0], self.t
        np.subtract(before, after, out=t)
        t *= h / 4
        np.add(self.w, self.a, out=w)
        w += t
        w *= 0.5
        np.multiply(w, w, out=t)
        t += self.beta
        np.sqrt(t, out=t)
        w += t
        w -= self.kss


class Modes:
    """Linear and constant: a sum of exponentials, exact over any step. One or two compartments, with or without depot.

    A unit of amount in the blood adds `unit` to each mode, which decays with its own rate; their sum is the
    concentration.
    """

    def __init__(self, v: Values) -> None:
        elimination = v["cl"] / v["vc"]
        if "q" in v:
            out, back = v["q"] / v["vc"], v["q"] / v["vp"]
            total = elimination + out + back
            root = np.sqrt(total**2 - 4 * elimination * back)
            fast = (total + root) / 2
            slow = elimination * back / fast  # not a difference: it would cancel
            self.rates = np.stack([fast, slow])
            self.unit = np.stack([(fast - back) / root, (back - slow) / root]) / v["vc"]
        else:
            self.rates = elimination[None, :]
            self.unit = 1 / v["vc"][None, :]
        self.depot = Depot(v["ka"]) if "ka" in v else None
        self.absorbed = v.get("f", 1.0)
        self.modes = np.zeros_like(self.rates)
        self.inflow = np.zeros_like(elimination)
        self.now = np.empty((2, *elimination.shape))

    def give(self, mg: Array) -> None:
        if self.depot is not None:
            self.depot.give(mg * self.absorbed)
        else:
            self.modes = self.modes + mg * self.unit

    def infuse(self, mg_per_d: Array) -> None:
        self.inflow = self.inflow + mg_per_d

    def concentration(self) -> Array:
        total: Array = np.maximum(self.modes.sum(axis=0), 0)
        return total

    def fastest(self) -> Array:
        return np.zeros_like(self.inflow)  # exact: nothing is too fast for it

    def step(self, h: float) -> Array:
        for row in (0, 1):
            self._advance(h / 2)
            np.maximum(self.modes.sum(axis=0), 0, out=self.now[row])
        return self.now

    def _advance(self, h: float) -> None:
        gain = self.unit * (self.inflow * -np.expm1(-self.rates * h) / self.rates)
        if self.depot is not None:
            apart = np.maximum(np.abs(self.rates - self.depot.ka), ALIKE)
            slower = np.minimum(self.rates, self.depot.ka)
            start, *_ = self.depot.step(h)
            gain = gain + self.unit * start * np.exp(-slower * h) * -np.expm1(-apart * h) / apart
        self.modes = self.modes * np.exp(-self.rates * h) + gain

    def half_life_d(self) -> Array:
        """Terminal: of the slowest of all rates, absorption too."""
        slowest = self.rates.min(axis=0)
        if self.depot is not None:
            slowest = np.minimum(slowest, self.depot.ka)
        result: Array = np.log(2) / slowest
        return result


ALIKE = 1e-12  # a day: two rates this close are one


class FallingClearance:
    """Two compartments whose clearance falls with the time since the first dose; amounts by RK4, the depot exact."""

    def __init__(self, v: Values) -> None:
        self.late, self.falls, self.rate_of_fall = v["cl_late"], v["cl_fall"], v["k_fall"]
        self.vc, self.out, self.back = v["vc"], v["q"] / v["vc"], v["q"] / v["vp"]
        self.depot = Depot(v["ka"]) if "ka" in v else None
        self.absorbed = v.get("f", 1.0)
        self.blood, self.periphery = np.zeros_like(self.vc), np.zeros_like(self.vc)
        self.inflow = np.zeros_like(self.vc)
        self.t_d: float | None = None  # None: before the first dose
        self.now = np.empty((2, *self.vc.shape))

    def give(self, mg: Array) -> None:
        self.t_d = self.t_d or 0.0
        if self.depot is not None:
            self.depot.give(mg * self.absorbed)
        else:
            self.blood = self.blood + mg

    def infuse(self, mg_per_d: Array) -> None:
        self.t_d = self.t_d or 0.0
        self.inflow = self.inflow + mg_per_d

    def concentration(self) -> Array:
        total: Array = np.maximum(self.blood / self.vc, 0)
        return total

    def fastest(self) -> Array:
        return (self.late + np.abs(self.falls)) / self.vc + self.out + self.back

    def _slopes(self, t_d: float, blood: Array, periphery: Array, enters: Array) -> tuple[Array, Array]:
        clearance = self.late + self.falls * np.exp(-self.rate_of_fall * t_d)
        exchange = self.out * blood - self.back * periphery
        return enters - clearance / self.vc * blood - exchange, exchange

    def step(self, h: float) -> Array:
        t = self.t_d or 0.0
        a, b = self.blood, self.periphery
        start, middle, end = self.depot.step(h) if self.depot else (self.inflow,) * 3
        k1 = self._slopes(t, a, b, start)
        k2 = self._slopes(t + h / 2, a + h / 2 * k1[0], b + h / 2 * k1[1], middle)
        k3 = self._slopes(t + h / 2, a + h / 2 * k2[0], b + h / 2 * k2[1], middle)
        k4 = self._slopes(t + h, a + h * k3[0], b + h * k3[1], end)
        self.blood = a + h / 6 * (k1[0] + 2 * (k2[0] + k3[0]) + k4[0])
        self.periphery = b + h / 6 * (k1[1] + 2 * (k2[1] + k3[1]) + k4[1])
        after = self._slopes(t + h, self.blood, self.periphery, end)
        self.t_d = t + h if self.t_d is not None else None
        self.now[0] = ((a + self.blood) / 2 + h / 8 * (k1[0] - after[0])) / self.vc
        self.now[1] = self.blood / self.vc
        np.maximum(self.now, 0, out=self.now)
        return self.now
