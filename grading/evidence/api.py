"""The evidence of a study for programs: the same selector as the page, its filters, and its refusals."""

from typing import Any

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.api.answers import ProblemSerializer
from grading.evidence.counts import EvidenceRow
from grading.evidence.page import evidence_page
from grading.evidence.support import MODEL, MODEL_FREE, PlaceSupport
from grading.evidence.tables import content_of
from grading.evidence.taking import filters_in, record_taken
from grading.safety.scope import review_scope
from regimens.blinding import Profile

REFUSALS = dict.fromkeys((400, 401, 403, 404), ProblemSerializer)


class ShareLimitsSerializer(serializers.Serializer):
    """Of a proportion, 0 to 1."""

    low = serializers.FloatField()
    high = serializers.FloatField()


class EndpointEvidenceSerializer(serializers.Serializer):
    """Participants: `event` of `known`; `open` and `undeterminable` are in neither. Nothing known: nulls, never 0.

    `least`, `most`: of all given, if none or if all of those not known had it. `p_below`: the less favourable of the
    counts alone and the model, and `decided_by` whose it is.
    """

    given = serializers.IntegerField(source="count.given")
    known = serializers.IntegerField(source="count.known")
    event = serializers.IntegerField(source="count.event")
    open = serializers.IntegerField(source="count.open")
    undeterminable = serializers.IntegerField(source="count.undeterminable")
    share = serializers.FloatField(source="of.of.share", allow_null=True, default=None)
    jeffreys = ShareLimitsSerializer(source="of.of.jeffreys", allow_null=True, default=None)
    clopper_pearson = ShareLimitsSerializer(source="of.of.exact", allow_null=True, default=None)
    wilson = ShareLimitsSerializer(source="of.of.wilson", allow_null=True, default=None)
    least = serializers.FloatField(source="count.least")
    most = serializers.FloatField(source="count.most")
    below = serializers.FloatField(help_text="The limit of the rule.")
    confidence = serializers.FloatField(help_text="What P(below) is asked to reach.")
    p_below_counts = serializers.FloatField(source="of.p_below", allow_null=True, default=None)
    model = ShareLimitsSerializer(allow_null=True, help_text="95 % interval of the model; null: none speaks of this.")
    p_below_model = serializers.FloatField(source="p_of_model", allow_null=True)
    p_below = serializers.FloatField(allow_null=True)
    decided_by = serializers.ChoiceField(choices=[MODEL_FREE, MODEL])
    reaches = serializers.BooleanField(allow_null=True, help_text="Null: nothing is known.")


class StepGivenSerializer(serializers.Serializer):
    label = serializers.CharField()
    participants = serializers.IntegerField()


class OnsetHoursSerializer(serializers.Serializer):
    """Hours from the dose, of those with CRS alone."""

    n = serializers.IntegerField()
    median = serializers.DecimalField(max_digits=9, decimal_places=3)
    least = serializers.DecimalField(max_digits=9, decimal_places=2)
    most = serializers.DecimalField(max_digits=9, decimal_places=2)


class OnsetStepSerializer(serializers.Serializer):
    """`free`: the share without CRS so far (Kaplan-Meier), with its 95 % limits; null: nobody is free any more."""

    t_h = serializers.FloatField()
    at_risk = serializers.IntegerField()
    events = serializers.IntegerField()
    free = serializers.FloatField()
    low = serializers.FloatField(source="interval.0", allow_null=True, default=None)
    high = serializers.FloatField(source="interval.1", allow_null=True, default=None)


class OnsetSerializer(serializers.Serializer):
    """`left_out`: not known whether or when, or begun before the dose. `median_h` null: not reached."""

    with_crs = OnsetHoursSerializer(allow_null=True)
    people = serializers.IntegerField()
    left_out = serializers.IntegerField()
    median_h = serializers.FloatField(allow_null=True)
    curve = OnsetStepSerializer(many=True)


class DrugNeedSerializer(serializers.Serializer):
    needed = serializers.IntegerField()
    not_known = serializers.IntegerField()


class PlaceEvidenceSerializer(serializers.Serializer):
    """`place`: 1 for the first dose of a participant that opens a dose period. `steps` empty: they are not told."""

    place = serializers.IntegerField()
    steps = StepGivenSerializer(many=True)
    any = EndpointEvidenceSerializer()
    grade2 = EndpointEvidenceSerializer()
    supported = serializers.BooleanField(allow_null=True, help_text="By the rule; null: something is not known.")
    onset = OnsetSerializer()
    tocilizumab = DrugNeedSerializer()
    steroid = DrugNeedSerializer()


class EvidenceFiltersSerializer(serializers.Serializer):
    site = serializers.CharField(allow_blank=True)
    cohort = serializers.CharField(allow_blank=True)
    version = serializers.CharField(allow_blank=True)


class EvidenceRuleSerializer(serializers.Serializer):
    any_below = serializers.FloatField()
    any_confidence = serializers.FloatField()
    grade2_below = serializers.FloatField()
    grade2_confidence = serializers.FloatField()


class EvidenceSerializer(serializers.Serializer):
    """`facts_sha256`: of the facts behind it. `sha256`: of the tables, as on the print and in each line of the CSV.

    `supported_from`: the place from which every one reaches the rule; null: none. It releases nothing.
    """

    study = serializers.CharField()
    cut = serializers.DateTimeField()
    profile = serializers.ChoiceField(choices=[one.value for one in Profile])
    is_whole = serializers.BooleanField(help_text="Nobody of the study is left out.")
    filters = EvidenceFiltersSerializer()
    participants = serializers.IntegerField(help_text="Who was given a dose.")
    facts_sha256 = serializers.CharField()
    sha256 = serializers.CharField()
    rule = EvidenceRuleSerializer()
    supported_from = serializers.IntegerField(allow_null=True)
    places = PlaceEvidenceSerializer(many=True)


class StudyEvidence(APIView):
    @extend_schema(
        operation_id="study_evidence", summary="What the dose periods of a study support: counts alone",
        description="Nobody's course, for any reader. Cohorts and sites are filters of whoever is told them.",
        parameters=[
            OpenApiParameter("site", description="The code of a site, for whoever sees its ward."),
            OpenApiParameter("cohort", description="The name of a cohort, for whoever is told them."),
            OpenApiParameter("version", description="A version of a regimen, such as `STEP v2`."),
            OpenApiParameter("cut", OpenApiTypes.DATETIME, description="As known then, with its offset. Default: now."),
        ],
        responses={200: EvidenceSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        scope = review_scope(request.user, code)
        page = evidence_page(request.user, scope, filters_in(request.query_params), at=timezone.now())
        content = content_of(page)
        record_taken(page, content, by=request.user, what="api")
        support = page.support
        return Response(EvidenceSerializer({
            "study": scope.study.code, "cut": page.cut, "profile": scope.profile, "is_whole": page.scope.is_whole,
            "filters": page.filters, "participants": page.people, "facts_sha256": page.digest,
            "sha256": content.sha256, "rule": support.rule, "supported_from": support.first,
            "places": [_place(row, one) for row, one in zip(page.rows, support.places, strict=True)],
        }).data)  # fmt: skip


def _place(row: EvidenceRow, support: PlaceSupport) -> dict[str, Any]:
    return {
        "place": row.place, "steps": [{"label": label, "participants": people} for label, people in row.steps],
        "any": support.any, "grade2": support.grade2, "supported": support.supported, "onset": row.onset,
        "tocilizumab": row.tocilizumab, "steroid": row.steroid,
    }  # fmt: skip


urlpatterns: list[URLPattern] = [
    path("studies/<str:code>/evidence/", StudyEvidence.as_view(), name="api-evidence"),
]
