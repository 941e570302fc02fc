"""The standing grade, and when it rises: at a rise somebody may have to be told."""

from dataclasses import dataclass, replace
from datetime import datetime

from grading.rules.course_events import Look
from grading.rules.course_state import State
from grading.rules.grades import Graded


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """At this set the standing grade rose: somebody may have to be told."""

    kind: str
    look_id: str
    look_root: str
    at: datetime
    before: int
    graded: Graded

    @property
    def grade(self) -> int:
        return self.graded.at_least


def stand(state: State, look: Look, graded: Graded) -> tuple[State, Rise | None]:
    """The standing grade: the last whole grade, or any worse floor since. A floor never lowers it."""
    before = state.standing_grade(look.kind)
    after = graded.at_least if graded.is_definite else max(before, graded.at_least)
    standing = tuple((kind, after if kind == look.kind else grade) for kind, grade in state.standing)
    rise = None
    if after > before:
        rise = Rise(kind=look.kind, look_id=look.id, look_root=look.root, at=look.at, before=before, graded=graded)
    return replace(state, standing=standing), rise
