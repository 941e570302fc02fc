"""Which judgement decides a grade, and while it holds (Rulings 2, "A judgement holds while..."). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedGrade:
    """What the rules make of a set or an episode now.

    `unsettled`: the rules give no grade: a set with data missing, or a provisional episode. Its `at_least` is then the
    least, and what a person judges is what it could be, `at_most` (of a provisional episode the grade of its axis).
    """

    at_least: int
    at_most: int
    unsettled: bool = False

    @property
    def measure(self) -> int:
        return self.at_most if self.unsettled else self.at_least


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a ledger says. `grade` None: it agrees. `about`: the derived grade that was judged.

    `about_at_most`: what that could be; None: judged before it was kept, and then it was about `about` alone.
    """

    grade: int | None
    about: int
    about_at_most: int | None = None

    def holds(self, now: DerivedGrade) -> bool:
        """Whether the derived grade is not above the one that was judged."""
        about = self.about
        if now.unsettled and self.about_at_most is not None:
            about = self.about_at_most
        elif self.about < 0:  # a set that could not be told, and can now
            about = self.about if self.about_at_most is None else self.about_at_most
        return now.measure <= about


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """`grade`: the final one; the derived `at_least` where nobody judged. `judged`: a person's word holds.

    `again`: somebody judged, and no word of theirs holds any more: it asks to be judged again.
    """

    grade: int
    judged: bool = False
    again: bool = False


def final_of(now: DerivedGrade, words: Sequence[Word]) -> Final:
    """The final grade. `words`: of the ledgers that decide, the most answerable first (central, investigator).

    The first word that holds decides; agreement leaves the derived grade. Where none holds, the derived grade is
    final until somebody judges again; a higher one that was said is not lowered by that (convention): a course that
    gets worse never lowers a grade.
    """
    for word in words:
        if word.holds(now):
            return Final(grade=now.at_least if word.grade is None else word.grade, judged=True)
    grade = next((word.grade for word in words), None)
    return Final(grade=max(now.at_least, now.at_least if grade is None else grade), again=bool(words))
