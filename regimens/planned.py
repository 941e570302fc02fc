"""The planned dose of a step, as the version says it that the step is of. Pure of the record: the weight is given."""

from decimal import Decimal

from regimens.library import plan_of
from regimens.models import Regimen, Step
from regimens.rules.dose import PER_KG, PlannedDose, cohort_of, dose_for
from regimens.rules.plan import Plan
from regimens.services.versions import document_of


def plan_under(regimen: Regimen) -> Plan | None:
    """None: the version was set up by hand, and its steps are the plan."""
    document = document_of(regimen)
    return None if document is None else plan_of(document)


def dose_under(plan: Plan | None, step: Step, *, weight_kg: Decimal | None, cohort: str) -> PlannedDose:
    """`weight_kg` None: nobody weighed. `cohort`: by its name; empty: in none."""
    if plan is None or step.label not in {one.label for one in plan.steps}:
        return PlannedDose(
            per=step.planned_dose, per_unit=step.unit, amount=step.planned_dose, unit=step.unit, because=None
        )
    return dose_for(plan, step.label, weight_kg=weight_kg, cohort=cohort_of(plan, cohort))


def needs_weight(plan: Plan | None, step: Step) -> bool:
    """Whether the dose depends on the weight, or may."""
    return step.unit in PER_KG or (plan is not None and any(step.label in band.doses for band in plan.by_weight))
