"""The archive of a data cut for programs, by a key with the scope `export`. A cut is signed: no key makes one."""

from typing import Any

from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import EXPORTING
from crsmonitor.accounts.models import ApiToken
from crsmonitor.api.answers import ProblemSerializer
from grading.exports.cuts import sending
from grading.exports.cuts.selectors import packet_in
from grading.exports.rows import scope_for

REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)


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
        description="Its ETag is its SHA-256. A key that may not take every data set of the cut does not find it.",
        parameters=[
            OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="One range of bytes."),
            OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description="The ETag of before."),
        ],
        responses={(200, sending.ZIP): OpenApiTypes.BINARY, (206, sending.ZIP): OpenApiTypes.BINARY,
                   304: None, 412: None, 416: None} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str, label: str, **_: Any) -> HttpResponseBase:
        packet = packet_in(scope_for(request.user, code, request.auth), label)
        by_token = isinstance(request.auth, ApiToken)
        return sending.packet_answer(request._request, packet, user=request.user, by_token=by_token)


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/cuts/<str:label>/packet.zip", CutPacket.as_view(), name="api-cut-packet"),
]
