"""The data sets of a study for programs: `Authorization: Token KEY`."""

from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import NotFound
from grading.exports import download
from grading.exports.datasets.adcrsp.query import ADCRSP
from grading.exports.formats.dictionary import DICTIONARY
from grading.exports.rows import Scope, live_scope_for

REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)


class CsvRenderer(JSONRenderer):
    """Lets a client ask for text/csv; what it renders itself are refusals, as JSON."""

    media_type = "text/csv"
    format = "csv"


class Adcrsp(APIView):
    token_scopes = EXPORTING
    renderer_classes = [JSONRenderer, CsvRenderer]

    @extend_schema(
        operation_id="datasets_adcrsp",
        summary="ADCRSP: one row for each participant and dose, as CSV",
        parameters=[
            OpenApiParameter(
                "format_variant", enum=list(download.VARIANTS), default=download.VARIANTS[0],
                description='`excel`, for a spreadsheet: a byte-order mark, and texts as ="0012", to stay as they are.',
            ),
            OpenApiParameter(
                "cut", OpenApiTypes.DATETIME,
                description="Data cut, with its offset; not before the last change. Default: now.",
            ),
        ],
        responses={(200, "text/csv"): OpenApiTypes.STR, 400: ProblemSerializer, 429: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, **_: Any) -> StreamingHttpResponse:
        scope = _scope(request, code)
        return download.adcrsp(request._request, scope, user=request.user, at=timezone.now())


class AdcrspDictionary(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="datasets_adcrsp_dictionary",
        summary="What the columns of ADCRSP mean",
        responses={
            200: inline_serializer(
                "DataDictionary",
                {
                    "dataset": serializers.CharField(),
                    "version": serializers.CharField(help_text="Of the columns; X-Dataset-Version of the rows."),
                    "program": serializers.CharField(help_text="Which version made it; X-Program-Version of the rows."),
                    "commit": serializers.CharField(help_text="Its source; `unknown` where nobody wrote it down."),
                    "columns": inline_serializer(
                        "DataDictionaryColumn", {name: serializers.CharField() for name in DICTIONARY}, many=True
                    ),
                    "missing": serializers.DictField(
                        child=serializers.CharField(),
                        help_text="Column -> why it is empty in every row; X-Missing-Columns of the rows.",
                    ),
                },
            )
        }
        | REFUSALS,
    )
    def get(self, request: Request, code: str, **_: Any) -> HttpResponse:
        _scope(request, code)
        return download.dictionary_as_json()


def _scope(request: Request, code: str) -> Scope:
    scope = live_scope_for(request.user, code, request.auth)
    if not scope.holds(ADCRSP.name):
        raise NotFound("no_such_study")
    return scope


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/datasets/adcrsp/", Adcrsp.as_view(), name="api-adcrsp"),
    path("studies/<str:code>/datasets/adcrsp/dictionary/", AdcrspDictionary.as_view(), name="api-adcrsp-dictionary"),
]
