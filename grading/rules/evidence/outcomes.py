"""What a dose period says of a question "CRS of this grade or above?", and what all of a participant's at a step say.

Known is an event, or a period that ran to its end: to the next dose, or through its risk window. A period that goes
on is open, never "no CRS"; one that ended early is cut short; one that nobody looked at for certain is unknown. Those
three are counted apart and are no part of a proportion. Pure.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from regimens.rules.proportions.intervals import Proportion, proportion

ANY_GRADE = 1


class PeriodOutcome(StrEnum):
    """In the order in which one period of a participant outweighs another of the same step."""

    EVENT = "event"
    UNKNOWN = "unknown"
    OPEN = "open"
    CUT_SHORT = "cut_short"
    NO_EVENT = "no_event"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSyndrome:
    """CRS or ICANS of one dose period, by final grades.

    `any_grade` None: not known. `grade` None: not known; 0: none. `is_over`: the period ended by the cut.
    `ran_to_end`: to the next dose or through its risk window. `is_settled`: no episode of it goes on.
    """

    any_grade: bool | None
    grade: int | None
    is_over: bool
    ran_to_end: bool
    is_settled: bool

    def reaches(self, from_grade: int) -> bool | None:
        """Whether there was CRS of this grade or above. None: not known."""
        if self.any_grade and from_grade == ANY_GRADE:
            return True
        if self.grade is not None and self.grade >= from_grade:
            return True
        return None if self.any_grade is None or self.grade is None else False

    def outcome(self, from_grade: int = ANY_GRADE) -> PeriodOutcome:
        reaches = self.reaches(from_grade)
        if reaches:
            return PeriodOutcome.EVENT
        if reaches is None:
            return PeriodOutcome.UNKNOWN
        if not self.is_over or not self.is_settled:
            return PeriodOutcome.OPEN
        return PeriodOutcome.NO_EVENT if self.ran_to_end else PeriodOutcome.CUT_SHORT


def worst_of(outcomes: Iterable[PeriodOutcome]) -> PeriodOutcome:
    """Of one participant, who counts once at a step however often it is given. Raises ValueError for none."""
    return min(outcomes, key=list(PeriodOutcome).index)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeCounts:
    """Participants by outcome. `received`: all who were given the dose; `known`: the denominator of a proportion."""

    event: int
    no_event: int
    open: int
    cut_short: int
    unknown: int

    @property
    def received(self) -> int:
        return self.known + self.open + self.cut_short + self.unknown

    @property
    def known(self) -> int:
        return self.event + self.no_event

    @property
    def proportion(self) -> Proportion | None:
        """None: of nobody is it known."""
        return proportion(self.event, self.known)


def counted(outcomes: Iterable[PeriodOutcome]) -> OutcomeCounts:
    """One outcome a participant."""
    counts = Counter(outcomes)
    return OutcomeCounts(**{str(one): counts[one] for one in PeriodOutcome})
