"""What was given, as MedicationAdministrations: treatments, and doses of the study drug where they may be told."""

from datetime import datetime
from typing import Any

from grading.exports.fhir.common import Resource, coding, concept, fact_resource, instant, number, quantity
from grading.models import Treatment
from grading.models.observations import DrugClass
from grading.rules.drugs.names import generic
from grading.rules.intake.fhir import codes
from grading.rules.treatment.support import support_of
from regimens.models import Dose, DoseStatus

# Our units that UCUM writes so. Any other leaves as it was typed, without a code.
UCUM_UNITS = frozenset({
    "mg", "ug", "g", "mg/kg", "ug/kg", "ug/kg/min", "mL", "ug/d", "mg/h",
})  # fmt: skip
AS_UCUM = {"ug/day": "ug/d", "ug/m2/day": "ug/m2/d", "ml": "mL"}
OF_A_RATE = "/min"
STATUS = {
    DoseStatus.GIVEN: "completed", DoseStatus.PARTIAL: "stopped", DoseStatus.INTERRUPTED: "stopped",
    DoseStatus.NOT_GIVEN: "not-done",
}  # fmt: skip
NO_DRUG = frozenset({DrugClass.OXYGEN.value})  # a device's use, not a drug's


def of_treatment(fact: Treatment, usubjid: str, *, ended_at: datetime | None) -> Resource:
    runs = support_of(fact.drug, fact.acts_as, indication=fact.indication) is not None and ended_at is None
    resource = fact_resource("MedicationAdministration", fact, part="", usubjid=usubjid) | {
        "status": "in-progress" if runs else "completed",
        "medicationCodeableConcept": concept(text=generic(fact.drug)),
        "reasonCode": [concept(coding(codes.INDICATION, fact.indication))],
    }
    return resource | _effective(fact.observed_at, ended_at, runs=runs) | _dosage(fact.dose, fact.unit, fact.route)


def of_dose(fact: Dose, drug: str, usubjid: str, *, ended_at: datetime | None) -> Resource:
    """A dose that was not given is told as such, at the time it was decided."""
    resource = fact_resource("MedicationAdministration", fact, part="", usubjid=usubjid) | {
        "status": STATUS[DoseStatus(fact.status)], "medicationCodeableConcept": concept(text=drug),
    }  # fmt: skip
    return resource | _effective(fact.observed_at, ended_at, runs=False) | _dosage(fact.amount, fact.unit, fact.route)


def _effective(start: datetime, end: datetime | None, *, runs: bool) -> Resource:
    if end is None and not runs:
        return {"effectiveDateTime": instant(start)}
    return {"effectivePeriod": {"start": instant(start)} | ({"end": instant(end)} if end is not None else {})}


def _dosage(dose: Any, unit: str, route: str) -> Resource:
    """R4 asks for a dose or a rate: without one nothing is said of it."""
    if dose is None:
        return {}
    code = AS_UCUM.get(unit, unit)
    given = quantity(dose, code) if code in UCUM_UNITS else {"value": number(dose)} | ({"unit": unit} if unit else {})
    dosage = {"rateQuantity" if code.endswith(OF_A_RATE) else "dose": given}
    return {"dosage": dosage | ({"route": concept(text=route.casefold())} if route else {})}
