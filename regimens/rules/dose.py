"""The dose of a step for one participant. Pure, exact: nothing is rounded."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from regimens.rules.plan import Cohort, Plan, WeightBand

PER_KG = {"mg/kg": "mg", "ug/kg": "ug"}
PER_M2 = ("ug/m2/day",)


# What one of a dose is in mg; a rate is of no total.
IN_MG = {"mg": Decimal(1), "ug": Decimal("0.001"), "mg/kg": Decimal(1), "ug/kg": Decimal("0.001")}


class NoDose(StrEnum):
    """Why no amount can be said."""

    NO_WEIGHT = "no_weight"  # the dose depends on the weight, and none was recorded
    BODY_SURFACE = "body_surface"  # the dose is per m2, and no height is kept
    NOT_PLANNED = "not_planned"  # the regimen has no figure for it
    NO_COHORT = "no_cohort"  # the regimen doses by cohort, and it is in none of them


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDose:
    """`per`: the dose as planned in `per_unit`; `amount` in `unit`: what that is for this weight.

    `amount` None: `because` says why.
    """

    per: Decimal | None
    per_unit: str
    amount: Decimal | None
    unit: str
    because: NoDose | None

    def in_unit(self, unit: str) -> Decimal | None:
        """As planned, or for the weight, whichever is in this unit. None: neither is, or it is not known."""
        return self.per if self.per_unit == unit else self.amount if self.unit == unit else None


def total_mg(amount: Decimal | None, unit: str, *, weight_kg: Decimal | None) -> Decimal | None:
    """What was given in all, in mg. None: nothing was, it was a rate, or nobody weighed for a dose by weight."""
    if amount is None or unit not in IN_MG:
        return None
    if unit not in PER_KG:
        return amount * IN_MG[unit]
    return None if weight_kg is None else amount * IN_MG[unit] * weight_kg


def cohort_of(plan: Plan, name: str) -> Cohort | None:
    """The plan's cohort of exactly this name. None: it has none such, or the name is empty."""
    return next((one for one in plan.cohorts if one.name == name), None)


def dose_for(plan: Plan, label: str, *, weight_kg: Decimal | None, cohort: Cohort | None = None) -> PlannedDose:
    """The dose of this step. `weight_kg` None: none was recorded. `cohort`: its own doses come first; None: in none
    of the plan's, and where the plan has cohorts no dose can be said.

    Raises KeyError for a step that the plan has not, ValueError for a weight that is not above 0.
    """
    if weight_kg is not None and weight_kg <= 0:
        raise ValueError("a weight is above 0")
    step = plan.step(label)
    per, unit = step.dose, step.unit
    if plan.cohorts and cohort is None:  # the step's own dose may be another than that of every cohort
        return PlannedDose(per=None, per_unit=unit, amount=None, unit=unit, because=NoDose.NO_COHORT)
    bands = [band for band in plan.by_weight if label in band.doses]
    if cohort is not None and label in cohort.ladder:
        per = cohort.ladder[label]
    elif bands and weight_kg is None:
        return PlannedDose(per=None, per_unit=unit, amount=None, unit=unit, because=NoDose.NO_WEIGHT)
    elif weight_kg is not None and (own := [band for band in bands if _holds(band, weight_kg)]):
        per, unit = own[0].doses[label], own[0].unit
    if per is None:
        return PlannedDose(per=None, per_unit=unit, amount=None, unit=unit, because=NoDose.NOT_PLANNED)
    if unit in PER_M2:
        return PlannedDose(per=per, per_unit=unit, amount=None, unit="ug/day", because=NoDose.BODY_SURFACE)
    if unit not in PER_KG:
        return PlannedDose(per=per, per_unit=unit, amount=per, unit=unit, because=None)
    if weight_kg is None:
        return PlannedDose(per=per, per_unit=unit, amount=None, unit=PER_KG[unit], because=NoDose.NO_WEIGHT)
    return PlannedDose(per=per, per_unit=unit, amount=per * weight_kg, unit=PER_KG[unit], because=None)


def _holds(band: WeightBand, weight_kg: Decimal) -> bool:
    above = band.from_kg is None or weight_kg >= band.from_kg
    return above and (band.below_kg is None or weight_kg < band.below_kg)
