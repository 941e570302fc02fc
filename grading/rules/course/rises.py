"""The standing grade, and when it rises: at a rise somebody may have to be told.

So it is when a provisional episode opens, its other axis joins or its axis grade rises: hypotension or hypoxia that
no grade tells of.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from grading.rules.course.events import CRS, Died, Observation
from grading.rules.course.signs import CrsSigns
from grading.rules.course.state import State
from grading.rules.grades.graded import DEATH, INDETERMINATE, Graded, reason

# A fever that swings around 38.0 °C is one fever (decisions, Rulings 2).
AGAIN_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """At this set the standing grade rose: somebody may have to be told.

    `provisional`: the flag, where no grade rose but a provisional episode opened or got worse. `if_crs`: the least
    grade of that set were it CRS, by which it is told how urgent it is; None where a grade rose.
    `before_dosing`: no dose was given yet, so that it is a fever and no CRS; its grade is that of the look. `quiet`:
    grade 1 again within one open episode, soon after it was told: nobody is told anew.
    """

    kind: str
    observation_id: str
    observation_root: str
    at: datetime
    before: int
    graded: Graded
    provisional: str = ""
    if_crs: int | None = None
    before_dosing: bool = False
    quiet: bool = False

    @property
    def grade(self) -> int:
        """What is told; -1 for a provisional episode, which has none."""
        return INDETERMINATE if self.provisional else self.graded.at_least


def stand(
    state: State, observation: Observation, graded: Graded, *, before_dosing: bool = False
) -> tuple[State, Rise | None]:
    """The standing grade: the last whole grade, or any worse floor since. A floor never lowers it.

    `state`: before this set, so that the episode in which it was taken is still as it was.
    """
    before = state.standing_grade(observation.kind)
    after = graded.at_least if graded.is_definite else max(before, graded.at_least)
    standing = tuple((kind, after if kind == observation.kind else grade) for kind, grade in state.standing)
    rise = None
    if after > before:
        rise = Rise(
            kind=observation.kind, observation_id=observation.id, observation_root=observation.root, at=observation.at,
            before=before, graded=graded, before_dosing=before_dosing,
            quiet=after == 1 and _is_told(state, observation, before_dosing=before_dosing),
        )  # fmt: skip
        if after == 1 and not rise.quiet:
            state = replace(
                state, told_ones=tuple(sorted({**dict(state.told_ones), observation.kind: observation.at}.items()))
            )
    return replace(state, standing=standing), rise


def _is_told(state: State, observation: Observation, *, before_dosing: bool) -> bool:
    """Whether grade 1 was told in the open episode, or before the first dose at all, less than AGAIN_AFTER ago."""
    told_at = dict(state.told_ones).get(observation.kind)
    if told_at is None or observation.at - told_at >= AGAIN_AFTER:
        return False
    episode = state.open_episode(observation.kind)
    return before_dosing or (episode is not None and told_at >= episode.started_at)


def fever_before_dosing_is_over(state: State) -> bool:
    """Before the first dose: no fever stands, and one that swings around 38.0 °C would be told anew."""
    told_at = dict(state.told_ones).get(CRS)
    swings = told_at is not None and state.last is not None and state.last[0] - told_at < AGAIN_AFTER
    return not state.standing_grade(CRS) and not swings


def lowered(standing: tuple[tuple[str, int], ...], kind: str) -> tuple[tuple[str, int], ...]:
    """With nothing of this kind standing any more."""
    return tuple((one, 0 if one == kind else grade) for one, grade in standing)


def notice(
    state: State, observation: Observation, graded: Graded, signs: CrsSigns, *, opens: bool
) -> tuple[State, Rise | None]:
    """A provisional episode is told when it opens, when the other axis joins, and at each rise of its axis grade.

    Once for each axis, and for no axis grade up to the highest that was told. `opens`: the episode begins with this
    set.
    """
    episode = state.open_provisional()
    axes, highest = (frozenset[str](), 0) if opens else (state.noticed, state.noticed_grade)
    if episode is None or (signs.axes <= axes and signs.axis_grade <= highest):
        return state, None
    rise = Rise(
        kind=observation.kind, observation_id=observation.id, observation_root=observation.root, at=observation.at,
        before=state.standing_grade(observation.kind), graded=graded, provisional=episode.provisional,
        if_crs=signs.axis_grade,
    )  # fmt: skip
    return replace(state, noticed=axes | signs.axes, noticed_grade=max(highest, signs.axis_grade)), rise


def die(state: State, death: Died) -> tuple[State, Rise | None]:
    """Death due to a syndrome is grade 5 and told as a rise to it. No second time where a set said so before."""
    if state.died:
        return state, None
    before = state.standing_grade(death.cause)
    graded = Graded(grade=DEATH, at_least=DEATH, at_most=DEATH, reasons=(reason(f"died_of_{death.cause}"),))
    standing = tuple((kind, DEATH if kind == death.cause else grade) for kind, grade in state.standing)
    rise = Rise(
        kind=death.cause, observation_id=death.root, observation_root=death.root, at=death.at, before=before,
        graded=graded,
    )  # fmt: skip
    return replace(state, standing=standing), rise
