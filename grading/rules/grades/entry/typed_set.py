"""What in a set that is being typed contradicts itself, or cannot be: said at its field, and not graded. Pure."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from grading.rules.drugs.agents import not_a_vasopressor
from grading.rules.grades.entry.checks import Doubt, doubts
from grading.rules.grades.entry.limits import LIMITS

NONE = "none"  # the answer beside the agents
LONGEST_NAME = 60
TOPS: Mapping[str, Decimal] = {"mean_pressure": Decimal(250), "fio2_percent": Decimal(100)}


def agents_typed(picked: Sequence[str], other: Sequence[str]) -> list[str] | None:
    """The vasopressors of the keys and of the box beside them. Empty: none runs; None: nobody said."""
    return [*(agent for agent in picked if agent != NONE), *other] if picked or other else None


def faults_of_set(values: Mapping[str, Any], *, picked: Sequence[str], other: Sequence[str]) -> list[Doubt]:
    """What is said at the fields. A value at fault is not looked at for what comes after it.

    That two pressures contradict is said only when the set is saved, unless it worsens (recording/checks.py).
    """
    faults = [*_of_agents(picked, other), *_of_pairs(values)]
    at_fault = {fault.field for fault in faults}
    faults += [
        Doubt(field=field, code="above_top", values={"top": str(top)})
        for field, top in TOPS.items()
        if field not in at_fault and values.get(field) is not None and values[field] > top
    ]
    at_fault = {fault.field for fault in faults}
    measured = {field: None if field in at_fault else values.get(field) for field in LIMITS}
    possible = doubts(measured, device=None, previous={})
    return [*faults, *(doubt for doubt in possible if doubt.refuses and not doubt.is_contradiction)]


def _of_agents(picked: Sequence[str], other: Sequence[str]) -> list[Doubt]:
    faults = []
    if NONE in picked and (len(picked) > 1 or other):
        faults.append(Doubt(field="vasopressors", code="none_and_agent", values={}))
    if any(len(name) > LONGEST_NAME for name in other):
        faults.append(Doubt(field="vasopressor_other", code="agent_too_long", values={}))
    drugs = [not_a_vasopressor(name) for name in other]
    return faults + [
        Doubt(field="vasopressor_other", code="not_a_vasopressor", values={"drug": drug})
        for drug in drugs
        if drug is not None
    ]


def _of_pairs(values: Mapping[str, Any]) -> list[Doubt]:
    faults = []
    if values.get("pressure_unrecordable") and (values.get("sbp") is not None or values.get("dbp") is not None):
        faults.append(Doubt(field="sbp", code="unrecordable_and_value", values={}))
    if values.get("fluid_bolus_ml") is not None and values.get("fluid_bolus") is not True:
        faults.append(Doubt(field="fluid_bolus", code="volume_without_bolus", values={}))
    return faults
