"""`studies/STUDY/dose-periods/`: rows of ADCRSP that changed, for a program that keeps them."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import InvalidInput, NotFound
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.download import moment_in
from grading.exports.pulled.parameters import number_in
from grading.exports.pulled.periods.page import MOST, USUAL, pull
from grading.exports.rows import live_scope_for

TEXT = serializers.CharField
KEY = {"STUDYID": TEXT(), "USUBJID": TEXT(), "DOSENUM": serializers.IntegerField()}
ANSWER = inline_serializer("DosePeriodChanges", {
    "studyOID": TEXT(), "dataset": TEXT(), "version": TEXT(help_text="Of the columns."),
    "cut": serializers.DateTimeField(help_text="CUTDTM of the rows."),
    "columns": serializers.ListField(child=TEXT(), help_text="What stands in each row, in this order."),
    "deleted": inline_serializer("DeletedDosePeriod", KEY, many=True, help_text="Delete these first."),
    "upserts": serializers.ListField(
        child=serializers.ListField(child=serializers.JSONField(allow_null=True)),
        help_text="Rows to be put in the place of those of the same STUDYID, USUBJID and DOSENUM.",
    ),
    "more": serializers.BooleanField(help_text="Call again now; else whenever you like."),
    "cursor": TEXT(help_text="What to send next."),
})  # fmt: skip


class DosePeriods(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="dose_periods", summary="Rows of ADCRSP that changed since they were pulled",
        description=(
            "Without `since` and `cursor` every row. Send the `cursor` of each answer with the next call: what was kept"
            " and what comes is then what a whole pull gives. 410: begin again without a cursor."
        ),
        parameters=[
            OpenApiParameter("cursor", {"type": "string", "maxLength": 1000}, description="Of the answer before."),
            OpenApiParameter("since", OpenApiTypes.DATETIME, description="Where to begin without one, with an offset."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
                             description="About how many rows; those of a participant come together."),
        ],
        responses={200: ANSWER, **dict.fromkeys((400, 401, 403, 404, 410, 429), ProblemSerializer)},
    )  # fmt: skip
    def get(self, request: Request, code: str, **_: Any) -> HttpResponse:
        scope, at = live_scope_for(request.user, code, request.auth), timezone.now()
        if not scope.holds(ADCRSP.name):
            raise NotFound("no_such_study")
        cursor = request.query_params.get("cursor", "")
        since = moment_in(request.query_params.get("since", ""), field="since")
        if since is not None and since.tzinfo is None:
            raise InvalidInput.at("since", "needs_offset")
        if since is not None and since > at:
            raise InvalidInput.at("since", "in_future")
        if since is not None and cursor:
            raise InvalidInput.at("since", "cursor_or_since")
        limit = number_in(request, "limit", least=1, most=MOST) or USUAL
        return pull(scope, cursor=cursor, since=since, limit=limit, request=request, user=request.user, at=at)

    @method_decorator(gzip_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, **kwargs)


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/dose-periods/", DosePeriods.as_view(), name="api-dose-periods"),
]
