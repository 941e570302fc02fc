"""What data did to a prior: each parameter before and after, in standard deviations of its prior."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from regimens.charts.axes import Axis, Mark

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 640, 92, 16, 12, 56, 42
REACH_SD = 3.0  # of the axis on each side, unless something lies beyond
HALF_95 = 1.959964  # of a normal distribution


class LogSpread(NamedTuple):
    """Mean and standard deviation of a logarithm."""

    mean: float
    sd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftBar:
    x: float
    end: float
    at: float
    y: float

    @property
    def path(self) -> str:
        return f"M{self.x:g} {self.y - 5:g} v10 M{self.end:g} {self.y - 5:g} v10 M{self.x:g} {self.y:g} H{self.end:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    name: str
    name_y: float
    before: ShiftBar
    after: ShiftBar

    @property
    def diamond(self) -> str:
        return f"M{self.after.at:g} {self.after.y - 8:g} l6 8 l-6 8 l-6 -8 z"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftChart:
    rows: tuple[ShiftRow, ...]
    marks: tuple[Mark, ...]
    floor: int
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP

    @property
    def height(self) -> int:
        return self.floor + BOTTOM

    @property
    def middle(self) -> int:
        return (LEFT + WIDTH - RIGHT) // 2


def shift_chart(rows: Sequence[tuple[str, LogSpread, LogSpread]]) -> ShiftChart:
    """Of each parameter its name, prior and posterior; the bars hold 95 % of a normal distribution."""
    scaled = [(name, ((after.mean - before.mean) / before.sd, after.sd / before.sd)) for name, before, after in rows]
    farthest = max((abs(mean) + HALF_95 * sd for _, (mean, sd) in scaled), default=0.0)
    reach = max(REACH_SD, math.ceil(farthest))
    axis = Axis(low=-reach, high=reach, start=LEFT, end=WIDTH - RIGHT)
    drawn = tuple(
        ShiftRow(
            name=name, name_y=TOP + ROW * place + 33, before=_bar(axis, 0.0, 1.0, TOP + ROW * place + 18),
            after=_bar(axis, *after, TOP + ROW * place + 38),
        )
        for place, (name, after) in enumerate(scaled)
    )  # fmt: skip
    step = max(1, math.ceil(reach / REACH_SD))
    values = [float(value) for value in range(-int(reach), int(reach) + 1) if value % step == 0]
    marks = tuple(Mark(axis.at(value), value) for value in values)
    return ShiftChart(rows=drawn, marks=marks, floor=TOP + ROW * len(rows))


def _bar(axis: Axis, mean: float, sd: float, y: float) -> ShiftBar:
    return ShiftBar(x=axis.at(mean - HALF_95 * sd), end=axis.at(mean + HALF_95 * sd), at=axis.at(mean), y=y)
