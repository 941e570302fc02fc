"""The course: all facts of a participant in, graded sets, episodes and rises out.

A fold. `step` takes the state after the facts so far and the next fact, and returns the new state with what
that fact brought about; `derive` folds a whole record. A state can be written down and continued later, so a
fact that comes in order costs the same however long the course is, and one that comes late is folded from the
start. Both ways give the same course.

Rules: S1-S11 of Lee et al. 2019 as read in docs/conventions.md. The paper is silent on clocks: those rows are
conventions, for a clinician to sign off.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from grading.rules.course.episodes import (
    CourseEpisode,
    begin,
    close_by_death,
    fatal,
    go_on,
    key_of,
    with_axis,
)
from grading.rules.course.events import (
    CRS,
    ICANS,
    Attributed,
    Died,
    DoseGiven,
    Event,
    Observation,
    Parameters,
    RunBegan,
    RunEnded,
    Treated,
    follows,
    in_order,
    place_of,
)
from grading.rules.course.rises import Rise, die, lowered, notice, stand
from grading.rules.course.signs import CrsSigns, crs_signs
from grading.rules.course.started import start
from grading.rules.course.state import State
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.danger import follow
from grading.rules.grades.graded import DEATH, Graded, flagged
from grading.rules.grades.icans import grade_icans
from grading.rules.grades.icans_inputs import IcansInputs
from grading.rules.treatment.support import joined

PROVISIONAL = (  # C2c, C2d, C10
    "possible_masked_fever",
    "unexplained_hypotension_or_hypoxia",
    "temperature_missing_with_hypotension_or_hypoxia",
)
BEFORE_DOSING = "fever_before_first_dose"


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedObservation:
    """`seen`: the look as it was graded, with its history."""

    observation: Observation
    seen: CrsInputs | IcansInputs
    graded: Graded


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one fact brought about. `episodes` are those it opened, changed or ended, as they are now.

    `floor`: what a treatment that was started means by itself; it is no look, and raises what the newest one shows.
    """

    graded: GradedObservation | None = None
    floor: Graded | None = None
    rise: Rise | None = None
    episodes: tuple[CourseEpisode, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A whole record, derived."""

    graded: tuple[GradedObservation, ...]
    episodes: tuple[CourseEpisode, ...]
    rises: tuple[Rise, ...]
    state: State


def derive(events: Iterable[Event], parameters: Parameters) -> Course:
    """The course of a whole record, whatever the order in which its facts are handed in."""
    state = State()
    graded: list[GradedObservation] = []
    rises: list[Rise] = []
    episodes: dict[tuple[str, str, str], CourseEpisode] = {}
    for event in in_order(events):
        state, outcome = step(state, event, parameters)
        if outcome.graded is not None:
            graded.append(outcome.graded)
        if outcome.rise is not None:
            rises.append(outcome.rise)
        for episode in outcome.episodes:
            episodes[key_of(episode)] = episode
    return Course(graded=tuple(graded), episodes=tuple(episodes.values()), rises=tuple(rises), state=state)


def comes_in_order(state: State, event: Event) -> bool:
    """Whether `step` may continue from `state`; otherwise the record is derived again.

    Two of one place may differ in what is not graded, which only the whole record puts in an order.
    """
    return state.last is None or follows(event, state.last)


def step(state: State, event: Event, parameters: Parameters) -> tuple[State, Outcome]:
    """The state after `event`, and what it brought about. `event` must not lie before `state.last`."""
    state = replace(state, last=place_of(event))
    match event:
        case DoseGiven():  # with its window what is not told by a grade is told anew (decisions, Alerts)
            return _dose(state, event, parameters), Outcome()
        case Treated():
            return _treat(state, event, parameters)
        case RunBegan():
            state, started = start(state, event, parameters)
            return state, Outcome(rise=started.rise, episodes=started.episodes, floor=started.floor)
        case RunEnded():
            return state.ending(event.root), Outcome()
        case Attributed():
            return replace(state, attributed=(*state.attributed, event)), Outcome()
        case Died():
            return _die(state, event)
        case Observation():
            if isinstance(event.seen, CrsInputs):
                return _observed_crs(state, event, event.seen, parameters)
            return _observed_icans(state, event, event.seen, parameters)


def _dose(state: State, given: DoseGiven, parameters: Parameters) -> State:
    if parameters.awaits_dose and state.dose is None:  # what was before is no CRS, and is not told as one again
        state = replace(state, standing=lowered(state.standing, CRS))
    return replace(state, dose=given, noticed=frozenset(), noticed_grade=0, danger=())


def _treat(state: State, given: Treated, parameters: Parameters) -> tuple[State, Outcome]:
    until = given.at + (given.lasts or parameters.masking[given.masking])
    if state.masked_until is None or until > state.masked_until:
        state = replace(state, masked_until=until)
    if not given.treats:  # S2: premedication never opens the waiver
        return state, Outcome()
    state = replace(state, treated_at=given.at)
    episode = state.open_episode(CRS)
    if episode is None:
        return state, Outcome()
    treated = replace(episode, treated=True)
    return state.keeping(treated), Outcome(episodes=(treated,))


def _observed_crs(
    state: State, observation: Observation, seen: CrsInputs, parameters: Parameters
) -> tuple[State, Outcome]:
    episode = state.open_episode(CRS)
    masked = state.masked_until is not None and observation.at < state.masked_until
    seen = replace(
        joined(seen, [support for _, support in state.running]),
        prior_crs_fever_this_episode=episode is not None,  # S3: every open episode began with a fever
        antipyretic_or_anticytokine_since_onset=episode.treated if episode is not None else masked,
        fever_attributed_to_other_cause=seen.fever_attributed_to_other_cause
        or state.attributes("fever", at=observation.at),
        hypotension_attributed_to_other_cause=seen.hypotension_attributed_to_other_cause
        or state.attributes("hypotension", at=observation.at),
        hypoxia_attributed_to_other_cause=seen.hypoxia_attributed_to_other_cause
        or state.attributes("hypoxia", at=observation.at),
    )
    state = replace(state, danger=follow(state.danger, observation.danger, root=observation.root, at=observation.at))
    graded, signs = grade_crs(seen), crs_signs(seen)
    early = parameters.awaits_dose and state.dose is None and 0 < graded.at_least < DEATH
    if early:
        graded = flagged(graded, BEFORE_DOSING)
    state, rise = stand(state, observation, graded, before_dosing=early)
    changed: tuple[CourseEpisode, ...]
    if episode is None and graded.at_least > 0 and not early:
        # S2: a drug given at the very start counts as given since.
        episode = replace(begin(observation, graded, dose=state.dose), treated=state.treated_at == observation.at)
        state, changed = state.keeping(episode), (episode,)
        if provisional := state.open_provisional():  # a fever has come: it was CRS, from here on by definition
            over = replace(provisional, ended_at=observation.at)
            state, changed = state.keeping(over), (over, *changed)
    elif episode is not None:
        episode = go_on(
            episode, observation, graded, free=signs.free, present=signs.present, resolution=parameters.resolution
        )
        state, changed = state.keeping(episode), (episode,)
    else:
        opens = state.open_provisional() is None
        state, changed = _provisional(state, observation, graded, signs, parameters)
        state, noticed = notice(state, observation, graded, signs, opens=opens)
        rise = rise or noticed
    if seen.died_of_crs:
        state, changed = _end_at(state, observation, CRS, changed)
    return state, Outcome(
        graded=GradedObservation(observation=observation, seen=seen, graded=graded), rise=rise, episodes=changed
    )


def _provisional(
    state: State, observation: Observation, graded: Graded, signs: CrsSigns, parameters: Parameters
) -> tuple[State, tuple[CourseEpisode, ...]]:
    """Hypotension or hypoxia, and no fever is known: no CRS by definition, and not to be passed over."""
    flag = next((flag for flag in PROVISIONAL if flag in graded.flags), "")
    current = state.open_provisional()
    if current is None:
        if not flag:
            return state, ()
        opened = with_axis(replace(begin(observation, graded, dose=state.dose), provisional=flag), observation, signs)
        return state.keeping(opened), (opened,)
    current = go_on(
        current, observation, graded, free=signs.free, present=signs.present, resolution=parameters.resolution
    )
    current = with_axis(current, observation, signs)
    if signs.explained:  # a person has named another cause
        current = replace(current, ended_at=observation.at)
    return state.keeping(current), (current,)


def _observed_icans(
    state: State, observation: Observation, seen: IcansInputs, parameters: Parameters
) -> tuple[State, Outcome]:
    seen = replace(
        seen,
        consciousness_attributed_to_other_cause=seen.consciousness_attributed_to_other_cause
        or state.attributes("consciousness", at=observation.at),
        seizure_attributed_to_other_cause=seen.seizure_attributed_to_other_cause
        or state.attributes("seizure", at=observation.at),
        motor_attributed_to_other_cause=seen.motor_attributed_to_other_cause
        or state.attributes("motor", at=observation.at),
        oedema_attributed_to_other_cause=seen.oedema_attributed_to_other_cause
        or state.attributes("oedema", at=observation.at),
    )
    graded = grade_icans(seen)
    state, rise = stand(state, observation, graded)
    episode = state.open_episode(ICANS)
    if episode is None and graded.at_least > 0:
        episode = begin(observation, graded, dose=state.dose)
    elif episode is not None:
        free, present = graded.at_most == 0, graded.at_least > 0
        episode = go_on(episode, observation, graded, free=free, present=present, resolution=parameters.resolution)
    changed: tuple[CourseEpisode, ...] = ()
    if episode is not None:
        state, changed = state.keeping(episode), (episode,)
    if seen.died_of_icans:
        state, changed = _end_at(state, observation, ICANS, changed)
    return state, Outcome(
        graded=GradedObservation(observation=observation, seen=seen, graded=graded), rise=rise, episodes=changed
    )


def _end_at(
    state: State, observation: Observation, kind: str, changed: tuple[CourseEpisode, ...]
) -> tuple[State, tuple[CourseEpisode, ...]]:
    """The set itself says that the syndrome killed: S11 at this set."""
    state, outcome = _die(state, Died(at=observation.at, root=observation.root, cause=kind))
    latest = {key_of(episode): episode for episode in (*changed, *outcome.episodes)}
    return state, tuple(latest.values())


def _die(state: State, death: Died) -> tuple[State, Outcome]:
    """S11: death due to the syndrome is grade 5 and closes it; any death closes what is open."""
    changed, rise = [close_by_death(episode, death) for episode in state.open], None
    # Told twice, by a set and as an event, it is one death.
    if death.cause in (CRS, ICANS) and state.open_episode(death.cause) is None and not state.died:
        changed.append(fatal(death, dose=state.dose))
    if death.cause in (CRS, ICANS):
        state, rise = die(state, death)
    return replace(state, open=(), died=True, danger=()), Outcome(rise=rise, episodes=tuple(changed))
