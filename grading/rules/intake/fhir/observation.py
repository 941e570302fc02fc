"""What an Observation gives a set: vital signs, oxygen, wakefulness. Pure.

LOINC tells the field, UCUM the unit; both are read from `code`, never from what is shown to people.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from grading.rules.drugs.devices import OxygenDevice, device_of
from grading.rules.grades.entry.limits import LIMITS, as_kept
from grading.rules.grades.icans_inputs import Consciousness
from grading.rules.intake.fhir import codes
from grading.rules.intake.fhir.elements import child, codings, instant, number, objects, text, words_of
from grading.rules.intake.reasons import IntakeReason, Weight, has, reason
from grading.rules.intake.received import RowKind

FINAL = frozenset({"final", "amended", "corrected"})
IN_ERROR, PRELIMINARY = "entered-in-error", "preliminary"
Gives = dict[str, Any]


def status_reasons(status: str) -> tuple[IntakeReason, ...]:
    """Empty: it counts. Of what was entered in error nothing is asked here."""
    if status in FINAL or status == IN_ERROR:
        return ()
    if status == PRELIMINARY:
        return (reason("status_preliminary"),)
    return (reason("status_not_usable", status=status[:40]),)


def observed_at(resource: dict[str, Any], *, at: datetime) -> datetime | IntakeReason:
    """R4: effectiveDateTime or effectiveInstant. A period or a timing has no one instant."""
    if "effectivePeriod" in resource or "effectiveTiming" in resource:
        return reason("is_a_period")
    return instant(resource.get("effectiveDateTime", resource.get("effectiveInstant")), at=at)


def values(resource: dict[str, Any]) -> tuple[RowKind | None, Gives, list[IntakeReason]]:
    """Kind of the set, its fields, and what is to be said. Kind None: nothing of it is graded."""
    kind: RowKind | None = None
    gives: Gives = {}
    reasons: list[IntakeReason] = []
    measured = False
    for one in _measurements(resource):
        if (of := _kind(one)) is None:
            continue
        kind = kind or of
        part, why = _value(one)
        twice = [name for name, value in part.items() if gives.get(name, value) != value]
        if of is not kind or twice:
            return None, {}, [reason("value_malformed")]
        measured = measured or bool(part) or not has(why, Weight.REJECTS)
        gives |= part
        reasons += why
    if kind is None:
        is_panel = any(code in codes.PANELS for code in _loinc(child(resource, "code")))
        return None, {}, [reason("panel" if is_panel else "code_unknown")]
    if measured:  # of several components those that can be read are
        reasons = [_left_out(one) if one.weight is Weight.REJECTS else one for one in reasons]
    return kind, gives, reasons


def _left_out(why: IntakeReason) -> IntakeReason:
    return reason("part_left_out", why=why.code)


def _measurements(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield resource
    yield from objects(resource.get("component"))


def _loinc(concept: dict[str, Any]) -> list[str]:
    return [code for system, code in codings(concept) if system in codes.LOINC_NAMES]


def _kind(one: dict[str, Any]) -> RowKind | None:
    known = _loinc(child(one, "code"))
    if codes.CONSCIOUSNESS_CODE in known:
        return RowKind.NEURO
    if codes.DEVICE_CODE in known or any(code in codes.QUANTITY_OF for code in known):
        return RowKind.VITALS
    return None


def _value(one: dict[str, Any]) -> tuple[Gives, list[IntakeReason]]:
    known = _loinc(child(one, "code"))
    if "dataAbsentReason" in one:
        return {}, [reason("data_absent")]
    if codes.DEVICE_CODE in known:
        return _device(one)
    if codes.CONSCIOUSNESS_CODE in known:
        return _consciousness(one)
    quantities = {quantity.field: quantity for code in known if (quantity := codes.QUANTITY_OF.get(code)) is not None}
    if len(quantities) != 1:  # two codes of one thing are one; of two things nobody knows which it is
        return {}, [reason("value_malformed")]
    [quantity] = quantities.values()
    gives, reasons = _measured(one, quantity)
    if gives:
        for code in known:
            gives |= quantity.also.get(code, {})
    return gives, reasons


def _measured(one: dict[str, Any], quantity: codes.Quantity) -> tuple[Gives, list[IntakeReason]]:
    given = child(one, "valueQuantity")
    if not given:
        return {}, [reason("no_value")]
    if "comparator" in given:
        return {}, [reason("comparator")]
    value, unit = number(given.get("value")), text(given, "code")
    if value is None:
        return {}, [reason("value_malformed")]
    if not unit or text(given, "system") not in codes.UCUM_NAMES:
        return {}, [reason("unit_missing")]
    convert = quantity.units.get(unit)
    if convert is None:
        return {}, [reason("unit_unknown", unit=unit[:20])]
    kept = as_kept(convert(value))
    reasons = [] if kept == value else [reason("converted", field=quantity.field, value=f"{value:f} {unit}")]
    if LIMITS[quantity.field].refuses(kept):
        reasons.append(reason("value_dropped", field=quantity.field, value=f"{kept:f}"))
    return {quantity.field: f"{kept.normalize():f}"}, reasons  # 38.0 and 38 are no two values


def _device(one: dict[str, Any]) -> tuple[Gives, list[IntakeReason]]:
    """By our own code, else as it is called; never guessed."""
    concept = child(one, "valueCodeableConcept")
    for system, code in codings(concept):
        if system == codes.OXYGEN_DEVICE and code in frozenset(OxygenDevice):
            return {"oxygen_device": code}, []
    for name in (*words_of(concept), text(one, "valueString")):
        if name.casefold() in codes.ROOM_AIR:
            return {"oxygen_device": OxygenDevice.ROOM_AIR.value}, []
        if (device := device_of(name)) is not None:
            return {"oxygen_device": device.value}, []
    return {}, [reason("device_unknown")]


def _consciousness(one: dict[str, Any]) -> tuple[Gives, list[IntakeReason]]:
    """By our own code, else AVPU where it says one step only."""
    concept = child(one, "valueCodeableConcept")
    for system, code in codings(concept):
        if system == codes.CONSCIOUSNESS and code in frozenset(Consciousness):
            return {"consciousness": code}, []
    for name in (*words_of(concept), text(one, "valueString")):
        if (step := codes.AVPU.get(name.casefold())) is not None:
            return {"consciousness": step}, []
    return {}, [reason("consciousness_unknown")]
