"""The grade that saving would give, while the form is still being typed. Writes nothing.

The same rules on the same history: a set that comes in order continues the stored fold, as
`carry_on.continue_with` does; any other is put among all facts and the course is folded again.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from grading import readings
from grading.course.derive import parameters_of
from grading.course.memory import Memory
from grading.course.record import event_of, events_of, load
from grading.models import CurrentState, NeuroAssessment, VitalSigns
from grading.rules import timeline
from grading.rules.crs import CrsInputs, OxygenDevice, grade_crs
from grading.rules.grades import Graded
from regimens.models import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    kind: str
    graded: Graded


def preview(draft: VitalSigns | NeuroAssessment, *, participant: Participant, state: CurrentState) -> Preview:
    """The grade of a draft, among everything that is recorded of its participant."""
    draft.root = draft.supersedes.root if draft.supersedes_id and draft.supersedes else draft.id
    memory = Memory.read(state.fold)
    event = event_of(draft, participant=participant, baseline=memory.baseline)
    assert isinstance(event, timeline.Look)
    parameters = parameters_of(participant)
    if draft.supersedes_id is None and timeline.comes_in_order(memory.state, event):
        outcome = timeline.step(memory.state, event, parameters)[1]
        assert outcome.graded is not None
        return Preview(kind=event.kind, graded=outcome.graded.graded)
    return Preview(kind=event.kind, graded=_among_all(draft, participant, parameters))


def _among_all(
    draft: VitalSigns | NeuroAssessment, participant: Participant, parameters: timeline.Parameters
) -> Graded:
    record = load(participant)
    facts: list[Any] = record.vitals if isinstance(draft, VitalSigns) else record.neuro
    facts[:] = [fact for fact in facts if fact.id != draft.supersedes_id]
    facts.append(draft)
    looked = timeline.derive(events_of(record), parameters).graded
    return next(one.graded for one in looked if one.look.id == str(draft.id))


def if_crs(seen: CrsInputs) -> int:
    """The grade if it were CRS after all: what "no CRS by definition" leaves open."""
    return grade_crs(replace(seen, prior_crs_fever_this_episode=True)).at_least


def missing_on_board(vitals: dict[str, Any]) -> tuple[str, ...]:
    """What the newest set lacks, as far as the board keeps it."""
    return grade_crs(seen_on_board(vitals)).missing


def seen_on_board(vitals: dict[str, Any]) -> CrsInputs:
    """The newest set, as the board keeps it (readings.shown), for the rules."""

    def number(name: str) -> Decimal | None:
        return None if vitals.get(name) is None else Decimal(str(vitals[name]))

    device, agents = vitals.get("oxygen_device"), vitals.get("vasopressors")
    return CrsInputs(
        temperature_c=number("temperature_c"),
        sbp=number("sbp"),
        spo2=number("spo2"),
        oxygen_flow_l_min=number("oxygen_flow_l_min"),
        oxygen_device=None if device is None else OxygenDevice(device),
        vasopressors=None if agents is None else tuple(agents),
        fluid_bolus=vitals.get("fluid_bolus"),
        hypotension=vitals.get("hypotension"),
        pressure_unrecordable=bool(vitals.get("pressure_unrecordable")),
    )


def if_crs_fact(vitals: VitalSigns) -> int:
    return if_crs(readings.crs_inputs(vitals))
