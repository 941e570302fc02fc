"""Epcoritamab: what binds its target, at quasi-steady state."""

import numpy as np

from regimens.design.doses import Array
from regimens.design.kinetics.blood import Depot, Values


class BoundToTarget:
    """Epcoritamab (LI25): target at quasi-steady state, only free drug leaves.

    With w = Ctot/2 + KSS - (BASE + KSS)/2 free drug is C = y - KSS, y = w + sqrt(w^2 + beta): few operations, and
    nothing that cancels by more than 1e-15 ug/mL. x is the amount in the periphery times Q/(2 Vp Vc), moved by a
    constant so that dx/dt has none. What is bound is Ctot - C, and leaves with kint.
    """

    exact = False

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
        self.free, self.nothing = np.empty((2, *alpha.shape)), np.zeros_like(alpha)
        self.known = False  # whether k[0] is the slope here

    def give(self, mg: Array) -> None:
        self.depot.give(mg * self.to_w)
        self.known = False

    def infuse(self, mg_per_d: Array) -> None:
        raise TypeError("a subcutaneous drug is not infused")

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
        start, middle, end = (rate + self.steady for rate in self.depot.step(h))
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
        np.maximum(self.free, self.nothing, out=self.free)
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
