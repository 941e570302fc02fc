"""The addresses of snapshots and of Define-XML in CDISC's Dataset-JSON API."""

import hashlib
from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.cache import get_conditional_response
from django.utils.decorators import method_decorator
from django.utils.http import http_date
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import NotFound
from grading.exports.cuts.selectors import snapshot_in, snapshots_in
from grading.exports.pulled import shapes
from grading.exports.pulled.answer import RowRange
from grading.exports.pulled.parameters import PARTS, parts_in
from grading.exports.pulled.snapshots import kept
from grading.exports.pulled.snapshots.shifting import DateShift, records_of
from grading.exports.rows import scope_for
from grading.exports.trail import record_begun_of_cut, record_ended

REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)
STUDY_PATH = "dataset-json/studies/STDY.<str:code>"


class Snapshots(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_snapshots", summary="The data cuts whose packets are made",
                   responses={200: shapes.SNAPSHOTS} | REFUSALS)  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        scope = scope_for(request.user, code, request.auth)
        return Response([shapes.snapshot(cut) for cut in snapshots_in(scope)])


class OneSnapshot(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_snapshot", summary="A data cut, and what of it this key may take",
                   responses={200: shapes.SNAPSHOT} | REFUSALS)  # fmt: skip
    def get(self, request: Request, code: str, label: str) -> Response:
        scope = scope_for(request.user, code, request.auth)
        cut = snapshot_in(scope, label)
        here = shapes.snapshot(cut)
        with kept.archive_of(cut) as archive:
            entries = kept.entries_in(archive)
            if scope.shift:  # who is still under observation is not counted
                shift = DateShift.of(archive, scope.shift)
                entries = {
                    one.name: {"rows": records_of(archive, one, shift)} for one in shapes.held(scope)
                    if one.name in entries
                }  # fmt: skip
        datasets = [
            shapes.dataset(one, below=here["href"], records=entries[one.name]["rows"])
            for one in shapes.held(scope) if one.name in entries
        ]  # fmt: skip
        about = {"href": here["href"], "studyCreationDateTime": here["snapshotCreationDateTime"]}
        about["dates"] = "shifted" if scope.shift else "recorded"  # never by how many days
        return Response(shapes.study(cut.study) | about | {"metaDataRef": [shapes.define(cut)], "datasets": datasets})


class SnapshotDataset(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="dataset_json_snapshot_dataset", summary="A data set of a data cut, as Dataset-JSON 1.1",
        description="It never changes. The ETag of all of it is the SHA-256 in the packet's manifest.",
        parameters=PARTS,
        responses={200: OpenApiTypes.OBJECT, 304: None, 400: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, label: str, dataset: str) -> HttpResponseBase:
        scope = scope_for(request.user, code, request.auth)
        cut = snapshot_in(scope, label)
        chosen = shapes.chosen(scope, dataset)
        part, words, rows = parts_in(request)
        with kept.archive_of(cut) as archive:
            entry = kept.entries_in(archive).get(chosen.name)
            if entry is None:
                raise NotFound("no_such_record")
            digest = hashlib.sha256(f"{entry['sha256']}{scope.shift}".encode()).hexdigest()
            etag = _etag(digest if scope.shift else entry["sha256"], part, words=words, rows=rows)
            unchanged = get_conditional_response(request, etag=etag, last_modified=int(cut.made_at.timestamp()))
            if unchanged is not None:
                return unchanged
            pulled = {"dataset": chosen.name, "format": "dataset-json", "snapshot": cut.label, "profile": cut.profile,
                      "sites": cut.sites, "shifted": bool(scope.shift)}  # fmt: skip
            record_begun_of_cut(cut, by=request.user, pulled=pulled)
            shifted = DateShift.of(archive, scope.shift) if scope.shift else None
            file, size = kept.part_in(archive, chosen, part, words=words, rows=rows, shift=shifted)
        record_ended(scope, by=request.user, pulled=pulled, bytes=size)
        headers = {"ETag": etag, "Last-Modified": http_date(cut.made_at.timestamp())}
        if scope.shift:
            headers["X-Dates"] = "shifted; only whose observation has ended"
        return FileResponse(file, content_type="application/json", headers=headers)

    @method_decorator(gzip_page)
    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(*args, **kwargs)


def _etag(digest: str, part: RowRange, *, words: bool, rows: bool) -> str:
    """Of the whole file its SHA-256; of a part, with what is left out."""
    whole = words and rows and part == RowRange()
    return f'"{digest}"' if whole else f'"{digest}-{part.offset}-{part.limit or 0}-{words:d}{rows:d}"'


class Defines(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_defines", summary="Define-XML of each data cut whose packet is made",
                   responses={200: shapes.DEFINES} | REFUSALS)  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        scope = scope_for(request.user, code, request.auth)
        return Response([shapes.define(cut) for cut in snapshots_in(scope)])


class OneDefine(APIView):
    token_scopes = EXPORTING

    @extend_schema(operation_id="dataset_json_define", summary="Define-XML 2.1 of a data cut",
                   responses={200: shapes.DEFINE} | REFUSALS)  # fmt: skip
    def get(self, request: Request, code: str, label: str) -> Response:
        cut = snapshot_in(scope_for(request.user, code, request.auth), label)
        with kept.archive_of(cut) as archive:
            return Response({"label": cut.label, "defineXML": kept.define_in(archive)})


urlpatterns: list[URLPattern] = [
    path(f"{STUDY_PATH}/snapshots", Snapshots.as_view(), name="api-pull-snapshots"),
    path(f"{STUDY_PATH}/snapshots/<str:label>", OneSnapshot.as_view(), name="api-pull-snapshot"),
    path(f"{STUDY_PATH}/snapshots/<str:label>/datasets/IG.<str:dataset>", SnapshotDataset.as_view(),
         name="api-pull-snapshot-dataset"),
    path(f"{STUDY_PATH}/defines", Defines.as_view(), name="api-pull-defines"),
    path(f"{STUDY_PATH}/defines/<str:label>", OneDefine.as_view(), name="api-pull-define"),
]  # fmt: skip
