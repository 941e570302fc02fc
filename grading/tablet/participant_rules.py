"""What a tablet needs to know of a participant, so that its rules grade what is being typed for them."""

from datetime import datetime
from typing import Any

from grading.bedside.selectors.bedside import state_of
from grading.bedside.selectors.course import last_vitals
from grading.course.derive import parameters_of
from grading.course.memory import Memory
from grading.course.record import readings
from grading.policies.selectors import policy_in_force
from grading.rules.contract.tablet_facts import look_written, parameters_written, values_written
from grading.rules.course.state import write_state
from grading.rules.grades.entry.limits import CHANGES
from grading.rules.grades.graded import CRITERIA, VERSION
from regimens.models import NeuroInstrument, Participant


def participant_rules(participant: Participant, *, at: datetime) -> dict[str, Any]:
    """As JSON; what the questions of grading/rules/contract/tablet.py take is written as they take it.

    `state`: the fold of all facts as of `as_of`. `baseline`: what a look is compared with, as fields of one; null: not
    on record. `baseline_at`: when the newest of it was measured: a set of then or before is not compared with it.
    `set_before`: the newest set, null where there is none, and `set_before_at` when it was taken. `previous`: its
    values that a jump is measured from. `policy` null: the study has none in force, and nobody is told.
    `changed_at` null: nothing is recorded of them. Reads the newest set and the policy besides the state.
    """
    state = state_of(participant)
    memory, newest, policy = (
        Memory.read(state.fold),
        last_vitals(participant),
        policy_in_force(participant.study, at=at),
    )
    return {
        "version": f"{CRITERIA}, {VERSION}",
        "as_of": at.isoformat(),
        "changed_at": _written(state.changed_at),
        "state": write_state(memory.state),
        "parameters": parameters_written(parameters_of(participant)),
        "baseline": values_written(memory.baseline.inputs()),
        "baseline_at": _written(memory.baseline.at),
        "set_before": None if newest is None else look_written(readings.crs_inputs(newest)),
        "set_before_at": None if newest is None else _written(newest.observed_at),
        "previous": {name: state.vitals.get(name) for name in CHANGES},
        "pediatric": participant.neuro_instrument == NeuroInstrument.CAPD,
        "late_after_minutes": participant.study.late_after_minutes,
        "zone": participant.site.time_zone,
        "policy": None if policy is None else {"version": policy.version, "thresholds": policy.thresholds},
    }


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
