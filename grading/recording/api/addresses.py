"""The addresses of a kind of fact, each with its description in the schema."""

from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from crsmonitor.api.answers import PROBLEM, ProblemSerializer
from grading.recording.api.answers import RecordedSerializer, kept_serializer
from grading.recording.api.fields import Id
from grading.recording.api.shapes import FactSerializer
from grading.recording.api.views import FactListView, FactView, PageSerializer, views_of
from grading.recording.kinds import FactKind


def addresses_of(kind: FactKind, below: str, shape: FactSerializer) -> list[URLPattern]:
    """Of its list and of one version, `below` the participant's address."""
    many, one = (_document(view, below) for view in views_of(kind, shape))
    address = f"participants/<int:participant_id>/{below}/"
    return [
        path(address, many.as_view(), name=f"api-{below}"),
        path(f"{address}<uuid:fact_id>/", one.as_view(), name=f"api-{below}-one"),
    ]


def _problems(*statuses: int) -> dict[Any, Any]:
    return {(status, PROBLEM): ProblemSerializer for status in statuses}


def _document(view: type[FactView], below: str) -> type[FactView]:
    """The view with its own body and answers in the schema."""
    name, words, shape = below.replace("-", "_"), below.replace("-", " "), type(view.shape)
    if not issubclass(view, FactListView):
        one = extend_schema(
            operation_id=f"{name}_one",
            summary=f"One version of one of the {words}",
            responses={200: kept_serializer(shape)} | _problems(401, 403, 404),
        )
        return extend_schema_view(get=one)(view)
    fields: dict[str, Any] = {"results": kept_serializer(shape)(many=True), "next": Id(allow_null=True)}
    page = type(f"{view.kind.model.__name__}PageSerializer", (serializers.Serializer,), fields)
    return extend_schema_view(
        get=extend_schema(
            operation_id=f"{name}_list",
            summary=f"Standing {words}, newest first",
            parameters=[PageSerializer],
            responses={200: page} | _problems(400, 401, 403, 404),
        ),
        post=extend_schema(
            operation_id=f"{name}_record",
            summary=f"Record one of the {words}",
            description="The same id with the same body is answered 200, as it was at first; with another body 409.",
            request=shape,
            responses={201: RecordedSerializer, 200: RecordedSerializer} | _problems(400, 401, 403, 404, 409, 413, 415),
        ),
    )(view)
