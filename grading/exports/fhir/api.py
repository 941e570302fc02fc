"""Search by type: `GET /api/v1/fhir/Observation?study=CODE`, paged, for whoever may export."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.errors import InvalidInput, NotFound
from grading.exports.fhir.selectors import NEEDED, SOURCES, page_of, subjects
from grading.exports.rows import Scope, scope_for
from grading.exports.trail import record_begun, record_ended
from grading.intake.api.fhir_edge import FHIR_JSON, FhirView

COUNT, MOST = 50, 200  # facts of a page
ANSWERS = {(status, FHIR_JSON): OpenApiTypes.OBJECT for status in (200, 400, 401, 403, 404, "default")}
ADDRESS = "/api/v1/fhir/"


class FhirSearch(FhirView):
    """One of the three types: `kind`."""

    token_scopes = EXPORTING
    kind: str

    def search(self, request: Request) -> Response:
        query, at = request.query_params, timezone.now()
        scope = scope_for(request.user, query.get("study", ""), request.auth)
        if not all(scope.holds(name) for name in NEEDED[self.kind]):
            raise NotFound("no_such_record")
        people = subjects(scope, query.get("subject"))
        count, after = _count(query.get("_count")), _after(query.get("cursor"), len(SOURCES[self.kind]))
        pulled = {
            "dataset": f"fhir:{self.kind}", "format": "fhir", "cut": at, "sites": scope.sites,
            "profile": scope.profile, "by_token": request.auth is not None, "one_participant": "subject" in query,
        }  # fmt: skip
        record_begun(scope, by=request.user, pulled=pulled)
        page = page_of(self.kind, scope, people, count=count, after=after)
        record_ended(scope, by=request.user, pulled=pulled, resources=len(page.resources))
        return Response(self._bundle(request, scope, page.resources, page.after))

    def _bundle(self, request: Request, scope: Scope, resources: list[Any], after: str | None) -> dict[str, Any]:
        parameters = request.query_params.dict()
        links = [{"relation": "self", "url": self._address(parameters)}]
        if after is not None:
            links.append({"relation": "next", "url": self._address(parameters | {"cursor": after})})
        entries = [
            {"fullUrl": f"{ADDRESS}{self.kind}/{one['id']}", "resource": one, "search": {"mode": "match"}}
            for one in resources
        ]
        bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": links}
        return bundle | ({"entry": entries} if entries else {})  # FHIR knows no empty list

    def _address(self, parameters: dict[str, str]) -> str:
        return f"{ADDRESS}{self.kind}?{urlencode(parameters)}"


def _count(text: str | None) -> int:
    if text is None:
        return COUNT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MOST):
        raise InvalidInput.at("_count", "one_of", choices=f"1-{MOST}")
    return int(text)


def _after(text: str | None, sources: int) -> tuple[int, datetime, Any] | None:
    """Where a page before ended. Raises InvalidInput for what no page said."""
    if text is None:
        return None
    try:
        place, instant, key = text.split("|")
        if not (place.isascii() and place.isdigit() and len(place) == 1 and int(place) < sources):
            raise ValueError(place)
        when = datetime.fromisoformat(instant)
        if when.tzinfo is None:
            raise ValueError(instant)
        return int(place), when, int(key) if key.isascii() and key.isdigit() else UUID(key)
    except (ValueError, OverflowError):
        raise InvalidInput.at("cursor", "one_of", choices="next") from None


def _search(kind: str) -> type[FhirSearch]:
    parameters = [
        OpenApiParameter("study", required=True, description="Code of the study."),
        OpenApiParameter("subject", description="USUBJID: of this participant alone."),
        OpenApiParameter("_count", {"type": "integer", "minimum": 1, "maximum": MOST, "default": COUNT},
                         description="Records of a page: one set of vital signs is several Observations."),
        OpenApiParameter("cursor", description="As the link `next` of the page before says it."),
    ]  # fmt: skip

    class Search(FhirSearch):
        @extend_schema(
            operation_id=f"fhir_{kind.lower()}", summary=f"{kind}s of a study, FHIR R4", parameters=parameters,
            responses=ANSWERS,
        )  # fmt: skip
        def get(self, request: Request) -> Response:
            return self.search(request)

    Search.kind, Search.__name__ = kind, f"Fhir{kind}"
    return Search


urlpatterns: list[URLPattern] = [
    path(f"fhir/{kind}", _search(kind).as_view(), name=f"api-fhir-{kind.lower()}") for kind in SOURCES
]
