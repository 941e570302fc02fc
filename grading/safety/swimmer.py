"""Where everything of the swimmer lies: one lane a participant, days since the first dose from left to right. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grading.safety.lanes import SwimmerLane

WIDTH, LEFT, RIGHT, TOP, ROW = 960, 150, 30, 34, 72
CRS_Y, ICANS_Y, BAND = 20, 36, 14  # below the top of a lane
WINDOW_Y, FLOOR, DRUG_Y, NUMBER_Y = 17, 53, 14, 69
LEAST = 7.0  # the narrowest that is still seen
SECONDS_PER_DAY = 86_400
MOST_DAY_MARKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """An episode, or an inpatient window. `label` empty: it has none. `open`: it goes on."""

    kind: str
    x: float
    width: float
    y: float
    label: str = ""
    open: bool = False

    @property
    def text_x(self) -> float:
        """Of its grade, behind it: few are as wide as a digit."""
        return round(self.x + self.width + 4, 1)

    @property
    def text_y(self) -> float:
        return self.y + BAND - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SwimmerMark:
    """A dose with its number, or the first of a drug in a period."""

    kind: str
    x: float
    y: float
    label: str = ""

    @property
    def is_dose(self) -> bool:
        return self.kind in ("dose", "not_given")

    @property
    def tick(self) -> str:
        """From the windows down to the number of the dose."""
        return f"M{self.x} {self.y - NUMBER_Y + WINDOW_Y} V{self.y - NUMBER_Y + FLOOR}"

    @property
    def shape(self) -> str:
        """A round for tocilizumab, a square for a steroid, behind the letter."""
        x, y = self.x, self.y - 5
        if self.kind == "tocilizumab":
            return f"M{x - 9} {y} a9 9 0 1 0 18 0 a9 9 0 1 0 -18 0 z"
        return f"M{x - 8} {y - 8} h16 v16 h-16 z"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLane:
    participant: str
    y: float
    end: float
    goes_on: bool
    bands: tuple[Band, ...]
    marks: tuple[SwimmerMark, ...]

    @property
    def name_y(self) -> float:
        return self.y + ICANS_Y

    @property
    def floor(self) -> float:
        return self.y + FLOOR

    @property
    def arrow(self) -> str:
        """At the end of a lane that goes on."""
        return f"M{self.end} {self.floor - 6} l12 6 l-12 6 z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swimmer:
    """`days`: where the marks of the axis are, with the day since the first dose."""

    lanes: tuple[DrawnLane, ...]
    days: tuple[tuple[float, int], ...]
    width: int = WIDTH
    left: int = LEFT
    band: int = BAND
    window: int = FLOOR - WINDOW_Y
    name_x: int = 4
    day_y: int = TOP - 12

    @property
    def height(self) -> int:
        return TOP + len(self.lanes) * ROW + 6


def swimmer_of(lanes: Sequence[SwimmerLane], *, cut: datetime) -> Swimmer:
    """No lanes: nobody was dosed."""
    longest = max((lane.ends_at(cut) - lane.starts_at for lane in lanes), default=timedelta(days=1))
    days = max(longest.total_seconds() / SECONDS_PER_DAY, 1.0)
    scale = (WIDTH - LEFT - RIGHT) / days
    every = next(step for step in _steps() if days / step <= MOST_DAY_MARKS)
    return Swimmer(
        lanes=tuple(_drawn(lane, TOP + place * ROW, scale, cut) for place, lane in enumerate(lanes)),
        days=tuple((round(LEFT + day * scale, 1), day) for day in range(0, int(days) + 1, every)),
    )


def _steps() -> Iterator[int]:
    """1, 2, 7, 14, 28 ... days between two marks."""
    yield from (1, 2)
    step = 7
    while True:
        yield step
        step *= 2


def _drawn(lane: SwimmerLane, y: float, scale: float, cut: datetime) -> DrawnLane:
    def x(at: datetime) -> float:
        return round(LEFT + scale * (min(at, cut) - lane.starts_at).total_seconds() / SECONDS_PER_DAY, 1)

    def band(kind: str, start: datetime, end: datetime | None, at_y: float, label: str = "") -> Band:
        width = max(x(end or cut) - x(start), LEAST)
        return Band(kind=kind, x=x(start), width=round(width, 1), y=at_y, label=label, open=end is None)

    windows = [
        band("window", one.starts_at, one.window_ends_at, y + WINDOW_Y)
        for one in lane.periods
        if one.given and one.window_ends_at is not None
    ]
    episodes = [
        band(one.kind if one.grade is not None else "unjudged", one.starts_at, one.ends_at,
             y + (CRS_Y if one.kind == "crs" else ICANS_Y), "?" if one.grade is None else str(one.grade))
        for one in lane.episodes
    ]  # fmt: skip
    doses = [
        SwimmerMark(
            kind="dose" if one.given else "not_given", x=x(one.starts_at), y=y + NUMBER_Y, label=str(one.number)
        )
        for one in lane.periods
    ]
    drugs = [
        SwimmerMark(kind=kind, x=x(at), y=y + DRUG_Y, label=letter)
        for one in lane.periods
        for kind, letter, at in (("tocilizumab", "T", one.tocilizumab_at), ("steroid", "S", one.steroid_at))
        if at is not None
    ]
    return DrawnLane(
        participant=lane.participant, y=y, end=x(lane.ends_at(cut)), goes_on=lane.goes_on,
        bands=(*windows, *episodes), marks=(*doses, *drugs),
    )  # fmt: skip
