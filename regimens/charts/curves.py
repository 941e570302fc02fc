"""Curves over days, with a tick at each dose: concentration on a linear or a logarithmic axis, tolerance."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from regimens.charts.axes import Axis, Mark, day_marks, upper_end

WIDTH, HEIGHT = 640, 260
LEFT, RIGHT, TOP, BOTTOM = 62, 12, 14, 40
DECADES = 5  # at most, below the highest value
STYLES = 6  # line styles that are told apart; a seventh curve is drawn as the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A curve. A value of None, or at or below 0 on a logarithmic axis, is a gap: never drawn as zero."""

    name: str
    times_d: Sequence[float]
    values: Sequence[float | None]
    doses_d: Sequence[float] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    name: str
    style: int
    path: str
    doses: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveChart:
    """`banner_x`, `banner_y`: where what has to be read first stands across the picture."""

    curves: tuple[Curve, ...]
    x_marks: tuple[Mark, ...]
    y_marks: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    floor: int = HEIGHT - BOTTOM
    log: bool = False

    @property
    def banner_x(self) -> int:
        return (self.left + self.right) // 2

    @property
    def banner_y(self) -> int:
        return (self.top + self.floor) // 2

    @property
    def label_y(self) -> int:
        return self.floor + 17

    @property
    def axis_y(self) -> int:
        return self.floor + 35

    @property
    def is_empty(self) -> bool:
        return not any(curve.path for curve in self.curves)


def curve_chart(series: Sequence[Series], *, log: bool = False, top: float | None = None) -> CurveChart:
    """All curves on the same axes. `top`: the upper end, where it is known (tolerance: 1)."""
    values = [value for one in series for value in one.values if value is not None and math.isfinite(value)]
    days = max((time for one in series for time in one.times_d), default=1.0)
    x = Axis(low=0.0, high=max(days, 1.0), start=LEFT, end=WIDTH - RIGHT)
    y = _y_axis(values, log=log, top=top)
    curves = tuple(
        Curve(name=one.name, style=place % STYLES, path=_path(one, x, y), doses=tuple(x.at(day) for day in one.doses_d))
        for place, one in enumerate(series)
    )
    return CurveChart(curves=curves, x_marks=day_marks(x), y_marks=y.marks(), log=log)


def _y_axis(values: Sequence[float], *, log: bool, top: float | None) -> Axis:
    if not log:
        return Axis(low=0.0, high=top or upper_end(values), start=HEIGHT - BOTTOM, end=TOP)
    above = [value for value in values if value > 0]
    power = math.ceil(math.log10(max(above, default=1.0)) - 1e-9)
    lowest = math.floor(math.log10(min(above, default=0.1)))
    low = 10.0 ** max(min(lowest, power - 1), power - DECADES)
    return Axis(low=low, high=10.0**power, log=True, start=HEIGHT - BOTTOM, end=TOP)


def _path(series: Series, x: Axis, y: Axis) -> str:
    """Lines between the points that there are; a gap begins a new one."""
    parts: list[str] = []
    pen, last = "M", ""
    for time, value in zip(series.times_d, series.values, strict=True):
        if value is None or not math.isfinite(value) or (y.log and value < y.low):
            pen = "M"
            continue
        point = f"{x.at(time):g} {y.at(value):g}"
        if point != last or pen == "M":
            parts.append(f"{pen}{point}")
        pen, last = "L", point
    return " ".join(parts)
