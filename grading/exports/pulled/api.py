"""The addresses of CDISC's Dataset-JSON API that tell what is known now; those of data cuts are in snapshots/."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor import __version__
from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import InvalidInput
from grading.exports.cuts.selectors import snapshots_in
from grading.exports.pulled import answer, shapes
from grading.exports.pulled.parameters import PARTS, parts_in
from grading.exports.rows import live_scope_for, scope_for, scopes_of

REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)
TEXT = serializers.CharField
ABOUT = {"name": TEXT(), "version": TEXT(), "apiVersion": TEXT(), "datasetJSONVersion": TEXT(), "profile": TEXT()}


class PullAbout(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_about", summary="Which profile of the Dataset-JSON API this is",
                   responses={200: inline_serializer("PulledAbout", ABOUT), 401: ProblemSerializer,
                              403: ProblemSerializer})  # fmt: skip
    def get(self, request: Request) -> Response:
        return Response({"name": "crsmonitor", "version": __version__, "apiVersion": "1.0",
                         "datasetJSONVersion": "1.1.0", "profile": "read-only"})  # fmt: skip


class Studies(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_studies", summary="The studies of which this key may take something",
                   responses={200: shapes.STUDIES} | REFUSALS)  # fmt: skip
    def get(self, request: Request) -> Response:
        return Response([shapes.study(scope.study) for scope in scopes_of(request.user, request.auth)])


class OneStudy(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_study", summary="A study, with its data cuts",
                   responses={200: shapes.STUDY} | REFUSALS)  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        scope = scope_for(request.user, code, request.auth)
        cuts = list(snapshots_in(scope))
        return Response(shapes.study(scope.study) | {
            "snapshots": [shapes.snapshot(cut) for cut in cuts], "metaDataRef": [shapes.define(cut) for cut in cuts],
        })  # fmt: skip


class DatasetList(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="dataset_json_datasets", summary="The data sets of a study that this key may take",
        parameters=[OpenApiParameter("standard", enum=list(shapes.STANDARDS), description="Only those of this one.")],
        responses={200: shapes.DATASETS, 400: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        scope, at = live_scope_for(request.user, code, request.auth), timezone.now()
        standard = request.query_params.get("standard", "").lower()
        if standard and standard not in shapes.STANDARDS:
            raise InvalidInput.at("standard", "one_of", choices=", ".join(shapes.STANDARDS))
        below, chosen = shapes.address_of(scope.study), shapes.held(scope)
        rows = [(one, shapes.dataset(one, below=below, records=0)) for one in chosen]
        shown = [(one, row) for one, row in rows if standard in ("", row["standard"])]
        return Response([row | {"records": answer.records(one, scope, at=at)} for one, row in shown])


class OneDataset(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="dataset_json_dataset", summary="A data set as it is now, as Dataset-JSON 1.1",
        parameters=PARTS,
        responses={200: OpenApiTypes.OBJECT, 304: None, 400: ProblemSerializer, 429: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, dataset: str) -> HttpResponseBase:
        scope, at = live_scope_for(request.user, code, request.auth), timezone.now()
        chosen = shapes.chosen(scope, dataset)
        part, words, rows = parts_in(request)
        if not rows:
            return Response(answer.metadata(chosen, scope, at=at))
        give = answer.data_set if words else answer.rows_only
        return give(chosen, scope, part, request=request, user=request.user, at=at)

    @method_decorator(gzip_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, **kwargs)


class LinesRenderer(JSONRenderer):
    """Lets a client ask for lines; what it renders itself are refusals, as JSON."""

    media_type = answer.LINES
    format = "ndjson"


class DatasetLines(APIView):
    token_scopes = EXPORTING
    renderer_classes = [JSONRenderer, LinesRenderer]

    @extend_schema(
        operation_id="dataset_json_lines", summary="A data set as it is now, as Dataset-NDJSON 1.1",
        responses={(200, answer.LINES): OpenApiTypes.STR, 304: None, 429: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, dataset: str, **_: Any) -> HttpResponseBase:
        scope, at = live_scope_for(request.user, code, request.auth), timezone.now()
        return answer.lines(shapes.chosen(scope, dataset), scope, request=request, user=request.user, at=at)

    @method_decorator(gzip_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, **kwargs)


STUDY_PATH = "dataset-json/studies/STDY.<str:code>"
urlpatterns: list[URLPattern] = [
    path("dataset-json/about", PullAbout.as_view(), name="api-pull-about"),
    path("dataset-json/studies", Studies.as_view(), name="api-pull-studies"),
    path(STUDY_PATH, OneStudy.as_view(), name="api-pull-study"),
    path(f"{STUDY_PATH}/datasets", DatasetList.as_view(), name="api-pull-datasets"),
    path(f"{STUDY_PATH}/datasets/IG.<str:dataset>", OneDataset.as_view(), name="api-pull-dataset"),
    path(f"{STUDY_PATH}/datasets/IG.<str:dataset>/ndjson", DatasetLines.as_view(), name="api-pull-lines"),
]
