"""Whether a dose may be in a wrong unit (mg for µg): far from what is planned, or published, of its molecule."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from regimens.design_pages.first_doses import FIRST_DOSES
from regimens.design_pages.planned_doses import planned_regimen
from regimens.library import names, plan_named
from regimens.rules.plan import Plan

FAR = 100  # so many times outside it is asked again
WEIGHT_KG = 70.0  # of a person whose weight was not said


class FarDose(NamedTuple):
    """`number`: from 1, in the order of days."""

    regimen: str
    number: int
    mg: float


class PlannedMg(NamedTuple):
    """`highest`: of each dose in turn, over the regimens of the library. `lowest`: planned, or first in humans."""

    highest: tuple[float, ...]
    lowest: float


def far_doses(comparison: Mapping[str, Any]) -> list[FarDose]:
    """Doses more than FAR times above the planned one of their place, or below the lowest that was ever published.

    Empty too for an own molecule, and for one whose planned doses are in a unit that the engine does not know.
    """
    planned = _planned(str(comparison.get("drug", "")))
    if planned is None:
        return []
    weight_kg = float(comparison.get("patient", {}).get("weight_kg") or WEIGHT_KG)
    far = []
    for regimen in comparison["regimens"]:
        for place, dose in enumerate(regimen["doses"]):
            mg = _mg(dose, weight_kg)
            most = planned.highest[place] if place < len(planned.highest) else max(planned.highest)
            if mg > FAR * most or mg < planned.lowest / FAR:
                far.append(FarDose(regimen["name"], place + 1, mg))
    return far


@cache
def _planned(drug: str) -> PlannedMg | None:
    """None: no dose of this molecule is planned in mg."""
    # A file is named after its drug: the others are not read for this.
    plans = [plan_named(name) for name in names() if drug and name.partition("_")[0] == drug]
    regimens = [
        regimen
        for plan in plans
        for variant in _variants(plan)
        if (regimen := planned_regimen(plan, variant)[0]) is not None
    ]
    if not regimens:
        return None
    doses = [[_mg(dose, WEIGHT_KG) for dose in one["doses"]] for one in regimens]
    most = max(len(one) for one in doses)
    highest = tuple(max(one[place] for one in doses if place < len(one)) for place in range(most))
    first = [one.mg for one in FIRST_DOSES if one.drug == drug]
    return PlannedMg(highest, min([*first, *(mg for one in doses for mg in one)]))


def _variants(plan: Plan) -> list[str | None]:
    return [one.code for one in plan.variants] or [None]


def _mg(dose: Mapping[str, Any], weight_kg: float) -> float:
    mg: Decimal | float | None = dose.get("mg")
    return float(mg) if mg is not None else float(dose["mg_per_kg"]) * weight_kg
