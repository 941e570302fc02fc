"""The grade that saving would give, while the form is still being typed. Writes nothing.

The same rules on the same history: a set that comes in order continues the stored fold, as
`carry_on.continue_with` does; any other is put among all facts and the course is folded again.
"""

from dataclasses import dataclass, replace
from typing import Any

from grading.course.carry_on import measured_later
from grading.course.derive import parameters_of
from grading.course.memory import Memory
from grading.course.record.facts import event_of, events_of, load
from grading.models import CurrentState, NeuroAssessment, VitalSigns
from grading.rules.course import timeline
from grading.rules.course.events import Observation, Parameters
from grading.rules.grades.crs import grade_crs
from grading.rules.grades.crs_inputs import CrsInputs
from grading.rules.grades.graded import Graded
from grading.rules.grades.why import NearestChanges, why_crs, why_icans
from regimens.models import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePreview:
    kind: str
    graded: Graded
    why: NearestChanges
    if_crs: int | None  # None: not a set of vital signs


def preview(draft: VitalSigns | NeuroAssessment, *, participant: Participant, state: CurrentState) -> GradePreview:
    """The grade of a draft, among everything that is recorded of its participant."""
    draft.root = draft.supersedes.root if draft.supersedes_id and draft.supersedes else draft.id
    memory = Memory.read(state.fold)
    event = event_of(draft, participant=participant, baseline=memory.baseline)
    assert isinstance(event, Observation)
    parameters = parameters_of(participant)
    goes_on = timeline.comes_in_order(memory.state, event) and not measured_later(memory, event)
    if draft.supersedes_id is None and goes_on:
        outcome = timeline.step(memory.state, event, parameters)[1]
        assert outcome.graded is not None
        return _preview_of(outcome.graded)
    return _preview_of(_among_all(draft, participant, parameters))


def _preview_of(looked: timeline.GradedObservation) -> GradePreview:
    kind, graded = looked.observation.kind, looked.graded
    if isinstance(looked.seen, CrsInputs):
        return GradePreview(kind=kind, graded=graded, why=why_crs(looked.seen), if_crs=if_crs_of(looked.seen))
    return GradePreview(kind=kind, graded=graded, why=why_icans(looked.seen), if_crs=None)


def _among_all(
    draft: VitalSigns | NeuroAssessment, participant: Participant, parameters: Parameters
) -> timeline.GradedObservation:
    record = load(participant)
    facts: list[Any] = record.vitals if isinstance(draft, VitalSigns) else record.neuro
    facts[:] = [fact for fact in facts if fact.id != draft.supersedes_id]
    facts.append(draft)
    looked = timeline.derive(events_of(record), parameters).graded
    return next(one for one in looked if one.observation.id == str(draft.id))


def if_crs_of(seen: CrsInputs) -> int:
    """The grade if it were CRS after all: what "no CRS by definition" leaves open."""
    return grade_crs(replace(seen, prior_crs_fever_this_episode=True)).at_least
