"""The addresses of CDISC's Dataset-JSON API, without snapshots and defines, which it allows."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor import __version__
from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import InvalidInput, NotFound
from grading.exports.datasets import ALL
from grading.exports.datasets.dataset import Dataset
from grading.exports.formats import oids
from grading.exports.formats.cells import is_analysis
from grading.exports.pulled import answer
from grading.exports.pulled.parameters import MOST, flag_in, number_in
from grading.exports.rows import Scope, scope_for, scopes_of

REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)
TEXT = serializers.CharField
STUDY = inline_serializer("PulledStudy", {"studyOID": TEXT(), "name": TEXT(), "href": TEXT()})
DATASET = inline_serializer(
    "PulledDataset", {"itemGroupOID": TEXT(), "name": TEXT(), "label": TEXT(), "standard": TEXT(), "href": TEXT()}
)
ABOUT = {"name": TEXT(), "version": TEXT(), "apiVersion": TEXT(), "datasetJSONVersion": TEXT(), "profile": TEXT()}
BASE = "/api/v1/dataset-json"


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

    @extend_schema(
        operation_id="dataset_json_studies", summary="The studies of which this key may take something",
        responses={200: inline_serializer("PulledStudies", {"studies": serializers.ListField(child=STUDY)})} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return Response({"studies": [_study(scope) for scope in scopes_of(request.user, request.auth)]})


class OneStudy(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_study", summary="A study", responses={200: STUDY} | REFUSALS)
    def get(self, request: Request, code: str) -> Response:
        return Response(_study(scope_for(request.user, code, request.auth)))


class DatasetList(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="dataset_json_datasets", summary="The data sets of a study that this key may take",
        parameters=[OpenApiParameter("standard", enum=["ADaM", "SDTM"], description="Only those of this standard.")],
        responses={200: inline_serializer("PulledDatasets", {"datasets": serializers.ListField(child=DATASET)}),
                   400: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        scope, standard = scope_for(request.user, code, request.auth), request.query_params.get("standard")
        if standard not in (None, "ADaM", "SDTM"):
            raise InvalidInput.at("standard", "one_of", choices="ADaM, SDTM")
        rows = [_dataset(one, scope) for one in ALL if scope.holds(one.name)]
        return Response({"datasets": [one for one in rows if standard in (None, one["standard"])]})


class OneDataset(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="dataset_json_dataset", summary="A data set as it is now, as Dataset-JSON 1.1",
        parameters=[
            OpenApiParameter("metadataonly", OpenApiTypes.BOOL, description="All but the rows."),
            OpenApiParameter("dataonly", OpenApiTypes.BOOL, description="The rows alone."),
            OpenApiParameter("offset", {"type": "integer", "minimum": 0, "maximum": MOST}, description="Rows before."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST}, description="Rows at most."),
        ],
        responses={200: OpenApiTypes.OBJECT, 304: None, 400: ProblemSerializer, 429: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, dataset: str) -> HttpResponseBase:
        scope, at = scope_for(request.user, code, request.auth), timezone.now()
        chosen = next((one for one in ALL if one.name.upper() == dataset and scope.holds(one.name)), None)
        if chosen is None:
            raise NotFound("no_such_record")
        without_rows, without_words = flag_in(request, "metadataonly"), flag_in(request, "dataonly")
        if without_rows and without_words:
            raise InvalidInput.at("dataonly", "no_such_parameter")
        part = answer.RowRange(
            offset=number_in(request, "offset", least=0) or 0, limit=number_in(request, "limit", least=1)
        )
        if without_rows:
            return Response(answer.metadata(chosen, scope, at=at))
        give = answer.rows_only if without_words else answer.data_set
        return give(chosen, scope, part, request=request, user=request.user, at=at)

    @method_decorator(gzip_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, **kwargs)


def _study(scope: Scope) -> dict[str, str]:
    oid = oids.study_oid(scope.study.code)
    return {"studyOID": oid, "name": scope.study.title, "href": f"{BASE}/studies/{oid}"}


def _dataset(dataset: Dataset, scope: Scope) -> dict[str, str]:
    group = oids.group_oid(dataset)
    return {
        "itemGroupOID": group, "name": dataset.name.upper(), "label": dataset.label,
        "standard": "ADaM" if is_analysis(dataset) else "SDTM",
        "href": f"{BASE}/studies/{oids.study_oid(scope.study.code)}/datasets/{group}",
    }  # fmt: skip


STUDY_PATH = "dataset-json/studies/STDY.<str:code>"
urlpatterns: list[URLPattern] = [
    path("dataset-json/about", PullAbout.as_view(), name="api-pull-about"),
    path("dataset-json/studies", Studies.as_view(), name="api-pull-studies"),
    path(STUDY_PATH, OneStudy.as_view(), name="api-pull-study"),
    path(f"{STUDY_PATH}/datasets", DatasetList.as_view(), name="api-pull-datasets"),
    path(f"{STUDY_PATH}/datasets/IG.<str:dataset>", OneDataset.as_view(), name="api-pull-dataset"),
]
