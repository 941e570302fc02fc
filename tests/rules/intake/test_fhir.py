"""Observations and MedicationAdministrations of FHIR R4: one row a sentence of docs/intake.md."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.rules.intake.fhir.bundle import read_entries
from grading.rules.intake.fhir.elements import instant
from grading.rules.intake.reasons import IntakeReason
from grading.rules.intake.received import Received, RowKind

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SUBJECT = {"identifier": {"system": "urn:crsmonitor:usubjid", "value": "DEMO-TPE-001"}}


def quantity(value: Any, code: str, **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": "as shown", "system": "http://unitsofmeasure.org", "code": code} | more


def coded(*codes: str) -> dict[str, Any]:
    return {"coding": [{"system": "http://loinc.org", "code": code} for code in codes]}


def observation(*codes: str, **changes: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "Observation", "id": "o1", "status": "final", "code": coded(*codes), "subject": SUBJECT,
        "effectiveDateTime": "2026-03-02T18:30:00+08:00",
    } | changes  # fmt: skip
    return {name: value for name, value in resource.items() if value is not None}


def administration(**changes: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "MedicationAdministration", "id": "m1", "status": "completed", "subject": SUBJECT,
        "medicationCodeableConcept": {"text": "Paracetamol 1 g"},
        "effectiveDateTime": "2026-03-02T10:30:00Z", "dosage": {"dose": quantity(1000, "mg")},
        "reasonCode": [{"coding": [{"system": "urn:crsmonitor:indication", "code": "crs"}]}],
    } | changes  # fmt: skip
    return {name: value for name, value in resource.items() if value is not None}


def read(*resources: Any, origin: str = "EHR") -> list[Received]:
    return read_entries([{"resource": one} for one in resources], origin=origin, at=NOW)


def one(resource: Any) -> Received:
    return read(resource)[0]


def codes(received: Received) -> list[str]:
    return [why.code for why in received.reasons]


PRESSURE = [
    {"code": coded("8480-6"), "valueQuantity": quantity(107, "mm[Hg]")},
    {"code": coded("8462-4"), "valueQuantity": quantity(60, "mm[Hg]")},
]
GIVES = [
    ("8310-5", quantity(Decimal("38.6"), "Cel"), {"temperature_c": "38.6"}),
    ("8310-5", quantity(Decimal("100.4"), "[degF]"), {"temperature_c": "38"}),
    ("8310-5", quantity(Decimal("311.15"), "K"), {"temperature_c": "38"}),
    ("8331-1", quantity(Decimal("37.9"), "Cel"), {"temperature_c": "37.9", "temperature_site": "oral"}),
    ("8333-7", quantity(Decimal("37.9"), "Cel"), {"temperature_c": "37.9", "temperature_site": "tympanic"}),
    ("8480-6", quantity(84, "mm[Hg]"), {"sbp": "84"}),
    ("8480-6", quantity(12, "kPa"), {"sbp": "90.008"}),  # 12 kPa / 0.133322 kPa per mm[Hg], three decimals
    ("8478-0", quantity(63, "mm[Hg]"), {"mean_pressure": "63"}),
    ("8867-4", quantity(112, "{beats}/min"), {"heart_rate": "112"}),
    ("9279-1", quantity(22, "{breaths}/min"), {"respiratory_rate": "22"}),
    ("3151-8", quantity(2, "L/min"), {"oxygen_flow_l_min": "2"}),
    ("3150-6", quantity(Decimal("0.4"), "1"), {"fio2_percent": "40"}),
]


@pytest.mark.parametrize(("code", "value", "gives"), GIVES)
def test_loinc_tells_the_field_and_ucum_the_unit(code: str, value: dict[str, Any], gives: dict[str, str]) -> None:
    received = one(observation(code, valueQuantity=value))
    assert (received.kind, received.gives) == (RowKind.VITALS, gives)
    assert received.observed_at == datetime(2026, 3, 2, 10, 30, tzinfo=UTC)
    assert received.subject == "DEMO-TPE-001"
    assert not received.is_rejected


def test_a_pressure_panel_gives_its_components() -> None:
    assert one(observation("85354-9", component=PRESSURE)).gives == {"sbp": "107", "dbp": "60"}


def test_a_saturation_under_two_codes_counts_once_and_brings_its_oxygen() -> None:
    flow = {"code": coded("3151-8"), "valueQuantity": quantity(6, "L/min")}
    received = one(observation("59408-5", "2708-6", valueQuantity=quantity(93, "%"), component=[flow]))
    assert received.gives == {"spo2": "93", "oxygen_flow_l_min": "6"}


REFUSED = [
    ("preliminary", {"status": "preliminary"}, "status_preliminary"),
    ("cancelled", {"status": "cancelled"}, "status_not_usable"),
    ("no status", {"status": None}, "status_not_usable"),
    ("a status that does not exist", {"status": "done"}, "status_not_usable"),
    ("a date alone", {"effectiveDateTime": "2026-03-02"}, "date_only"),
    ("no offset", {"effectiveDateTime": "2026-03-02T10:30:00"}, "no_zone"),
    ("no such day", {"effectiveDateTime": "2026-02-30T10:30:00Z"}, "not_an_instant"),
    ("no time", {"effectiveDateTime": None}, "no_instant"),
    ("a period", {"effectiveDateTime": None, "effectivePeriod": {"start": "2026-03-02T10:30:00Z"}}, "is_a_period"),
    ("tomorrow", {"effectiveDateTime": "2026-03-03T10:30:00Z"}, "in_future"),
    ("long ago", {"effectiveDateTime": "1999-12-31T10:30:00Z"}, "too_long_ago"),
    ("nobody", {"subject": None}, "no_subject"),
    ("a hospital's own number", {"subject": {"identifier": {"system": "urn:mrn", "value": "1"}}}, "no_subject"),
    ("missing, and said so", {"valueQuantity": None, "dataAbsentReason": {"text": "refused"}}, "data_absent"),
    ("no value", {"valueQuantity": None}, "no_value"),
    ("more than", {"valueQuantity": quantity(40, "Cel", comparator=">")}, "comparator"),
    ("a text for a number", {"valueQuantity": quantity("38.6", "Cel")}, "value_malformed"),
    ("true for a number", {"valueQuantity": quantity(True, "Cel")}, "value_malformed"),
    ("a number that nothing measures", {"valueQuantity": quantity(Decimal("1e400"), "Cel")}, "value_malformed"),
    ("a unit shown and not coded", {"valueQuantity": {"value": 38, "unit": "°C"}}, "unit_missing"),
    ("another unit", {"valueQuantity": quantity(38, "[degRe]")}, "unit_unknown"),
    ("codes of two things", {"code": coded("8310-5", "8867-4")}, "value_malformed"),
]


@pytest.mark.parametrize(("changes", "code"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_not_taken_says_why(changes: dict[str, Any], code: str) -> None:
    received = one(observation("8310-5", **{"valueQuantity": quantity(38, "Cel")} | changes))
    assert code in codes(received)
    assert received.is_rejected or code == "status_preliminary"


def test_of_several_components_those_that_can_be_read_are() -> None:
    absent = {"code": coded("8462-4"), "dataAbsentReason": {"text": "not performed"}}
    received = one(observation("85354-9", component=[PRESSURE[0], absent]))
    assert (received.gives, codes(received), received.is_rejected) == ({"sbp": "107"}, ["part_left_out"], False)


def test_what_nobody_can_have_is_to_be_dropped_and_said() -> None:
    received = one(observation("8310-5", valueQuantity=quantity(61, "Cel")))
    assert codes(received) == ["value_dropped"]
    assert not received.is_rejected


def test_what_is_not_graded_is_counted_and_no_error() -> None:
    for resource in (observation("718-7"), observation("85353-1"), {"resourceType": "Patient", "id": "p"}):
        received = one(resource)
        assert received.kind is None
        assert not received.is_rejected


def test_entered_in_error_takes_back_whatever_else_it_says() -> None:
    received = one(observation("8310-5", status="entered-in-error", effectiveDateTime=None))
    assert (received.retracts, codes(received)) == (True, [])
    assert received.key == one(observation("8310-5")).key


def test_the_identifier_is_what_it_is_known_by_else_the_id_at_its_source() -> None:
    named = observation("8310-5", identifier=[{"system": "urn:ehr", "value": "77"}])
    assert one(named).key == one(named | {"id": "other"}).key
    assert one(observation("8310-5")).key != one(observation("8310-5", id="o2")).key
    assert read(observation("8310-5"), origin="A")[0].key != read(observation("8310-5"), origin="B")[0].key


def test_the_participant_is_found_by_the_patient_or_research_subject_that_came_with_it() -> None:
    patient = {"resourceType": "Patient", "id": "p", "name": [{"family": "X"}],
               "identifier": [{"system": "urn:mrn", "value": "9"}, {**SUBJECT["identifier"]}]}  # fmt: skip
    sent = observation("8310-5", valueQuantity=quantity(38, "Cel"), subject={"reference": "Patient/p"})
    assert read(patient, sent)[1].subject == "DEMO-TPE-001"
    study = {"resourceType": "ResearchSubject", "id": "r", "individual": {"reference": "Patient/q"},
             "identifier": [SUBJECT["identifier"]]}  # fmt: skip
    assert read(sent | {"subject": {"reference": "Patient/q"}}, study)[0].subject == "DEMO-TPE-001"
    inside = sent | {"subject": {"reference": "#p"}, "contained": [patient]}
    assert one(inside).subject == "DEMO-TPE-001"


WAKEFULNESS = [
    ({"text": "Alert"}, {"consciousness": "awake"}, []),
    ({"text": "V"}, {"consciousness": "voice"}, []),
    ({"text": "Unresponsive"}, {"consciousness": "unarousable"}, []),
    # tactile or vigorous: two of ASTCT's steps
    ({"text": "Pain"}, {}, ["consciousness_unknown"]),
    ({"coding": [{"system": "urn:crsmonitor:consciousness", "code": "tactile"}]}, {"consciousness": "tactile"}, []),
]


@pytest.mark.parametrize(("value", "gives", "why"), WAKEFULNESS)
def test_wakefulness_is_one_step_or_none(value: dict[str, Any], gives: dict[str, str], why: list[str]) -> None:
    received = one(observation("80288-4", valueCodeableConcept=value))
    assert (received.kind, received.gives, codes(received)) == (RowKind.NEURO, gives, why)


@pytest.mark.parametrize(
    ("name", "device"), [("Nasal cannula", "nasal_cannula"), ("room air", "room_air"), ("tent", None)]
)
def test_an_oxygen_device_is_known_or_left_open(name: str, device: str | None) -> None:
    received = one(observation("107117-4", valueString=name))
    assert received.gives == ({} if device is None else {"oxygen_device": device})
    assert codes(received) == ([] if device else ["device_unknown"])


def test_a_drug_that_was_given() -> None:
    received = one(administration())
    assert received.kind is RowKind.TREATMENT
    assert received.gives == {
        "drug": "Paracetamol 1 g", "drug_class": "antipyretic", "dose": "1000.0000", "unit": "mg", "indication": "crs"
    }  # fmt: skip


DRUGS = [
    ("not given", {"status": "not-done"}, "not_done"),
    ("on hold", {"status": "on-hold"}, "status_not_usable"),
    ("no drug", {"medicationCodeableConcept": None}, "drug_missing"),
    ("a drug nobody knows", {"medicationCodeableConcept": {"text": "xyzzy"}}, "drug_not_known"),
    ("another unit", {"dosage": {"dose": quantity(1, "g")}}, "dose_unit_unknown"),
    ("no reason", {"reasonCode": None}, "indication_missing"),
    ("a reason in words", {"reasonCode": [{"text": "CRS"}]}, "indication_missing"),
]


@pytest.mark.parametrize(("changes", "code"), [row[1:] for row in DRUGS], ids=[row[0] for row in DRUGS])
def test_what_is_to_be_asked_of_a_drug(changes: dict[str, Any], code: str) -> None:
    assert code in codes(one(administration(**changes)))


def test_a_drug_by_reference_and_its_end() -> None:
    medication = {"resourceType": "Medication", "id": "n", "code": {"text": "norepinephrine"}}
    period = {"start": "2026-03-02T10:30:00Z", "end": "2026-03-02T11:00:00Z"}
    sent = administration(medicationCodeableConcept=None, medicationReference={"reference": "Medication/n"},
                          effectiveDateTime=None, effectivePeriod=period,
                          dosage={"rateQuantity": quantity(Decimal("0.05"), "ug/kg/min")})  # fmt: skip
    gives = read(medication, sent)[1].gives
    assert (gives["drug_class"], gives["unit"]) == ("vasopressor", "ug/kg/min")
    assert gives["ended_at"] == "2026-03-02T11:00:00+00:00"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["resourceType", "status", "code", "coding", "system", "subject", "valueQuantity", "value", "component",
         "effectiveDateTime", "identifier", "dosage", "medicationCodeableConcept", "resource", "text", "reasonCode"]
    ), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, max_size=3), st.sampled_from(["Observation", "MedicationAdministration", 7]))
def test_nothing_that_is_sent_breaks_the_reader(entries: list[Any], kind: Any) -> None:
    typed = [{"resource": entry | {"resourceType": kind}} if isinstance(entry, dict) else entry for entry in entries]
    for received in read_entries(typed, origin="", at=NOW):
        assert received.is_rejected or received.kind is None or received.retracts or received.observed_at is not None


@given(st.text(max_size=30))
def test_no_text_breaks_the_instant(text: str) -> None:
    assert isinstance(instant(text, at=NOW), IntakeReason | datetime)
