"""What is asked of a study dose before it is kept: its unit and its size against the plan. Pure."""

from decimal import Decimal

from grading.rules.grades.entry.checks import Doubt
from grading.rules.treatment.checks import SLIP, plain
from regimens.rules.dose import NoDose, PlannedDose

# How many of the smallest unit of its kind each is.
MASS = {"mg": 1000, "ug": 1}
PER_KG = {"mg/kg": 1000, "ug/kg": 1}


def doubts(amount: Decimal, unit: str, *, planned: PlannedDose, in_full: bool) -> list[Doubt]:
    """Everything to be said. `in_full` False: it was given in part or interrupted, and may be as small as it is.

    Nothing is said of a step for which the plan has no figure. A dose for a participant in none of the plan's cohorts
    is typed again, whatever it is. Five times off counts as a slip (convention, as for tocilizumab); less is the
    protocol's to allow.
    """
    if planned.because is NoDose.NOT_PLANNED:
        return []
    if planned.because is NoDose.NO_COHORT:
        return [Doubt(field="amount", code="no_cohort", values={})]
    if planned.because is NoDose.NO_WEIGHT and (planned.per is None or unit in MASS):
        return [Doubt(field="amount", code="weight_first", values={})]
    expected = _in(unit, planned)
    if expected is None:
        return [Doubt(field="unit", code="wrong_unit", values={"unit": unit, "needed": planned.per_unit})]
    low, high = slip_bounds(expected)
    if amount >= high or (in_full and amount <= low):
        values = {"dose": plain(amount), "expected": plain(expected), "unit": unit}
        return [Doubt(field="amount", code="far_from_plan", values=values)]
    return []


def slip_bounds(expected: Decimal) -> tuple[Decimal, Decimal]:
    """From these on, downwards and upwards, an amount is a slip."""
    return expected / SLIP, expected * SLIP


def _in(unit: str, planned: PlannedDose) -> Decimal | None:
    """The planned dose in this unit. None: it is not said in such a unit."""
    if unit == planned.per_unit:
        return planned.per
    for kind, dose, said_in in ((MASS, planned.amount, planned.unit), (PER_KG, planned.per, planned.per_unit)):
        if unit in kind and said_in in kind and dose is not None:
            return dose * kind[said_in] / kind[unit]
    return None
