"""Probabilities with their intervals, one row a regimen and dose period: the three layers below each other."""

from collections.abc import Sequence
from dataclasses import dataclass

from regimens.charts.axes import Axis, Mark, upper_end

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 640, 170, 26, 26, 52, 24
# Between people, not knowing the parameters, chance in n people: below the top of a row.
LAYERS = (("people", 16), ("parameters", 28), ("chance", 40))
POINT_Y = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class LayeredRow:
    """One regimen in one dose period. A layer that was not asked for is None: it is left out, never drawn as zero."""

    name: str
    label: str
    mean: float | None
    people: tuple[float, float] | None = None
    parameters: tuple[float, float] | None = None
    chance: tuple[float, float] | None = None
    typical: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    layer: str
    y: float
    x: float
    end: float

    @property
    def path(self) -> str:
        """A line with an end on each side."""
        return f"M{self.x:g} {self.y - 5:g} v10 M{self.end:g} {self.y - 5:g} v10 M{self.x:g} {self.y:g} H{self.end:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRow:
    name: str
    label: str
    y: float
    bars: tuple[Bar, ...]
    mean: float | None
    typical: str

    @property
    def name_y(self) -> float:
        return self.y + 22

    @property
    def label_y(self) -> float:
        return self.y + 40

    @property
    def point_y(self) -> float:
        return self.y + POINT_Y


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalChart:
    """`has_typical`: the typical person is among what is drawn, and has to be said in the legend."""

    rows: tuple[DrawnRow, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP

    @property
    def has_typical(self) -> bool:
        return any(row.typical for row in self.rows)

    @property
    def height(self) -> int:
        return TOP + ROW * len(self.rows) + BOTTOM

    @property
    def floor(self) -> int:
        return TOP + ROW * len(self.rows)

    @property
    def banner_x(self) -> int:
        return (LEFT + WIDTH) // 2

    @property
    def banner_y(self) -> int:
        return (TOP + self.floor) // 2


def interval_chart(rows: Sequence[LayeredRow]) -> IntervalChart:
    axis = Axis(low=0.0, high=upper_end(_values(rows), most=1.0), start=LEFT, end=WIDTH - RIGHT)
    return IntervalChart(
        rows=tuple(_drawn(row, TOP + ROW * place, axis) for place, row in enumerate(rows)), marks=axis.marks()
    )


def _values(rows: Sequence[LayeredRow]) -> list[float]:
    ends = [interval for row in rows for interval in (row.people, row.parameters, row.chance) if interval is not None]
    shown = [value for row in rows for value in (row.mean, row.typical) if value is not None]
    return [*shown, *(high for _low, high in ends)]


def _drawn(row: LayeredRow, y: float, axis: Axis) -> DrawnRow:
    bars = []
    for layer, below in LAYERS:
        interval: tuple[float, float] | None = getattr(row, layer)
        if interval is not None:
            bars.append(Bar(layer=layer, y=y + below, x=axis.at(interval[0]), end=axis.at(interval[1])))
    typical = "" if row.typical is None else _diamond(axis.at(row.typical), y + POINT_Y)
    return DrawnRow(
        name=row.name, label=row.label, y=y, bars=tuple(bars), typical=typical,
        mean=None if row.mean is None else axis.at(row.mean),
    )  # fmt: skip


def _diamond(x: float, y: float) -> str:
    return f"M{x:g} {y - 8:g} l6 8 l-6 8 l-6 -8 z"
