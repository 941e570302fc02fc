"""A set, an assessment, and the grade of each, as Observations."""

from collections.abc import Iterator

from grading.course.record import readings
from grading.exports.fhir.common import NCIT, OURS, Resource, coding, concept, fact_resource, instant, quantity
from grading.models import Grade, NeuroAssessment, VitalSigns
from grading.rules.grades.icans_inputs import NAMING_POINTS
from grading.rules.intake.fhir import codes
from regimens.facts import Fact

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ICE_ITEMS = ("year", "month", "city", "hospital", "naming", "command", "writing", "attention")
# NCIt has the grading system of CRS, and none of the ICANS grade that a search found; ICE is C162916.
GRADE_CODES = {"crs": coding(NCIT, "C201867", "ASTCT CRS grade"), "icans": coding(OURS, "astct-icans-grade")}


def of_vitals(fact: VitalSigns, usubjid: str) -> Iterator[Resource]:
    """One for each quantity that was measured; both pressures are the panel that FHIR's vital signs ask for."""
    for one in codes.QUANTITIES:
        value = getattr(fact, one.field)
        if one.field in ("sbp", "dbp") or value is None:
            continue
        main = [
            coding(codes.LOINC, code, one.display) for code in (one.codes if one.field == "spo2" else one.codes[:1])
        ]
        resource = _observation(fact, one.field.replace("_", "-"), usubjid, "vital-signs", concept(*main))
        yield resource | {"valueQuantity": quantity(value, one.unit)}
    if fact.sbp is not None or fact.dbp is not None:
        yield _pressure(fact, usubjid)
    if fact.oxygen_device is not None:
        code = concept(coding(codes.LOINC, codes.DEVICE_CODE, "Method of oxygen delivery"))
        value = concept(coding(codes.OXYGEN_DEVICE, fact.oxygen_device), text=fact.oxygen_device.replace("_", " "))
        yield _observation(fact, "oxygen-device", usubjid, "vital-signs", code) | {"valueCodeableConcept": value}


def of_neuro(fact: NeuroAssessment, usubjid: str) -> Iterator[Resource]:
    score = readings.ice_score(fact)
    items = {name: getattr(fact, f"ice_{name}") for name in ICE_ITEMS}
    if any(value is not None for value in items.values()):
        code = concept(coding(OURS, "ice-total"), coding(NCIT, "C162916", "ICE score"))
        resource = _observation(fact, "ice", usubjid, "exam", code)
        resource |= {"valueInteger": score} if score is not None else {"dataAbsentReason": _absent("not-performed")}
        yield resource | {"component": [_item(name, value) for name, value in items.items() if value is not None]}
    if fact.consciousness is not None:
        code = concept(coding(codes.LOINC, codes.CONSCIOUSNESS_CODE, "Level of consciousness"))
        value = concept(coding(codes.CONSCIOUSNESS, fact.consciousness), text=fact.consciousness.replace("_", " "))
        yield _observation(fact, "consciousness", usubjid, "exam", code) | {"valueCodeableConcept": value}


def of_grade(grade: Grade, fact: Fact, usubjid: str) -> Resource:
    """The derived grade of this set. Where more than one is attainable there is none, and the bounds say so."""
    resource = _observation(fact, f"{grade.kind}-grade", usubjid, "survey", concept(GRADE_CODES[grade.kind]))
    bounds = {"at-least": grade.at_least, "at-most": grade.at_most}
    resource |= {"valueInteger": grade.grade} if grade.grade >= 0 else {"dataAbsentReason": _absent("unknown")}
    return resource | {
        "component": [{"code": concept(coding(OURS, name)), "valueInteger": value} for name, value in bounds.items()],
        "method": concept(text=f"ASTCT 2019, rules {grade.rules_version}"),
    }


def _observation(fact: Fact, part: str, usubjid: str, category: str, code: Resource) -> Resource:
    return fact_resource("Observation", fact, part=part, usubjid=usubjid) | {
        "status": "final" if fact.supersedes_id is None else "corrected",
        "category": [concept(coding(CATEGORY, category))], "code": code, "effectiveDateTime": instant(fact.observed_at),
    }  # fmt: skip


def _pressure(fact: VitalSigns, usubjid: str) -> Resource:
    panel = concept(coding(codes.LOINC, "85354-9", "Blood pressure panel"))
    parts = []
    for one in codes.QUANTITIES:
        if one.field in ("sbp", "dbp"):
            value = getattr(fact, one.field)
            part = {"code": concept(coding(codes.LOINC, one.codes[0], one.display))}
            part |= {"valueQuantity": quantity(value, one.unit)} if value is not None else {
                "dataAbsentReason": _absent("not-performed")
            }  # fmt: skip
            parts.append(part)
    return _observation(fact, "pressure", usubjid, "vital-signs", panel) | {"component": parts}


def _item(name: str, value: bool | int) -> Resource:
    """Naming counts to three; the others are done or not."""
    code = concept(coding(OURS, f"ice-{name}"))
    if name == "naming":
        return {"code": code, "valueInteger": min(int(value), NAMING_POINTS)}
    return {"code": code, "valueBoolean": bool(value)}


def _absent(code: str) -> Resource:
    return concept(coding(ABSENT, code))
