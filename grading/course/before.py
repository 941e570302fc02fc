"""What stood before a fact that is being corrected, as if it had never been entered."""

from dataclasses import dataclass, replace
from datetime import datetime

from grading.course.checkpoints import start_before
from grading.course.derive import parameters_of
from grading.course.record.facts import Baseline, event_of, events_of, load
from grading.models import NeuroAssessment, VitalSigns
from grading.rules.course.events import Observation, in_order, place_of
from grading.rules.course.state import State
from grading.rules.course.timeline import step

Place = tuple[datetime, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StateBefore:
    """`state`: the fold of all other facts up to its place; `baseline`: what was measured until then.

    `until`: the place of the first fact after it, from which on the state is another; None: there is none.
    """

    state: State
    baseline: Baseline
    until: Place | None


def before_look(look: VitalSigns | NeuroAssessment) -> StateBefore:
    participant, at, start = look.participant, look.observed_at, start_before(look)
    record, baseline = load(participant, since=start.at), replace(start.memory.baseline)
    later: list[Place] = []
    for measurement in record.measurements:
        if measurement.observed_at <= at:
            baseline.take(measurement)
        else:
            later.append((measurement.observed_at, -1, ""))  # before all else of its instant
    own = event_of(look, participant=participant, baseline=baseline)
    assert isinstance(own, Observation)
    state, parameters = start.memory.state, parameters_of(participant)
    for event in in_order(events_of(record, baseline=start.memory.baseline)):
        if isinstance(event, Observation) and event.id == own.id:
            continue
        if place_of(event) < place_of(own):
            state = step(state, event, parameters)[0]
        else:
            later.append(place_of(event))
    return StateBefore(state=state, baseline=baseline, until=min(later, default=None))
