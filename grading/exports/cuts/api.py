"""The archive of a data cut for programs, by a key with the scope `export`. A cut is signed: no key makes one."""

from datetime import UTC
from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.accounts.models import ApiToken
from crsmonitor.api.answers import ProblemSerializer
from grading.exports.cuts import sending
from grading.exports.cuts.selectors import cuts_in, packet_in
from grading.exports.rows import live_scope_for, scope_for
from grading.models import DataCut, PacketState

REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)


class CutSerializer(serializers.Serializer[Any]):
    """One data cut. `size` in bytes and `sha256` are null until its packet is made."""

    label = serializers.CharField(read_only=True)
    cut = serializers.DateTimeField(read_only=True, default_timezone=UTC)
    made_at = serializers.DateTimeField(read_only=True, default_timezone=UTC)
    because = serializers.CharField(read_only=True)
    profile = serializers.CharField(read_only=True)
    all_sites = serializers.SerializerMethodField()
    state = serializers.ChoiceField(PacketState.choices, source="packet.state", read_only=True)
    size = serializers.IntegerField(source="packet.size", read_only=True, allow_null=True)
    sha256 = serializers.SerializerMethodField()

    def get_all_sites(self, cut: DataCut) -> bool:
        return cut.sites is None

    def get_sha256(self, cut: DataCut) -> str | None:
        return cut.packet.sha256 or None


class CutList(APIView):
    token_scopes = EXPORTING

    @extend_schema(
        operation_id="cuts",
        summary="The data cuts of a study, the newest first",
        description="Those whose packet this key may take away, or could once it is made. A cut is made by page.",
        responses={200: CutSerializer(many=True)} | REFUSALS,
    )
    def get(self, request: Request, code: str, **_: Any) -> Response:
        cuts = cuts_in(scope_for(request.user, code, request.auth))
        return Response(CutSerializer(cuts, many=True).data)


class ZipRenderer(JSONRenderer):
    """Lets a client ask for application/zip; what it renders itself are refusals, as JSON."""

    media_type = sending.ZIP
    format = "zip"


class CutPacket(APIView):
    token_scopes = EXPORTING
    renderer_classes = [JSONRenderer, ZipRenderer]

    @extend_schema(
        operation_id="cut_packet",
        summary="The archive of a data cut, once it is made",
        description="Its ETag is its SHA-256. A key that may not take every data set of the cut does not find it. One "
        "download at a time: another is 429. 503: the store in which it lies is away.",
        parameters=[
            OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="One range of bytes."),
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of before."),
        ],
        responses={(200, sending.ZIP): OpenApiTypes.BINARY, (206, sending.ZIP): OpenApiTypes.BINARY,
                   304: None, 412: None, 416: None, 429: ProblemSerializer, 503: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, label: str, **_: Any) -> HttpResponseBase:
        packet = packet_in(live_scope_for(request.user, code, request.auth), label)
        by_token = isinstance(request.auth, ApiToken)
        return sending.packet_answer(request._request, packet, user=request.user, by_token=by_token)


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/cuts/", CutList.as_view(), name="api-cuts"),
    path("studies/<str:code>/cuts/<str:label>/packet.zip", CutPacket.as_view(), name="api-cut-packet"),
]
