"""Regimens for programs: the library, and the versions of a study.

Decimal numbers are texts, so that none is rounded.
"""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.roles import Act
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import Forbidden, NotFound
from regimens.library import as_json, names, read
from regimens.models import Regimen
from regimens.selectors import may, missing_for_enrolment, regimens_of

REFUSED = dict.fromkeys((401, 403, 404), ProblemSerializer)


class ListedRegimenSerializer(serializers.Serializer):
    """A published regimen. `document`: as regimens/library/schema.json says; only where one `id` is asked for."""

    id = serializers.CharField()
    title = serializers.CharField()
    drug = serializers.CharField()
    variants = serializers.ListField(child=serializers.CharField())
    document = serializers.JSONField(required=False)


class RegimenVersionSerializer(serializers.Serializer):
    """A study's version. `document` null: it was set up by hand. `amends`: the version before, null for the first.
    `approved_at` null: a draft, under which nobody is enrolled.
    """

    id = serializers.IntegerField()
    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    library_id = serializers.CharField(allow_blank=True)
    variant = serializers.CharField(allow_blank=True)
    amends = serializers.IntegerField(source="amends_id", allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    approved_at = serializers.DateTimeField(allow_null=True)
    document = serializers.JSONField(allow_null=True)
    missing_for_enrolment = serializers.SerializerMethodField(help_text="Field -> steps that lack it; empty: ready.")

    def get_missing_for_enrolment(self, version: Regimen) -> dict[str, list[str]]:
        return missing_for_enrolment(version)


class LibraryView(APIView):
    @extend_schema(
        operation_id="regimen_library",
        summary="The published regimens; with `id`, one of them with its document",
        parameters=[OpenApiParameter("id", str)],
        responses={200: ListedRegimenSerializer(many=True)} | REFUSED,
    )
    def get(self, request: Request) -> Response:
        if not may(request.user, Act.SEE_STUDY):
            raise Forbidden("role_forbids")
        wanted_id = request.query_params.get("id")
        if wanted_id is not None and wanted_id not in names():
            raise NotFound("no_such_regimen")
        return Response([_listed(name, whole=name == wanted_id) for name in names() if wanted_id in (None, name)])


def _listed(name: str, *, whole: bool) -> dict[str, Any]:
    data = read(name).data
    entry = {"id": name, "title": data["title"], "drug": data["drug"], "variants": sorted(data.get("variants", {}))}
    return entry | {"document": as_json(data)} if whole else entry


class StudyRegimensView(APIView):
    @extend_schema(
        operation_id="study_regimens",
        summary="The regimen versions of a study, each with the document it was made of",
        responses={200: RegimenVersionSerializer(many=True)} | REFUSED,
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(RegimenVersionSerializer(regimens_of(request.user, code), many=True).data)


urlpatterns: list[URLPattern] = [
    path("regimen-library/", LibraryView.as_view(), name="api-regimen-library"),
    path("studies/<str:code>/regimens/", StudyRegimensView.as_view(), name="api-study-regimens"),
]
