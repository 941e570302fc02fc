"""The planned days and doses of a regimen as a design takes them: from the library, or from a study's version."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from regimens.rules.plan import Plan, PlannedStep

REPEATED = 3  # so often a step that repeats is taken; more are typed
# What a unit is in one of the two that the engine knows. Others are refused: nobody guesses a body surface.
MG = {"mg": ("mg", 1), "ug": ("mg", 1000), "ug/kg": ("mg_per_kg", 1000), "mg/kg": ("mg_per_kg", 1)}


def planned_regimen(plan: Plan, variant: str | None) -> tuple[dict[str, Any] | None, str]:
    """The regimen as the contract has one, and the step where the plan stops saying days: what follows is typed.

    None: an amount is not known, or its unit is another than the engine's.
    """
    doses: list[dict[str, Any]] = []
    day, unsaid = Decimal(0), ""
    for step in sorted(plan.steps, key=lambda one: one.position):
        if not step.opens_period:
            continue
        if step.dose is None or step.unit not in MG:
            return None, step.label
        start = _day(plan, step, variant, day, first=not doses)
        if start is None:
            unsaid = step.label
            break
        name, over = MG[step.unit]
        for day in _days(plan, step, variant, start):
            doses.append({"t_d": day, name: step.dose / over})
    if not doses:
        return None, unsaid
    first = doses[0]["t_d"]
    return {"name": plan.id, "doses": [one | {"t_d": one["t_d"] - first} for one in doses]}, unsaid


def _day(plan: Plan, step: PlannedStep, variant: str | None, before: Decimal, *, first: bool) -> Decimal | None:
    """Days since the first dose. None: the plan does not say."""
    printed = plan.day_of(step, variant)
    if printed is not None:
        return Decimal(printed - 1)
    if first:
        return Decimal(0)
    planned = plan.planned_d(step, variant)
    return None if planned is None else before + planned


def _days(plan: Plan, step: PlannedStep, variant: str | None, start: Decimal) -> Iterator[Decimal]:
    """Of one step: once, or as often as REPEATED where it repeats and the days between are known."""
    yield start
    if not step.repeats:
        return
    gaps = plan.gaps(step) or [step.interval.planned_d] * (REPEATED - 1)
    most = REPEATED if step.times is None else min(step.times, REPEATED)
    for gap in gaps[: most - 1]:
        if gap is None:
            return
        start += gap
        yield start
