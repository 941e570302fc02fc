"""Whether a course limits the dose: a grade, or above, for so many hours (the study's rules; 3 for 72 h where none)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from grading.rules.grades.graded import DEATH


@dataclass(frozen=True, slots=True, kw_only=True)
class SetBounds:
    """What one set can be: at least, at most."""

    at: datetime
    at_least: int
    at_most: int


def limits_by_any(
    sets: Sequence[SetBounds], rules: Iterable[tuple[int, int]], *, ended_at: datetime | None
) -> bool | None:
    """By any of these pairs of grade and hours. None: by none for certain, and by one it cannot be told (yet)."""
    answers = [is_limiting(sets, grade=grade, hours=hours, ended_at=ended_at) for grade, hours in rules]
    if any(answers):
        return True
    return None if None in answers else False


def is_limiting(sets: Sequence[SetBounds], *, grade: int, hours: int, ended_at: datetime | None) -> bool | None:
    """Whether the grade stood that long. None: it cannot be told (yet).

    `sets`: of the episode, in order of time, with the set that ended it. For certain it stood from a set at or above
    the grade to the last one of the same run; it may have stood from after the last set below to the first set below
    again. A run that no set ended may still go on while the episode does (`ended_at` None). Death limits at once.
    """
    if any(one.at_least == DEATH for one in sets):
        return True
    needed, may_be = timedelta(hours=hours), False
    for run in _runs([(one.at, one.at_least >= grade) for one in sets]):
        if run.inside[-1] - run.inside[0] >= needed:
            return True
    for run in _runs([(one.at, one.at_most >= grade) for one in sets]):
        end = run.after if run.after is not None else ended_at
        may_be = may_be or end is None or end - run.before >= needed
    return None if may_be else False


@dataclass(frozen=True, slots=True)
class _Run:
    """Sets in a row at the grade. `before`: the last set below it, else the first of the run; `after`: the first set
    below it again, None: there is none."""

    inside: Sequence[datetime]
    before: datetime
    after: datetime | None


def _runs(sets: Sequence[tuple[datetime, bool]]) -> list[_Run]:
    runs: list[_Run] = []
    inside: list[datetime] = []
    below: datetime | None = None
    for at, is_at_grade in sets:
        if is_at_grade:
            inside.append(at)
            continue
        if inside:
            runs.append(_Run(tuple(inside), inside[0] if below is None else below, at))
        inside, below = [], at
    if inside:
        runs.append(_Run(tuple(inside), inside[0] if below is None else below, None))
    return runs
