"""The ladder of a design as a staircase, the lowest rung at the left: which is given now, which is recommended."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, TOP, FLOOR, BOTTOM = 640, 6, 58, 200, 28
LOWEST, RISE = 40, 102  # height of the first step, and from it to the last
NAMED = 6  # so many steps are wide enough for their names; more have their numbers alone
LONGEST_NAME = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnStep:
    """`name` empty: there is no room for it, its number stands for it."""

    number: int
    name: str
    x: float
    y: float
    width: float
    allowed: bool
    current: bool
    recommended: bool

    @property
    def height(self) -> float:
        return FLOOR - self.y

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def mark_y(self) -> float:
        return self.y + 26

    @property
    def upper_y(self) -> float:
        return self.y - 24

    @property
    def lower_y(self) -> float:
        return self.y - 8

    @property
    def cross(self) -> str:
        """From corner to corner, over a step that is not allowed."""
        return f"M{self.x + 4:g} {self.y + 4:g} L{self.x + self.width - 4:g} {FLOOR - 4:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staircase:
    steps: tuple[DrawnStep, ...]
    width: int = WIDTH
    height: int = FLOOR + BOTTOM
    name_y: int = FLOOR + 19


@dataclass(frozen=True, slots=True, kw_only=True)
class StepGiven:
    name: str
    allowed: bool
    current: bool
    recommended: bool


def staircase(steps: Sequence[StepGiven]) -> Staircase:
    """From the lowest up."""
    width = (WIDTH - 2 * LEFT) / max(len(steps), 1)
    rise = RISE / max(len(steps) - 1, 1)
    roomy = len(steps) <= NAMED and all(len(one.name) <= LONGEST_NAME for one in steps)
    return Staircase(
        steps=tuple(
            DrawnStep(
                number=place + 1, name=one.name if roomy else "", x=round(LEFT + place * width, 1),
                y=round(FLOOR - LOWEST - place * rise, 1), width=round(width - 4, 1), allowed=one.allowed,
                current=one.current, recommended=one.recommended,
            )
            for place, one in enumerate(steps)
        )
    )  # fmt: skip
