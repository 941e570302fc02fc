"""A vasopressor or positive pressure that is started for CRS: told as the grade it means, without waiting for a set.

Pure. What the record of treatments has running is a floor and no look: it raises a grade and never lowers one, it
opens and prolongs and never closes (decisions, Rulings 2; CF2).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grading.rules.course.episodes import CourseEpisode, begin, go_on, with_axis
from grading.rules.course.events import CRS, Observation, Parameters, RunBegan
from grading.rules.course.rises import Rise, notice, stand
from grading.rules.course.signs import AXES, CrsSigns
from grading.rules.course.state import State
from grading.rules.drugs.agents import agents_of
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.graded import INDETERMINATE, Graded, Reason, reason
from grading.rules.grades.oxygen.required import POSITIVE_PRESSURE
from grading.rules.grades.oxygen.running import oxygen_running
from grading.rules.treatment.indication import treats_syndrome
from grading.rules.treatment.support import Support, amounts_to, joined

MASKED, NO_TEMPERATURE = "possible_masked_fever", "temperature_missing_with_hypotension_or_hypoxia"


def tells(begun: RunBegan) -> bool:
    """Whether this treatment is told by itself. Oxygen at less than positive pressure waits for its set."""
    support = begun.support
    return treats_syndrome(begun.indication, CRS) and (
        bool(_agents([support], begun)) or support.oxygen_device in POSITIVE_PRESSURE
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """The grade that it means, the episode that it opens or prolongs, and whether somebody is to be told."""

    floor: Graded | None = None
    episodes: tuple[CourseEpisode, ...] = ()
    rise: Rise | None = None


def start(state: State, begun: RunBegan, parameters: Parameters) -> tuple[State, Started]:
    """The state with it running, and what that brings about. Nothing for what is not told by itself."""
    state = state.beginning(begun.root, begun.support)
    runs = [one for _root, one in state.running if not one.vasopressor or _agents([one], begun)]
    if state.died or not tells(begun):
        return state, Started()
    grades, episode = amounts_to(runs), state.open_episode(CRS)
    observation = Observation(at=begun.at, id=begun.root, root=begun.root, seen=CrsInputs())
    least, most, why = min(grades), max(grades), _reasons(runs, begun)
    if episode is None:
        return _without_a_fever(state, observation, runs, parameters, least=least, most=most, why=why)
    graded = Graded(
        grade=least if least == most else INDETERMINATE, at_least=least, at_most=most, reasons=why
    )  # fmt: skip
    rise = None
    if least > state.standing_grade(CRS):
        state, rise = stand(state, observation, graded)
    episode = go_on(episode, observation, graded, free=False, present=True, resolution=parameters.resolution)
    return state.keeping(episode), Started(floor=graded, episodes=(episode,), rise=rise)


def _without_a_fever(
    state: State, observation: Observation, runs: Sequence[Support], parameters: Parameters, *, least: int, most: int,
    why: tuple[Reason, ...],
) -> tuple[State, Started]:  # fmt: skip
    """Nobody says whether there is a fever: as a set without a temperature (C10), or one that is masked (C2c)."""
    masked = state.masked_until is not None and observation.at < state.masked_until
    flag = MASKED if masked else NO_TEMPERATURE
    graded = Graded(
        grade=INDETERMINATE, at_least=0, at_most=most, reasons=why, missing=("temperature_c",), flags=(flag,)
    )  # fmt: skip
    current, opens = state.open_provisional(), state.open_provisional() is None
    if current is None:
        current = replace(begin(observation, graded, dose=state.dose), provisional=flag)
    else:
        current = go_on(current, observation, graded, free=False, present=True, resolution=parameters.resolution)
    axes = zip(AXES, (any(one.vasopressor or one.fluid for one in runs), any(one.oxygen for one in runs)), strict=True)
    signs = CrsSigns(
        present=True,
        free=False,
        axes=frozenset(name for name, there in axes if there),
        axis_grade=least,
        axis_most=most,
    )
    current = with_axis(current, observation, signs)
    state = state.keeping(current)
    state, rise = notice(state, observation, graded, signs, opens=opens)
    return state, Started(floor=graded, episodes=(current,), rise=rise)


def _agents(runs: Sequence[Support], begun: RunBegan) -> frozenset[str]:
    """What holds a pressure, and was not taken before the first dose already."""
    named = agents_of([one.vasopressor for one in runs if one.vasopressor])
    return named.besides(agents_of(begun.at_baseline)).holding


def _reasons(runs: Sequence[Support], begun: RunBegan) -> tuple[Reason, ...]:
    agents, oxygen = _agents(runs, begun), oxygen_running(joined(CrsInputs(), runs))
    pressure = (reason("vasopressors_running", agents=", ".join(sorted(agents))),) if agents else ()
    return (*pressure, *(() if oxygen is None else oxygen.reasons))
