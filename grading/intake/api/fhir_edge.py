"""What every address of FHIR shares: its media types, bodies read exactly, and refusals as OperationOutcome."""

from typing import Any, BinaryIO, ClassVar

from rest_framework.parsers import BaseParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.api.parsing import BodyTooLarge, read_json

FHIR_JSON, FHIR_NDJSON = "application/fhir+json", "application/fhir+ndjson"
MOST_BYTES = 5 * 1000 * 1000
MOST_ENTRIES = 5000
# HL7 IssueType (required value set) of the statuses that we answer with.
ISSUE_OF = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 406: "not-supported", 409: "conflict",
    413: "too-long", 415: "not-supported", 422: "processing", 429: "throttled", 503: "transient",
}  # fmt: skip


class FhirRenderer(JSONRenderer):
    media_type = FHIR_JSON
    format = "fhir"


class PlainJsonRenderer(JSONRenderer):
    """For clients that ask for application/json."""


class FhirBody(BaseParser):
    """A resource as JSON: numbers as Decimal, no name twice, at most MOST_BYTES."""

    media_type = FHIR_JSON

    def parse(self, stream: BinaryIO, media_type: str | None = None, parser_context: Any = None) -> Any:
        return read_json(self.body(stream))

    def body(self, stream: BinaryIO) -> bytes:
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise BodyTooLarge
        return body


class JsonBody(FhirBody):
    media_type = "application/json"


class NdjsonBody(FhirBody):
    """Lines of resources, as bytes: one that cannot be read is that line's matter."""

    media_type = FHIR_NDJSON

    def parse(self, stream: BinaryIO, media_type: str | None = None, parser_context: Any = None) -> bytes:
        return self.body(stream)


class PlainNdjsonBody(NdjsonBody):
    media_type = "application/x-ndjson"


def issue(severity: str, code: str, text: str, *, reason: str = "", at: str = "") -> dict[str, Any]:
    """`reason`: our code; `at`: FHIRPath of what is meant."""
    details: dict[str, Any] = {"text": text}
    if reason:
        details["coding"] = [{"system": "urn:crsmonitor:intake-reason", "code": reason}]
    one = {"severity": severity, "code": code, "details": details}
    return one | ({"expression": [at]} if at else {})


def outcome(*issues: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


class FhirView(APIView):
    renderer_classes: ClassVar = [FhirRenderer, PlainJsonRenderer]

    def handle_exception(self, exc: Exception) -> Response:
        """Refused as everywhere, told as FHIR tells it."""
        response = super().handle_exception(exc)
        problem = response.data if isinstance(response.data, dict) else {}
        text = str(problem.get("detail", ""))
        issues = [
            issue("error", ISSUE_OF.get(response.status_code, "exception"), message, at=str(field))
            for field, messages in problem.get("errors", {}).items()
            for message in messages
        ]
        code = ISSUE_OF.get(response.status_code, "exception")
        first = issue("error", code, text, reason=str(problem.get("title", "")))
        response.data = outcome(first, *issues)
        response.content_type = FHIR_JSON
        return response
