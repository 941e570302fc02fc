"""How many rows of ADCRSP each step has, by what is known of CRS after it, and where each bar of their picture lies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q

from grading.exports.rows import Scope, periods_in
from regimens.blinding import Profile

WIDTH, ROW, BAR, TOP = 720, 54, 24, 22  # of the picture, in its own units
LONGEST = 600  # of the longest bar: its number stands behind it
PARTS = ("crs", "none", "so_far", "unknown", "not_given")


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """A stretch of a bar: how many rows, and from where to where."""

    kind: str
    rows: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def has_room(self) -> bool:
        """For its number, inside."""
        return self.width >= 12 * len(str(self.rows)) + 6


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRows:
    """One step, or to whoever is blinded one dose number. `label` empty: it is told by its number alone."""

    label: str
    number: int
    crs: int
    none: int
    so_far: int  # none yet, in a period that goes on
    unknown: int
    not_given: int
    y: int = 0
    scale: float = 0

    @property
    def rows(self) -> int:
        return sum(getattr(self, kind) for kind in PARTS)

    @property
    def bar_y(self) -> int:
        return self.y + TOP + 6

    @property
    def text_y(self) -> int:
        return self.bar_y + 17

    @property
    def end(self) -> float:
        return self.rows * self.scale + 8

    @property
    def parts(self) -> Iterator[BarPart]:
        x = 0.0
        for kind in PARTS:
            rows = getattr(self, kind)
            if rows:
                yield BarPart(kind=kind, rows=rows, x=round(x, 1), width=round(rows * self.scale, 1))
                x += rows * self.scale


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPicture:
    """No steps: nothing was given yet."""

    steps: tuple[StepRows, ...]
    width: int = WIDTH
    bar: int = BAR

    @property
    def height(self) -> int:
        return len(self.steps) * ROW + 4


def picture_of(scope: Scope, *, at: datetime) -> StepPicture:
    """In the order of the plan, and of the doses where a step has no place in it."""
    blinded = scope.profile is Profile.BLINDED
    by = {"label": F("step_label")} if not blinded else {"number": F("dose_number")}
    not_given, given = Q(ended_by="NOT GIVEN"), ~Q(ended_by="NOT GIVEN")
    is_open = Q(ended_at=None) | Q(ended_at__gt=at)
    counts = {
        "crs": Count("pk", filter=given & Q(crs_final_any="Y")),
        "none": Count("pk", filter=given & ~is_open & Q(crs_final_any="N")),
        "so_far": Count("pk", filter=given & is_open & Q(crs_final_any="N")),
        "unknown": Count("pk", filter=given & Q(crs_final_any=None)),
        "not_given": Count("pk", filter=not_given),
    }
    places = {} if blinded else {"place": Min("step__position"), "number": Min("dose_number")}
    periods: Any = periods_in(scope, at).values(**by).annotate(**places, **counts)  # rows of names chosen here
    ordered = periods.order_by("number") if blinded else periods.order_by("place", "number", "label")
    rows = [{name: one[name] for name in ("number", *PARTS)} | {"label": one.get("label") or ""} for one in ordered]
    most = max((sum(one[kind] for kind in PARTS) for one in rows), default=1)
    return StepPicture(steps=tuple(
        StepRows(**one, y=place * ROW, scale=LONGEST / most) for place, one in enumerate(rows)
    ))  # fmt: skip
