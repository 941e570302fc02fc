"""What the board's row shows of the newest looks, of what is open and of what is due."""

from grading.course.record import readings
from grading.models import CurrentState, NeuroAssessment, VitalSigns
from grading.rules.course import timeline
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.state import State
from grading.rules.grades.danger import look_again_at
from grading.rules.grades.graded import INDETERMINATE, Graded
from regimens.facts import Fact
from regimens.rules.schedule import Kind


def show_due(state: CurrentState, row: PeriodRow) -> None:
    """When the next looks of the running period are due."""
    state.vitals_due_at = row.next_due(Kind.VITALS, last=state.vitals_at, stops_at=row.ended_at)
    state.neuro_due_at = row.next_due(Kind.NEURO, last=state.neuro_at, stops_at=row.ended_at)


def show_next_observations(state: CurrentState, folded: State) -> None:
    """After a value in danger the next set is due in minutes, planned or not."""
    again = look_again_at(folded.danger)
    if again is not None and not state.ended:
        state.vitals_due_at = min(again, state.vitals_due_at or again)


def show_observation(state: CurrentState, fact: Fact, looked: timeline.GradedObservation) -> None:
    """The newest set with its grade."""
    if isinstance(fact, VitalSigns):
        state.vitals_at, state.vitals = fact.observed_at, readings.shown(fact)
    elif isinstance(fact, NeuroAssessment):
        state.neuro_at, state.neuro = fact.observed_at, shown_neuro(fact)
    show_grade(state, looked)


def shown_neuro(neuro: NeuroAssessment) -> dict[str, object]:
    return {"ice": readings.ice_score(neuro), "capd": neuro.capd_score, "consciousness": neuro.consciousness}


def show_grade(state: CurrentState, looked: timeline.GradedObservation) -> None:
    graded, kind = looked.graded, looked.observation.kind
    setattr(state, f"{kind}_grade", graded.grade)
    setattr(state, f"{kind}_at_least", graded.at_least)
    setattr(state, f"{kind}_at_most", graded.at_most)
    if kind == CRS:
        state.crs_flags = list(graded.flags)


def show_floor(state: CurrentState, floor: Graded) -> None:
    """A treatment that was started raises what the newest set shows, until the next set; it never lowers it (CF2)."""
    if state.crs_grade is None:  # no set yet: nothing is shown that could be too low
        return
    least, most = max(state.crs_at_least or 0, floor.at_least), max(state.crs_at_most or 0, floor.at_most)
    if (least, most) == (state.crs_at_least, state.crs_at_most):
        return
    state.crs_at_least, state.crs_at_most = least, most
    state.crs_grade = least if least == most else INDETERMINATE
    state.crs_flags = list(dict.fromkeys([*state.crs_flags, *floor.flags]))


def show_episodes(state: CurrentState, folded: State) -> None:
    for kind in (CRS, ICANS):
        episode = folded.open_episode(kind)
        setattr(state, f"{kind}_episode_since", episode.started_at if episode else None)
