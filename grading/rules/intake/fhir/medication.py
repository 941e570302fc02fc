"""What a MedicationAdministration gives a treatment. Pure.

R4: effective[x], medication[x]. R5: occurence[x] (as it is spelt there) and medication as a CodeableReference.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from grading.rules.drugs.names import class_of, generic, reading
from grading.rules.intake.fhir import codes
from grading.rules.intake.fhir.elements import child, codings, instant, number, objects, text, words_of
from grading.rules.intake.reasons import IntakeReason, reason

GIVEN = frozenset({"completed", "in-progress", "stopped"})
IN_ERROR = "entered-in-error"
UNITS = frozenset({"mg", "ug/kg/min"})  # UCUM codes; as they are kept
INDICATIONS = frozenset({"crs", "icans", "premedication", "prophylaxis", "other"})
LONGEST_DRUG, LONGEST_ROUTE = 60, 16
Gives = dict[str, Any]
Resolve = Callable[[str], dict[str, Any]]


def status_reasons(status: str) -> tuple[IntakeReason, ...]:
    if status in GIVEN or status == IN_ERROR:
        return ()
    return (reason("not_done"),) if status == "not-done" else (reason("status_not_usable", status=status[:40]),)


def started_at(resource: dict[str, Any], *, at: datetime) -> datetime | IntakeReason:
    """The start, where it ran for a time."""
    for name in ("effectivePeriod", "occurencePeriod"):
        if name in resource:
            return instant(child(resource, name).get("start"), at=at)
    return instant(resource.get("effectiveDateTime", resource.get("occurenceDateTime")), at=at)


def values(resource: dict[str, Any], *, at: datetime, resolve: Resolve) -> tuple[Gives, list[IntakeReason]]:
    """Fields of the treatment. `resolve`: the resource that a reference names, empty where it was not sent."""
    drug = _drug(resource, resolve)
    if not drug:
        return {}, [reason("drug_missing")]
    read = reading(drug)
    gives: Gives = {"drug": drug[:LONGEST_DRUG], "drug_class": class_of(drug, "other")}
    reasons = [] if read.drug is not None or gives["drug_class"] != "other" else [reason("drug_not_known")]
    dosage = child(resource, "dosage")
    gives |= _dose(dosage, reasons)
    route = next(iter(words_of(child(dosage, "route"))), "")
    if 0 < len(route) <= LONGEST_ROUTE:
        gives["route"] = route.casefold()
    if (indication := _indication(resource)) is not None:
        gives["indication"] = indication
    else:
        reasons.append(reason("indication_missing"))
    _end(resource, gives, reasons, at=at)
    return gives, reasons


def _drug(resource: dict[str, Any], resolve: Resolve) -> str:
    """By the first name that the dictionary knows; else by the first."""
    concept = child(resource, "medicationCodeableConcept")
    named = child(resource, "medication")  # R5
    concept = concept or child(named, "concept")
    reference = text(child(resource, "medicationReference") or child(named, "reference"), "reference")
    if not concept and reference:
        concept = child(resolve(reference), "code")
    names = list(words_of(concept))
    known = (name for name in names if reading(name).drug is not None)
    return next(known, names[0] if names else "")


def _dose(dosage: dict[str, Any], reasons: list[IntakeReason]) -> Gives:
    """In mg, or ug/kg/min of a pump. Anything else is left out, and a person is asked."""
    given = child(dosage, "dose") or child(dosage, "rateQuantity")
    if not given:
        return {}
    value, unit = number(given.get("value")), text(given, "code")
    is_ucum = text(given, "system") in codes.UCUM_NAMES
    if value is None or value < 0 or value >= 10**6 or "comparator" in given or not is_ucum or unit not in UNITS:
        reasons.append(reason("dose_unit_unknown", unit=unit[:20]))
        return {}
    return {"dose": f"{value.quantize(codes.DOSE_STEP):f}", "unit": unit}


def _indication(resource: dict[str, Any]) -> str | None:
    """By our own code alone: what a drug was given for decides what it hides and answers. None: nobody said."""
    concepts = objects(resource.get("reasonCode"))
    concepts += [child(one, "concept") for one in objects(resource.get("reason"))]  # R5
    for concept in concepts:
        for system, code in codings(concept):
            if system == codes.INDICATION and code in INDICATIONS:
                return code
    return None


def _end(resource: dict[str, Any], gives: Gives, reasons: list[IntakeReason], *, at: datetime) -> None:
    for name in ("effectivePeriod", "occurencePeriod"):
        end = child(resource, name).get("end")
        if end is None:
            continue
        ended, start = instant(end, at=at), started_at(resource, at=at)
        if isinstance(ended, IntakeReason) or isinstance(start, IntakeReason) or ended < start:
            reasons.append(reason("end_not_usable"))
        elif ended > start:
            gives["ended_at"] = ended.isoformat()


def is_study_drug(drug: str, study_drug: str) -> bool:
    return generic(drug) == generic(study_drug)
