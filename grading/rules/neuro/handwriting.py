"""The sentence that a participant wrote on the tablet, as strokes: checked for shape and size, never read. The nurse
scores it.

One sentence is `{"width": w, "height": h, "strokes": [[[x, y, t, p], ...], ...]}`, whole numbers all: x and y in CSS
pixels of the pad from its upper left corner, t in ms since the first point, p the pressure in thousandths (500 where
the device has none). The limits are ours: what a person writes in some minutes, and what a row can hold.
"""

from collections.abc import Mapping
from itertools import chain, pairwise

MOST_STROKES = 200  # a Chinese sentence of 20 characters
MOST_POINTS = 2_000
MOST_SIDE = 4_000  # CSS pixels
MOST_MS = 15 * 60 * 1_000
MOST_PRESSURE = 1_000
MOST_CHARACTERS = 60_000  # as JSON; 2,000 points of the longest numbers are less
FIELDS = ("width", "height", "strokes")


def problem(sentence: object) -> str | None:
    """A code for what does not hold. None: it is a sentence in strokes."""
    if not isinstance(sentence, Mapping) or sorted(sentence) != sorted(FIELDS):
        return "strokes_not_readable"
    width, height, strokes = (sentence[name] for name in FIELDS)
    if not (_whole(width, 1, MOST_SIDE) and _whole(height, 1, MOST_SIDE)):
        return "strokes_not_readable"
    if not isinstance(strokes, list) or not strokes or not all(isinstance(one, list) and one for one in strokes):
        return "strokes_not_readable"
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS:
        return "strokes_too_many"
    points = list(chain.from_iterable(strokes))
    if not all(_is_point(point, width, height) for point in points):
        return "strokes_not_readable"
    if points[0][2] != 0 or any(later[2] < earlier[2] for earlier, later in pairwise(points)):
        return "strokes_not_in_time"
    return None


def _is_point(point: object, width: int, height: int) -> bool:
    """A pen that leaves the pad is still followed a little: half a pad to each side."""
    return (
        isinstance(point, list)
        and len(point) == 4
        and _whole(point[0], -width // 2, width + width // 2)
        and _whole(point[1], -height // 2, height + height // 2)
        and _whole(point[2], 0, MOST_MS)
        and _whole(point[3], 0, MOST_PRESSURE)
    )


def _whole(value: object, least: int, most: int) -> bool:
    """true is no number here, though Python counts it as 1."""
    return type(value) is int and least <= value <= most
