"""The standing grade, and when it rises: at a rise somebody may have to be told.

So it is when a provisional episode opens: hypotension or hypoxia that no grade tells of.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from grading.rules.course_events import Died, Look
from grading.rules.course_state import State
from grading.rules.grades import DEATH, INDETERMINATE, Graded, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """At this set the standing grade rose: somebody may have to be told.

    `provisional`: the flag, where no grade rose but a provisional episode opened.
    """

    kind: str
    look_id: str
    look_root: str
    at: datetime
    before: int
    graded: Graded
    provisional: str = ""

    @property
    def grade(self) -> int:
        """What is told; -1 for a provisional episode, which has none."""
        return INDETERMINATE if self.provisional else self.graded.at_least


def stand(state: State, look: Look, graded: Graded) -> tuple[State, Rise | None]:
    """The standing grade: the last whole grade, or any worse floor since. A floor never lowers it."""
    before = state.standing_grade(look.kind)
    after = graded.at_least if graded.is_definite else max(before, graded.at_least)
    standing = tuple((kind, after if kind == look.kind else grade) for kind, grade in state.standing)
    rise = None
    if after > before:
        rise = Rise(kind=look.kind, look_id=look.id, look_root=look.root, at=look.at, before=before, graded=graded)
    return replace(state, standing=standing), rise


def notice(state: State, look: Look, graded: Graded, *, flag: str) -> Rise:
    """A provisional episode opens at this set: told once, and not again while it is open (C2c, C2d)."""
    before = state.standing_grade(look.kind)
    return Rise(
        kind=look.kind, look_id=look.id, look_root=look.root, at=look.at, before=before, graded=graded,
        provisional=flag,
    )  # fmt: skip


def die(state: State, death: Died) -> tuple[State, Rise | None]:
    """Death due to a syndrome is grade 5 and told as a rise to it. No second time where a set said so before."""
    if state.died:
        return state, None
    before = state.standing_grade(death.cause)
    graded = Graded(grade=DEATH, at_least=DEATH, at_most=DEATH, reasons=(reason(f"died_of_{death.cause}"),))
    standing = tuple((kind, DEATH if kind == death.cause else grade) for kind, grade in state.standing)
    rise = Rise(
        kind=death.cause, look_id=death.root, look_root=death.root, at=death.at, before=before, graded=graded
    )  # fmt: skip
    return replace(state, standing=standing), rise
