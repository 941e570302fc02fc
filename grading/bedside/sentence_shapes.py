"""A kept sentence as lines to draw. Nothing is read of it: its strokes, how thick each was, and how long it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grading.bedside.selectors.sentences import Ribbon
from grading.models import NeuroAssessment

THINNEST, THICKEST = 1.5, 4.0  # CSS pixels: no pressure, and the most


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`path`: as SVG draws it, in CSS pixels of the pad."""

    path: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """`seconds`: from the first point to the last. `is_right` None: the nurse did not score it."""

    neuro: NeuroAssessment
    width: int
    height: int
    lines: Sequence[Line]
    seconds: int
    is_right: bool | None
    is_baseline: bool


def shapes_of(ribbon: Ribbon) -> list[Written]:
    """The baseline first, then oldest to newest."""
    first = [] if ribbon.baseline is None else [_written(ribbon.baseline, is_baseline=True)]
    return [*first, *(_written(one, is_baseline=False) for one in ribbon.last)]


def _written(neuro: NeuroAssessment, *, is_baseline: bool) -> Written:
    sentence: dict[str, Any] = neuro.sentence
    strokes = sentence["strokes"]
    return Written(
        neuro=neuro,
        width=sentence["width"],
        height=sentence["height"],
        lines=[_line(stroke) for stroke in strokes],
        seconds=round(strokes[-1][-1][2] / 1000),
        is_right=neuro.ice_writing,
        is_baseline=is_baseline,
    )


def _line(points: Sequence[Sequence[int]]) -> Line:
    """One point alone is a dot: a line of no length with round ends."""
    (x, y, _, _), *rest = points
    path = f"M{x} {y}" + ("".join(f"L{a} {b}" for a, b, _, _ in rest) or "h0")
    pressure = sum(point[3] for point in points) / len(points) / 1000
    return Line(path=path, width=f"{THINNEST + (THICKEST - THINNEST) * pressure:.1f}")
