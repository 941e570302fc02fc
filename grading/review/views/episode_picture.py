"""The course of one episode as a picture: the grade of each set over time, what it could be, and the drugs given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from grading.models import Grade, Treatment

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, FLOOR = 32, 12, 24, 168
GRADES = 5


@dataclass(frozen=True, slots=True)
class SetMark:
    """A set: its certain grade, and up to which it could be."""

    x: float
    y: float
    top: float
    is_open: bool


@dataclass(frozen=True, slots=True)
class EpisodePicture:
    """`path`: the certain grades joined as steps. `ticks`: y and grade. `drugs`: x of each."""

    width: int
    height: int
    floor: int
    left: int
    path: str
    marks: Sequence[SetMark]
    ticks: Sequence[tuple[float, int]]
    drugs: Sequence[float]


def picture_of(sets: Sequence[Grade], drugs: Sequence[Treatment]) -> EpisodePicture | None:
    """None: there is nothing to draw."""
    if not sets:
        return None
    times = [*(one.observed_at for one in sets), *(one.observed_at for one in drugs)]
    start, end = min(times), max(times)
    length = max((end - start).total_seconds(), 1.0)

    def x(at: datetime) -> float:
        return round(LEFT + 8 + (WIDTH - LEFT - RIGHT - 16) * (at - start).total_seconds() / length, 1)

    marks = [
        SetMark(x(one.observed_at), y_of(max(one.at_least, 0)), y_of(max(one.at_most, 0)), one.at_most > one.at_least)
        for one in sets
    ]
    path = f"M{marks[0].x} {marks[0].y}" + "".join(f" H{mark.x} V{mark.y}" for mark in marks[1:])
    return EpisodePicture(
        width=WIDTH, height=HEIGHT, floor=FLOOR, left=LEFT, path=path, marks=marks,
        ticks=[(y_of(grade), grade) for grade in range(GRADES + 1)], drugs=[x(one.observed_at) for one in drugs],
    )  # fmt: skip


def y_of(grade: int) -> float:
    return round(FLOOR - (FLOOR - TOP) * grade / GRADES, 1)
