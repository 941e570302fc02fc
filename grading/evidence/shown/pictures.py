"""Where the pictures of the evidence lie, in SVG units: shares with their intervals, onset curves. Without a word."""

from collections.abc import Sequence
from dataclasses import dataclass

from grading.evidence.counts import Onset
from grading.evidence.observed import BandEvidence
from grading.evidence.support import PlaceSupport
from regimens.charts.axes import Axis, Mark, upper_end

WIDTH, LEFT, RIGHT, TOP, ROW, BOTTOM = 640, 110, 34, 10, 30, 26
ONSET_WIDTH, ONSET_HEIGHT = 640, 240
ONSET_LEFT, ONSET_RIGHT, ONSET_TOP, ONSET_BOTTOM = 52, 14, 12, 40
DRAWN_H = 336.0  # two weeks: what was watched beyond without an onset is not drawn
MARKS = 8
SPAN_STEPS = (6, 12, 24, 48, 96, 168, 336, 672)  # hours in which people count


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareBar:
    """`whisker`: the model-free interval, `dot` the share of those known; `whole`: of everybody it is known. `band`: x
    and width of the model's interval.
    """

    place: int
    name: str
    y: float
    whisker: str
    dot: float | None
    whole: bool
    band: tuple[float, float] | None

    @property
    def text_y(self) -> float:
        return self.y + 5

    @property
    def band_y(self) -> float:
        return self.y - 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SharePicture:
    bars: tuple[ShareBar, ...]
    marks: tuple[Mark, ...]
    limits: tuple[Mark, ...]
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP

    @property
    def floor(self) -> int:
        return TOP + ROW * len(self.bars)

    @property
    def height(self) -> int:
        return self.floor + BOTTOM

    @property
    def mark_y(self) -> int:
        return self.floor + 18

    @property
    def has_unknown(self) -> bool:
        return any(not one.whole for one in self.bars)

    @property
    def has_bands(self) -> bool:
        return any(one.band for one in self.bars)


def share_picture(places: Sequence[PlaceSupport]) -> SharePicture:
    """Two rows a dose period, and the limits of the rule as lines. One of which nothing is known has no dot."""
    each = [(place.place, one) for place in places for one in place.endpoints]
    highs = [one.of.of.jeffreys.high for _place, one in each if one.of] + [
        one.model.high for _place, one in each if one.model
    ]
    axis = Axis(low=0.0, high=upper_end(highs, most=1.0), start=LEFT, end=WIDTH - RIGHT)
    bars = []
    for row, (place, one) in enumerate(each):
        y, of, model = TOP + ROW * row + ROW / 2, one.of, one.model
        whisker = "" if of is None else _whisker(axis.at(of.of.jeffreys.low), axis.at(of.of.jeffreys.high), y)
        band = None if model is None else (axis.at(model.low), max(axis.at(model.high) - axis.at(model.low), 1.0))
        bars.append(
            ShareBar(
                place=place, name=one.name, y=y, whisker=whisker, band=band, whole=not one.count.not_known,
                dot=None if of is None else axis.at(of.of.share),
            )
        )  # fmt: skip
    limits = sorted({one.below for _place, one in each})
    return SharePicture(
        bars=tuple(bars), marks=axis.marks(), limits=tuple(Mark(axis.at(one), one) for one in limits)
    )  # fmt: skip


def _whisker(low: float, high: float, y: float) -> str:
    return f"M{low:g} {y - 6:g} v12 M{high:g} {y - 6:g} v12 M{low:g} {y:g} H{high:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetPicture:
    """`path`: the share still free; `low` and `high` its limits."""

    path: str
    low: str
    high: str
    hours: tuple[Mark, ...]
    shares: tuple[Mark, ...]
    width: int = ONSET_WIDTH
    height: int = ONSET_HEIGHT
    left: int = ONSET_LEFT
    right: int = ONSET_WIDTH - ONSET_RIGHT
    top: int = ONSET_TOP
    floor: int = ONSET_HEIGHT - ONSET_BOTTOM

    @property
    def mark_y(self) -> int:
        return self.floor + 18

    @property
    def axis_y(self) -> int:
        return self.floor + 34


def onset_picture(onset: Onset) -> OnsetPicture | None:
    """None: nobody was watched for any time."""
    if onset.until_h <= 0:
        return None
    last = onset.curve[-1].t_h if onset.curve else 0.0
    until_h = min(onset.until_h, max(DRAWN_H, last))
    x = Axis(low=0.0, high=until_h, start=ONSET_LEFT, end=ONSET_WIDTH - ONSET_RIGHT)
    y = Axis(low=0.0, high=1.0, start=ONSET_HEIGHT - ONSET_BOTTOM, end=ONSET_TOP)
    free = [(step.t_h, step.free) for step in onset.curve]
    low, high = (
        [(step.t_h, step.interval[end]) for step in onset.curve if step.interval is not None] for end in (0, 1)
    )
    step = next((one for one in SPAN_STEPS if until_h / one <= MARKS), SPAN_STEPS[-1])
    hours = tuple(Mark(x.at(hour), hour) for hour in range(0, int(until_h) + 1, step))
    return OnsetPicture(
        path=_steps(free, x, y), low=_steps(low, x, y), high=_steps(high, x, y), hours=hours,
        shares=tuple(Mark(y.at(one), one) for one in (0.0, 0.25, 0.5, 0.75, 1.0)),
    )  # fmt: skip


def _steps(points: Sequence[tuple[float, float]], x: Axis, y: Axis) -> str:
    """From all at hour 0, down at each point, and on to the end of what was watched."""
    down = "".join(f" H{x.at(t):g} V{y.at(value):g}" for t, value in points)
    return f"M{x.at(0):g} {y.at(1):g}{down} H{x.at(x.high):g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandBar:
    """Shares of those with a prediction. `band`: x and width of 5 to 95 % of the count; `dot`: the count itself."""

    rung: str
    place: int
    y: float
    band: tuple[float, float]
    expected: float
    dot: float

    @property
    def text_y(self) -> float:
        return self.y + 5

    @property
    def band_y(self) -> float:
        return self.y - 9

    @property
    def tick(self) -> str:
        return f"M{self.expected:g} {self.y - 9:g} v18"


@dataclass(frozen=True, slots=True, kw_only=True)
class BandPicture:
    bars: tuple[BandBar, ...]
    marks: tuple[Mark, ...]
    width: int = WIDTH
    left: int = LEFT
    top: int = TOP

    @property
    def floor(self) -> int:
        return TOP + ROW * len(self.bars)

    @property
    def height(self) -> int:
        return self.floor + BOTTOM

    @property
    def mark_y(self) -> int:
        return self.floor + 18


def band_picture(band: BandEvidence) -> BandPicture | None:
    """The counts on the band that was frozen. None: nothing was predicted of what is known."""
    rows = [(row, row.prior) for row in (*band.rows, band.total) if row.prior is not None]
    if not rows:
        return None
    ends = [max(of.interval[1], of.events) / of.n for _row, of in rows]
    axis = Axis(low=0.0, high=upper_end(ends, most=1.0), start=LEFT, end=WIDTH - RIGHT)
    bars = []
    for number, (row, of) in enumerate(rows):
        low, high = (axis.at(count / of.n) for count in of.interval)
        bars.append(
            BandBar(
                rung=row.rung, place=row.place, y=TOP + ROW * number + ROW / 2, band=(low, max(high - low, 2.0)),
                expected=axis.at(of.mean), dot=axis.at(of.events / of.n),
            )
        )  # fmt: skip
    return BandPicture(bars=tuple(bars), marks=axis.marks())
