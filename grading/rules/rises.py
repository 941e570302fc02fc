"""The standing grade, and when it rises: at a rise somebody may have to be told.

So it is when a provisional episode opens, or its other axis joins: hypotension or hypoxia that no grade tells of.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from grading.rules.course_events import Died, Look
from grading.rules.course_state import State
from grading.rules.grades import DEATH, INDETERMINATE, Graded, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """At this set the standing grade rose: somebody may have to be told.

    `provisional`: the flag, where no grade rose but a provisional episode opened, or its other axis joined.
    `before_dosing`: no dose was given yet, so that it is a fever and no CRS; its grade is that of the look.
    """

    kind: str
    look_id: str
    look_root: str
    at: datetime
    before: int
    graded: Graded
    provisional: str = ""
    before_dosing: bool = False

    @property
    def grade(self) -> int:
        """What is told; -1 for a provisional episode, which has none."""
        return INDETERMINATE if self.provisional else self.graded.at_least


def stand(state: State, look: Look, graded: Graded, *, before_dosing: bool = False) -> tuple[State, Rise | None]:
    """The standing grade: the last whole grade, or any worse floor since. A floor never lowers it."""
    before = state.standing_grade(look.kind)
    after = graded.at_least if graded.is_definite else max(before, graded.at_least)
    standing = tuple((kind, after if kind == look.kind else grade) for kind, grade in state.standing)
    rise = None
    if after > before:
        rise = Rise(
            kind=look.kind, look_id=look.id, look_root=look.root, at=look.at, before=before, graded=graded,
            before_dosing=before_dosing,
        )  # fmt: skip
    return replace(state, standing=standing), rise


def lowered(standing: tuple[tuple[str, int], ...], kind: str) -> tuple[tuple[str, int], ...]:
    """With nothing of this kind standing any more."""
    return tuple((one, 0 if one == kind else grade) for one, grade in standing)


def notice(state: State, look: Look, graded: Graded, axes: frozenset[str], *, opens: bool) -> tuple[State, Rise | None]:
    """A provisional episode (C2c, C2d) is told when it opens and when the other axis joins: once for each axis.

    `axes`: Signs.axes of this set; `opens`: the episode begins with it.
    """
    episode = state.open_provisional()
    told = frozenset[str]() if opens else state.noticed
    if episode is None or axes <= told:
        return state, None
    rise = Rise(
        kind=look.kind, look_id=look.id, look_root=look.root, at=look.at, before=state.standing_grade(look.kind),
        graded=graded, provisional=episode.provisional,
    )  # fmt: skip
    return replace(state, noticed=told | axes), rise


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
