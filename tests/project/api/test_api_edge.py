"""What every address of the API does alike: refuses what its description does not name, and answers as it says."""

import json

import pytest
from django.test import Client

from tests.project.security.test_routes import API, filled
from tests.project.security.test_routes import things as things
from tests.recording.api.test_schema import DESCRIBES_ITSELF
from tests.recording.api.test_schema import schema as schema

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture
def investigator(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.investigator)
    return client


def test_a_parameter_that_no_view_knows_is_refused(investigator, things):
    """`since=` was passed over, and whoever asked for the newest alone had all."""
    routes_answered = {}
    for route in API:
        address = filled(route, things)
        if address in DESCRIBES_ITSELF:
            continue
        answer = investigator.get(address, {"since": "2026-03-02"})
        if answer.status_code not in (405, 404):  # nothing is read there; what is named there is not
            routes_answered[route] = (answer.status_code, _at_fault(answer.json()))

    assert len(routes_answered) > 15
    assert {route: seen for route, seen in routes_answered.items() if seen != (400, ["since"])} == {}


def _at_fault(body):
    """What is refused, as problem details say it, or an OperationOutcome of FHIR."""
    if body.get("resourceType") == "OperationOutcome":
        return [name for issue in body["issue"] for name in issue.get("expression", [])]
    return list(body.get("errors", {}))


@pytest.mark.parametrize("address", ["gate/?since=x", "vital-signs/?since=x"])
def test_also_where_something_is_recorded(investigator, things, address):
    answer = investigator.post(
        f"/api/v1/participants/{things['participant_id']}/{address}", "{}", content_type="application/json"
    )

    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["since"])


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("address", ["/api/v1/nothing/", "/api/v2/ward/", "/api/", "/api/v1/participants/x/"])
def test_an_unknown_address_is_answered_as_the_api_answers(investigator, address, method):
    answer = getattr(investigator, method)(address)

    assert (answer.status_code, answer["content-type"]) == (404, PROBLEM)
    assert answer.json()["type"] == "urn:crsmonitor:not_found"


@pytest.mark.parametrize(
    "address", ["studies/%00/regimens/", "studies/a%00b/datasets/adcrsp/", "participants/?site=%00"]
)
def test_a_nul_is_not_understood(investigator, address):
    """In a study code it was answered by 500."""
    answer = investigator.get(f"/api/v1/{address}")

    assert (answer.status_code, answer["content-type"]) == (400, PROBLEM)


@pytest.mark.parametrize("address", ["/exports/%00/adcrsp.csv", "/policies/%00/", "/regimens/%00/"])
def test_nor_is_it_on_a_page(investigator, address):
    assert investigator.get(address).status_code in (400, 404)


# --- The description equals the answers ---------------------------------------------------------------------


@pytest.mark.long
def test_whatever_is_refused_is_described_as_a_problem(schema):
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            told_by = "application/fhir+json" if path.startswith("/api/v1/fhir/") else PROBLEM
            assert set(operation["responses"]["default"]["content"]) == {told_by}
            for status, answer in operation["responses"].items():
                kinds = set(answer.get("content", {PROBLEM}))
                assert status[0] == "2" or kinds == {told_by}, (path, method, status)


@pytest.mark.long
def test_measured_values_are_texts_in_answers_and_either_in_what_is_sent(schema, investigator, things):
    parts = schema["components"]["schemas"]
    sent, kept = (parts[name]["properties"]["temperature_c"] for name in ("VitalSigns", "KeptVitalSigns"))
    assert {one["type"] for one in sent["oneOf"]} == {"number", "string"}
    assert (kept["type"], kept["format"]) == ("string", "decimal")

    answer = investigator.get(f"/api/v1/participants/{things['participant_id']}/vital-signs/")
    assert json.loads(answer.content)["results"][0]["temperature_c"] == "38.600"


@pytest.mark.long
def test_no_measured_value_is_described_as_a_number(schema):
    """Hours since something are floats; what somebody measured is not."""
    measured = {
        (name, field)
        for name, part in schema["components"]["schemas"].items() if name.startswith("Kept")
        for field, what in part.get("properties", {}).items() if what.get("type") == "number"
    }  # fmt: skip

    assert measured == set()
