"""What became of a grade between two instants, for whoever takes over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from grading.rules.grades.graded import INDETERMINATE


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    SAME = "same"
    UNKNOWN = "unknown"  # the bounds of both overlap: nobody can tell


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeSeen:
    """The grade of one set: -1 where it cannot be told, between `at_least` and `at_most`."""

    at: datetime
    grade: int
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeCourse:
    """`was`: the newest up to the first instant; `now`: the newest up to the second. None: nobody had looked.

    `peak`: the first of those that were the worst for certain, at or after the first instant; None: no set since.
    """

    was: GradeSeen | None
    now: GradeSeen | None
    peak: GradeSeen | None

    @property
    def direction(self) -> Direction:
        """Down only where the worst that it can be now is below the least that it was."""
        if self.was is None or self.now is None or self.now is self.was:
            return Direction.SAME if self.now is self.was else Direction.UNKNOWN
        if self.now.at_least > self.was.at_most:
            return Direction.UP
        if self.now.at_most < self.was.at_least:
            return Direction.DOWN
        return Direction.SAME if self.now.grade == self.was.grade != INDETERMINATE else Direction.UNKNOWN

    @property
    def is_higher_between(self) -> bool:
        """Whether it was worse meanwhile than it was before and than it can be now."""
        ends = [0 if self.was is None else self.was.at_most, 0 if self.now is None else self.now.at_most]
        return self.peak is not None and self.peak.at_least > max(ends)


def grade_course(grades: Sequence[GradeSeen], *, since: datetime, until: datetime) -> GradeCourse:
    """`grades`: of one kind, in whatever order. Those after `until` count for nothing."""
    known = sorted((one for one in grades if one.at <= until), key=lambda one: one.at)
    before = [one for one in known if one.at <= since]
    after = [one for one in known if one.at > since]
    return GradeCourse(
        was=before[-1] if before else None,
        now=known[-1] if known else None,
        peak=max(after, key=lambda one: one.at_least, default=None),
    )
