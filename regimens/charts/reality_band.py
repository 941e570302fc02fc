"""First clinical doses of other molecules as concentrations on one logarithmic axis in pM, with this one among them."""

from collections.abc import Sequence
from dataclasses import dataclass

from regimens.charts.axes import Axis, Mark

WIDTH, LEFT, RIGHT, TOP, ROW = 640, 190, 20, 30, 34
LOWEST, HIGHEST = 0.01, 100_000.0  # pM: the ends of the axis, unless something lies beyond
BAND = (1.0, 200.0)  # pM: outside, the page warns


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstDose:
    """`pm` None: no concentration can be told of it (subcutaneous). `own`: the dose that the page is about."""

    name: str
    pm: float | None
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    name: str
    y: float
    x: float | None
    own: bool

    @property
    def text_y(self) -> float:
        return self.y + 6

    @property
    def diamond(self) -> str:
        return "" if self.x is None else f"M{self.x:g} {self.y - 10:g} l8 10 l-8 10 l-8 -10 z"


@dataclass(frozen=True, slots=True, kw_only=True)
class RealityBand:
    rows: tuple[BandRow, ...]
    marks: tuple[Mark, ...]
    band_x: float
    band_width: float
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP

    @property
    def floor(self) -> int:
        return TOP + ROW * len(self.rows)

    @property
    def height(self) -> int:
        return self.floor + 30

    @property
    def label_y(self) -> int:
        return self.floor + 20

    @property
    def banner_x(self) -> int:
        return (LEFT + WIDTH) // 2

    @property
    def banner_y(self) -> int:
        return (TOP + self.floor) // 2


def reality_band(doses: Sequence[FirstDose]) -> RealityBand:
    above = [one.pm for one in doses if one.pm is not None and one.pm > 0]
    axis = Axis(
        low=min([LOWEST, *above]), high=max([HIGHEST, *above]), start=LEFT, end=WIDTH - RIGHT, log=True,
    )  # fmt: skip
    rows = tuple(
        BandRow(
            name=one.name, y=TOP + ROW * place + ROW / 2, own=one.own,
            x=axis.at(one.pm) if one.pm is not None and one.pm > 0 else None,
        )
        for place, one in enumerate(doses)
    )  # fmt: skip
    start, end = (axis.at(value) for value in BAND)
    return RealityBand(rows=rows, marks=axis.marks(), band_x=start, band_width=round(end - start, 1))
