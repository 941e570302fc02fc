"""Linear kinetics: constant, in closed form, and with a clearance that falls."""

import numpy as np

from regimens.design.doses import Array
from regimens.design.kinetics.blood import Depot, Values

ALIKE = 1e-12  # a day: two rates this close are one
NEAR, SMALL = 1e-5, 1e-2  # where a difference would cancel: of two means over a step, and within a slope


class Modes:
    """Linear and constant: a sum of exponentials, exact over any step. One or two compartments, with or without depot.

    A unit of amount in the blood adds `unit` to each mode, which decays with its own rate; their sum is the
    concentration.
    """

    exact = True

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
        rate: Array = self.rates.max(axis=0)
        if self.depot is not None:
            rate = np.maximum(rate, self.depot.ka)
        return rate

    def area(self, h: float) -> Array:
        """Under the concentration over the next h days, in which nothing is given: exact, whatever h."""
        x = self.rates * h
        parts = self.modes * _mean(x) + self.unit * self.inflow * h * _mean_rise(x, np.zeros_like(x))
        if self.depot is not None:
            parts = parts + self.unit * self.depot.rate * h * _mean_rise(x, self.depot.ka * h)
        total: Array = np.maximum(parts.sum(axis=0) * h, 0)
        return total

    def step(self, h: float) -> Array:
        for row in (0, 1):
            self.advance(h / 2)
            np.maximum(self.modes.sum(axis=0), 0, out=self.now[row])
        return self.now

    def advance(self, h: float) -> None:
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


def _mean(x: Array) -> Array:
    """Of exp(-x u) over u from 0 to 1."""
    return np.where(x > 0, -np.expm1(-x) / np.where(x > 0, x, 1.0), 1.0)


def _mean_rise(x: Array, y: Array) -> Array:
    """Of what stands at u of a step, entered as exp(-y u) and left as exp(-x u): (mean(x) - mean(y)) / (y - x)."""
    apart = y - x
    near = np.abs(apart) < NEAR * np.maximum(1.0, x)
    return np.where(near, _slope((x + y) / 2), (_mean(x) - _mean(y)) / np.where(near, 1.0, apart))


def _slope(x: Array) -> Array:
    """Minus the derivative of `_mean`."""
    series = 1 / 2 - x / 3 + x**2 / 8 - x**3 / 30
    return np.where(x < SMALL, series, (1 - np.exp(-x) * (1 + x)) / np.where(x < SMALL, 1.0, x) ** 2)


class FallingClearance:
    """Two compartments whose clearance falls with the time since the first dose; amounts by RK4, the depot exact."""

    exact = False

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
