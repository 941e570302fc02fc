"""The doors of FHIR: each entry has its answer, and whatever is sent, nothing breaks."""

import json
from typing import Any

import pytest
from django.test import Client

from crsmonitor.accounts.proof import Proof
from grading.intake.services.automatic import sign_policy
from grading.intake.services.deciding import accept
from grading.models import IntakeBatch, IntakeRow, Treatment, TreatmentEnd, VitalSigns
from regimens.facts import Source
from tests.builders import World, dose, hour, kept
from tests.recording.conftest import Api
from tests.rules.intake.test_fhir import PRESSURE, administration, observation, quantity
from tests.stages import stage

pytestmark = pytest.mark.django_db
WHO = "DEMO-DEMO-TPE-DEMO-001"


@stage
def dosed(world: World) -> World:
    kept(dose(world, 0), world)
    return world


def _of(number: str, resource: dict[str, Any], h: float = 4) -> dict[str, Any]:
    subject = {"identifier": {"system": "urn:crsmonitor:usubjid", "value": number}}
    return resource | {"subject": subject, "effectiveDateTime": hour(h).isoformat()}


def fever(h: float = 4, value: Any = 38.6, **changes: Any) -> dict[str, Any]:
    return _of(WHO, observation("8310-5", valueQuantity=quantity(value, "Cel"), **changes), h)


def bundle(*resources: Any, kind: str = "batch") -> dict[str, Any]:
    entries = [{"resource": one, "request": {"method": "POST", "url": "Observation"}} for one in resources]
    return {"resourceType": "Bundle", "type": kind, "meta": {"source": "urn:ehr"}, "entry": entries}


def sent(api: Api, body: Any, address: str = "fhir/Bundle", content_type: str = "application/fhir+json") -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return api.client.post(f"/api/v1/{address}", content, content_type=content_type)


def counts(answer: Any) -> dict[str, int]:
    *_, report = answer.json()["entry"]
    return {one["name"]: one["valueInteger"] for one in report["resource"]["parameter"]}


def reasons(answer: Any, place: int) -> list[str]:
    issues = answer.json()["entry"][place]["response"]["outcome"]["issue"]
    return [one["details"]["coding"][0]["code"] for one in issues]


def statuses(answer: Any) -> list[str]:
    return [one["response"]["status"][:3] for one in answer.json()["entry"]]


@pytest.mark.req("R25")
def test_a_bundle_is_answered_entry_by_entry_and_counted(dosed: World) -> None:
    pressure = _of(WHO, observation("85354-9", id="o2", component=PRESSURE))
    stranger = _of("DEMO-DEMO-TPE-9", observation("8310-5", id="o3", valueQuantity=quantity(38, "Cel")))
    early = fever(id="o5") | {"effectiveDateTime": "2026-03-02"}
    laboratory = _of(WHO, observation("718-7", id="o6"))
    answer = sent(Api(dosed.nurse), bundle(fever(), pressure, stranger, fever(), early, laboratory, 7))
    assert answer.status_code == 200
    assert answer["content-type"].startswith("application/fhir+json")
    assert answer.json()["type"] == "batch-response"
    assert statuses(answer) == ["202", "202", "404", "200", "422", "200", "422", "200"]
    assert counts(answer) == {
        "received": 7, "matched": 5, "proposed": 2, "held": 1, "duplicate": 1, "rejected": 2, "retracted": 0,
        "ignored": 1, "accepted": 0,
    }  # fmt: skip
    assert reasons(answer, 4) == ["rejected", "date_only"]
    row = IntakeRow.objects.get()
    assert row.proposed == {"temperature_c": "38.6", "sbp": "107", "dbp": "60"}
    assert row.batch.origin == "urn:ehr"
    recorded = accept(row.pk, by=dosed.nurse, at=hour(5))
    assert recorded.fact.source == Source.IMPORT


def test_the_same_once_more_is_known(dosed: World) -> None:
    api = Api(dosed.nurse)
    sent(api, bundle(fever(), kind="transaction"))
    again = counts(sent(api, bundle(fever(), kind="collection")))
    assert (again["duplicate"], again["proposed"], IntakeRow.objects.count()) == (1, 0, 1)


def test_entered_in_error_takes_back_what_was_accepted(dosed: World) -> None:
    api = Api(dosed.nurse)
    sent(api, bundle(fever()))
    accept(IntakeRow.objects.get().pk, by=dosed.nurse, at=hour(5))
    answer = sent(api, bundle(fever(status="entered-in-error")))
    assert reasons(answer, 0) == ["proposed", "corrects_accepted"]
    withdrawal = IntakeRow.objects.get(state="proposed")
    accept(withdrawal.pk, by=dosed.nurse, at=hour(6))
    assert not VitalSigns.objects.standing().exists()


def test_lines_of_resources_and_one_that_cannot_be_read(dosed: World) -> None:
    lines = b"\n".join([json.dumps(fever()).encode(), b"{", b"", json.dumps(fever(5, 37, id="o2")).encode()])
    answer = sent(Api(dosed.nurse), lines, "fhir/$import?source=EHR", "application/fhir+ndjson")
    assert answer.status_code == 200
    assert statuses(answer) == ["202", "422", "202", "200"]
    assert reasons(answer, 1) == ["rejected", "malformed"]
    assert IntakeBatch.objects.get().origin == "EHR"


def test_a_drug_asks_what_it_was_given_for_and_brings_its_end(dosed: World) -> None:
    period = {"start": hour(4).isoformat(), "end": hour(5).isoformat()}
    sent_drug = _of(WHO, administration(reasonCode=None)) | {"effectivePeriod": period}
    study_drug = _of(WHO, administration(id="m2", medicationCodeableConcept={"text": dosed.regimen.drug}))
    answer = sent(Api(dosed.nurse), bundle(sent_drug, study_drug))
    assert reasons(answer, 0) == ["held", "indication_missing"]
    assert "study_drug" in reasons(answer, 1)
    accept(IntakeRow.objects.get().pk, because="asked the ward", indication="crs", by=dosed.nurse, at=hour(6))
    assert Treatment.objects.get().indication == "crs"
    assert TreatmentEnd.objects.get().observed_at == hour(5)


def test_a_study_lets_in_by_itself(dosed: World) -> None:
    sign_policy(dosed.study, doors=["fhir"], because="pilot", by=dosed.investigator, at=hour(1), proof=Proof.PASSWORD)
    answer = sent(Api(dosed.nurse), bundle(fever(), fever(-3, id="o2"), fever(5, id="o3"), fever(6, id="o4")))
    assert counts(answer)["accepted"] == 3
    fact = VitalSigns.objects.order_by("observed_at")[0]
    assert (fact.recorded_by, fact.source, fact.observed_at) == (dosed.nurse, Source.IMPORT, hour(4))


@pytest.mark.req("R24")
def test_who_may_send(dosed: World) -> None:
    body = bundle(fever())
    assert sent(Api(None), body).status_code == 401
    for who in (dosed.sponsor, dosed.data_manager):
        refused = sent(Api(who), body)
        assert (refused.status_code, refused.json()["resourceType"]) == (403, "OperationOutcome")
    # of another site it is as if there were no such participant
    assert statuses(sent(Api(dosed.outsider), body)) == ["404", "200"]


REFUSED = [
    (b"{", "application/fhir+json", 400),
    (b'{"a": 1, "a": 2}', "application/fhir+json", 400),
    (b"[]", "application/fhir+json", 400),
    (b'{"resourceType": "Bundle", "type": "history"}', "application/fhir+json", 400),
    (b'{"resourceType": "Bundle", "type": "batch", "entry": 7}', "application/fhir+json", 400),
    (b'{"resourceType": "Bundle", "type": "batch", "entry": "\\u0000"}', "application/fhir+json", 400),
    (json.dumps(bundle(*[7] * 5001)).encode(), "application/fhir+json", 400),
    (b" " * 5_000_001, "application/fhir+json", 413),
    (b"{}", "application/xml", 415),
]


@pytest.mark.parametrize(("body", "content_type", "status"), REFUSED)
def test_what_is_no_bundle_is_refused_as_an_operation_outcome(
    dosed: World, body: bytes, content_type: str, status: int
) -> None:
    answer = sent(Api(dosed.nurse), body, content_type=content_type)
    assert (answer.status_code, answer.json()["resourceType"]) == (status, "OperationOutcome")
    assert not IntakeBatch.objects.exists()


def test_without_csrf_no_session_sends(dosed: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(dosed.nurse)
    answer = client.post("/api/v1/fhir/Bundle", json.dumps(bundle()).encode(), content_type="application/fhir+json")
    assert answer.status_code == 403
