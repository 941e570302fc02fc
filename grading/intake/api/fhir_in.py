"""Bundles and lines of resources come in: each entry has its answer, and the counts of all of them stand at the end."""

import hashlib
from typing import Any, ClassVar

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crsmonitor.accounts.authentication import WRITING
from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.api.parsing import UnreadableBody, read_json
from crsmonitor.errors import Forbidden, InvalidInput
from grading.intake.api.fhir_edge import (
    FHIR_JSON,
    MOST_ENTRIES,
    FhirBody,
    FhirView,
    JsonBody,
    NdjsonBody,
    PlainNdjsonBody,
    issue,
    outcome,
)
from grading.intake.services.making import Answer
from grading.intake.services.taking_in import Import, Reconciliation, take_in
from grading.intake.words import reason_text
from grading.models import IntakeDoor, IntakeOutcome
from grading.rules.intake.fhir.bundle import TYPES, read_entries, read_resources
from grading.rules.intake.fhir.elements import text
from grading.rules.intake.reasons import IntakeReason, Weight
from grading.rules.intake.received import Received
from regimens.selectors import studies_for

LONGEST_ORIGIN = 80
STATUS = {
    IntakeOutcome.PROPOSED: "202 Accepted", IntakeOutcome.HELD: "202 Accepted", IntakeOutcome.DUPLICATE: "200 OK",
    IntakeOutcome.RETRACTED: "200 OK", IntakeOutcome.IGNORED: "200 OK",
    IntakeOutcome.REJECTED: "422 Unprocessable Entity",
}  # fmt: skip
SEVERITY = {Weight.REJECTS: "error", Weight.HOLDS: "warning", Weight.ASKS: "warning", Weight.NOTES: "information"}
ISSUES = {"unknown_participant": "not-found", "status_preliminary": "incomplete", "typed_over": "conflict"}
ORIGIN = OpenApiParameter("source", description="What the sending system calls itself, if the Bundle does not say.")
ANSWERS = {(status, FHIR_JSON): OpenApiTypes.OBJECT for status in (200, 400, 401, 403, 413, 415, "default")}


class FhirBundle(FhirView):
    """Every type of Bundle is taken as a batch: of a transaction too what can be kept is, and the answer says what."""

    token_scopes = WRITING
    parser_classes: ClassVar = [FhirBody, JsonBody]

    @extend_schema(
        operation_id="fhir_bundle", summary="A Bundle of R4 comes into the review queue", parameters=[ORIGIN],
        request={FHIR_JSON: OpenApiTypes.OBJECT}, responses=ANSWERS,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        _may_record(request.user)
        bundle, at = request.data, timezone.now()
        if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle" or bundle.get("type") not in TYPES:
            raise InvalidInput.at("Bundle.type", "fhir_bundle_type", known=", ".join(TYPES))
        entries = bundle.get("entry", [])
        if not isinstance(entries, list):
            raise InvalidInput.at("Bundle.entry", "fhir_bundle_type", known=", ".join(TYPES))
        _check_many(len(entries))
        origin = text(bundle.get("meta"), "source") or _origin(request)
        received = read_entries(entries, origin=origin, at=at)
        sent = Import(door=IntakeDoor.FHIR.value, origin=origin, sha256=_hash_of(received), entries=received)
        return _answer(take_in(sent, by=request.user, at=at))


class FhirImport(FhirView):
    """One resource a line, as a bulk export writes them."""

    token_scopes = WRITING
    parser_classes: ClassVar = [NdjsonBody, PlainNdjsonBody]

    @extend_schema(
        operation_id="fhir_import", summary="Lines of resources of R4 come into the review queue", parameters=[ORIGIN],
        request={"application/fhir+ndjson": OpenApiTypes.BINARY}, responses=ANSWERS,
        extensions={"x-address": "/api/v1/fhir/$import"},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        _may_record(request.user)
        body, at, origin = request.data, timezone.now(), _origin(request)
        lines = [line for line in bytes(body or b"").split(b"\n") if line.strip()]
        _check_many(len(lines))
        received = read_resources([_line(one) for one in lines], origin=origin, at=at)
        sha256 = hashlib.sha256(bytes(body or b"")).hexdigest()
        sent = Import(door=IntakeDoor.FHIR.value, origin=origin, sha256=sha256, entries=received)
        return _answer(take_in(sent, by=request.user, at=at))


def _line(line: bytes) -> Any:
    """None: a line that cannot be read; the others are."""
    try:
        return read_json(line)
    except UnreadableBody:
        return None


def _may_record(user: User) -> None:
    """Somewhere: of whom is asked for each entry."""
    if not studies_for(user, Act.RECORD).exists():
        raise Forbidden("role_forbids")


def _check_many(count: int) -> None:
    if count > MOST_ENTRIES:
        raise InvalidInput.at("Bundle.entry", "fhir_too_many", most=MOST_ENTRIES)


def _origin(request: Request) -> str:
    return request.query_params.get("source", "").replace("\x00", "")[:LONGEST_ORIGIN]


def _hash_of(received: list[Received]) -> str:
    """Of the content of all entries in their order: the bytes of the body are not kept apart from it."""
    return hashlib.sha256("".join(one.digest for one in received).encode()).hexdigest()


def _answer(taken: Reconciliation) -> Response:
    counts = taken.batch.counts | {"accepted": taken.accepted}
    numbers = [{"name": name, "valueInteger": number} for name, number in counts.items()]
    report = {
        "resource": {"resourceType": "Parameters", "id": str(taken.batch.pk), "parameter": numbers},
        "response": {"status": "200 OK"},
    }
    entries = [_entry(one) for one in taken.answers]
    return Response({"resourceType": "Bundle", "type": "batch-response", "entry": [*entries, report]})


def _entry(answer: Answer) -> dict[str, Any]:
    unknown = any(one.code == "unknown_participant" for one in answer.reasons)
    status = "404 Not Found" if unknown else STATUS[answer.outcome]
    issues = [issue(SEVERITY[one.weight], _code(one), reason_text(one), reason=one.code) for one in answer.reasons]
    first = issue("information", "informational", str(answer.outcome.label), reason=answer.outcome.value)
    return {"response": {"status": status, "outcome": outcome(first, *issues)}}


def _code(reason: IntakeReason) -> str:
    """HL7 IssueType."""
    return ISSUES.get(reason.code, "informational" if reason.weight is Weight.NOTES else "business-rule")


urlpatterns: list[URLPattern] = [
    path("fhir/Bundle", FhirBundle.as_view(), name="api-fhir-bundle"),
    path("fhir/$import", FhirImport.as_view(), name="api-fhir-import"),
]
