"""Facts by participant: POST one, GET the standing ones, GET one version."""

from typing import Any

from django.urls import path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from crsmonitor.api import PROBLEM, ProblemSerializer
from grading.models import Attribution, GradeAssessment, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.recording.api import shapes
from grading.recording.api.answers import RecordedSerializer, kept_serializer
from grading.recording.api.fields import Id
from grading.recording.api.views import FactListView, FactView, Noun, PageSerializer, views_of
from regimens.models import (
    Disposition,
    Dose,
    DoseEnd,
    Measurement,
    MissedObservationReason,
    Stay,
    StayEnd,
    WindowCompletion,
)

NOUNS = [
    Noun(path="vital-signs", model=VitalSigns, shape=shapes.VitalSignsSerializer()),
    Noun(path="neuro-assessments", model=NeuroAssessment, shape=shapes.NeuroAssessmentSerializer()),
    Noun(path="treatments", model=Treatment, shape=shapes.TreatmentSerializer()),
    Noun(path="treatment-ends", model=TreatmentEnd, shape=shapes.TreatmentEndSerializer(), ends=Treatment),
    Noun(path="doses", model=Dose, shape=shapes.DoseSerializer()),
    Noun(path="dose-ends", model=DoseEnd, shape=shapes.DoseEndSerializer(), ends=Dose),
    Noun(path="stays", model=Stay, shape=shapes.StaySerializer()),
    Noun(path="stay-ends", model=StayEnd, shape=shapes.StayEndSerializer(), ends=Stay),
    Noun(path="measurements", model=Measurement, shape=shapes.MeasurementSerializer()),
    Noun(path="attributions", model=Attribution, shape=shapes.AttributionSerializer()),
    Noun(path="grade-assessments", model=GradeAssessment, shape=shapes.GradeAssessmentSerializer()),
    Noun(path="excuses", model=MissedObservationReason, shape=shapes.MissedObservationSerializer()),
    Noun(path="window-closings", model=WindowCompletion, shape=shapes.WindowCompletionSerializer(), ends=Dose),
    Noun(path="dispositions", model=Disposition, shape=shapes.DispositionSerializer()),
]


def _problems(*statuses: int) -> dict[Any, Any]:
    return {(status, PROBLEM): ProblemSerializer for status in statuses}


def _document(view: type[FactView], noun: Noun) -> type[FactView]:
    name = noun.path.replace("-", "_")
    if not issubclass(view, FactListView):
        one = extend_schema(
            operation_id=f"{name}_one",
            summary=f"One version of one of the {noun.path.replace('-', ' ')}",
            responses={200: kept_serializer(type(noun.shape))} | _problems(401, 403, 404),
        )
        return extend_schema_view(get=one)(view)
    fields: dict[str, Any] = {"results": kept_serializer(type(noun.shape))(many=True), "next": Id(allow_null=True)}
    page = type(f"{noun.model.__name__}PageSerializer", (serializers.Serializer,), fields)
    return extend_schema_view(
        get=extend_schema(
            operation_id=f"{name}_list",
            summary=f"Standing {noun.path.replace('-', ' ')}, newest first",
            parameters=[PageSerializer],
            responses={200: page} | _problems(400, 401, 403, 404),
        ),
        post=extend_schema(
            operation_id=f"{name}_record",
            summary=f"Record one of the {noun.path.replace('-', ' ')}",
            description="The same id with the same body is answered 200, as it was at first; with another body 409.",
            request=type(noun.shape),
            responses={201: RecordedSerializer, 200: RecordedSerializer} | _problems(400, 401, 403, 404, 409, 413, 415),
        ),
    )(view)


urlpatterns = []
for _noun in NOUNS:
    _many, _one = views_of(_noun, _document)
    _address = f"participants/<int:participant_id>/{_noun.path}/"
    urlpatterns += [
        path(_address, _many, name=f"api-{_noun.path}"),
        path(f"{_address}<uuid:fact_id>/", _one, name=f"api-{_noun.path}-one"),
    ]
