"""Serious-event sheets for programs: which episodes of a participant have one, and each as JSON or PDF."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.api.answers import ProblemSerializer
from grading.serious import sending
from grading.serious.selectors import reader_of, serious_episodes

PDF = "application/pdf"
REFUSALS = dict.fromkeys((401, 403, 404), ProblemSerializer)


class SeriousEventSerializer(serializers.Serializer):
    """An episode of grade 3 or above, by the rules or by a person; a provisional one by what its signs would be."""

    kind = serializers.CharField()
    root = serializers.UUIDField(help_text="Of the fact of its onset: with `kind` it names the sheet.")
    provisional = serializers.CharField(help_text="The flag that opened it; empty: definite.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    max_grade = serializers.IntegerField()
    final_grade = serializers.IntegerField()
    axis_grade = serializers.IntegerField()


class SheetSerializer(serializers.Serializer):
    """`sheet`: sections by their letters in E2B(R3); `sha256` is of its compact JSON with sorted keys, in UTF-8."""

    sheet = serializers.DictField()
    sha256 = serializers.CharField()
    made_at = serializers.DateTimeField()


class SeriousEvents(APIView):
    @extend_schema(
        operation_id="serious_events", summary="The episodes of a participant that have a serious-event sheet",
        responses={200: SeriousEventSerializer(many=True)} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, participant_id: int) -> Response:
        reader = reader_of(request.user, participant_id)
        return Response(SeriousEventSerializer(serious_episodes(reader.participant), many=True).data)


class SeriousEvent(APIView):
    @extend_schema(
        operation_id="serious_event", summary="A serious-event sheet",
        description="Who sees no ward is given it pseudonymised; of a blinded study without steps and doses.",
        responses={200: SheetSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, participant_id: int, kind: str, root: UUID) -> Response:
        at = timezone.now()
        event = sending.sheet_for(request.user, participant_id, kind, root, at=at)
        return Response(sending.as_json(event, by=request.user, at=at))


class PdfRenderer(JSONRenderer):
    """Lets a client ask for application/pdf; what it renders itself are refusals, as JSON."""

    media_type = PDF
    format = "pdf"


class SeriousEventPdf(APIView):
    renderer_classes = [JSONRenderer, PdfRenderer]

    @extend_schema(
        operation_id="serious_event_pdf", summary="A serious-event sheet as PDF",
        responses={(200, PDF): OpenApiTypes.BINARY} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, participant_id: int, kind: str, root: UUID, **_: Any) -> HttpResponse:
        at = timezone.now()
        event = sending.sheet_for(request.user, participant_id, kind, root, at=at)
        return HttpResponse(sending.as_pdf(event, by=request.user, at=at), content_type=PDF)


BASE = "participants/<int:participant_id>/serious-events"
ONE = f"{BASE}/<slug:kind>/<uuid:root>"
urlpatterns: list[URLPattern] = [
    path(f"{BASE}/", SeriousEvents.as_view(), name="api-serious-events"),
    path(f"{ONE}/", SeriousEvent.as_view(), name="api-serious-event"),
    path(f"{ONE}/sheet.pdf", SeriousEventPdf.as_view(), name="api-serious-event-pdf"),
]
