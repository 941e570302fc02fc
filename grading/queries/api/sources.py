"""Source data verification for programs: what of a participant is to be compared, marks, and how far a study is."""

from typing import Any

from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.authentication import WRITING
from crsmonitor.accounts.roles import Act
from crsmonitor.api.answers import ProblemSerializer
from grading.queries.progress import SourceState, progress_of, record_states, study_to_verify
from grading.queries.verifying import AboutVersion, mark, newest_plan
from regimens.selectors import participant_for

REFUSALS = dict.fromkeys((400, 401, 403, 404), ProblemSerializer)
MOST_FIELDS = 100


class RecordStateSerializer(serializers.Serializer):
    """`sampled`: by the plan of the study it is to be compared. `again`: verified before, and corrected since."""

    kind = serializers.CharField()
    record = serializers.UUIDField(source="root")
    version = serializers.UUIDField()
    observed_at = serializers.DateTimeField()
    sampled = serializers.BooleanField()
    state = serializers.ChoiceField(choices=[state.value for state in SourceState])


class MarkSerializer(serializers.Serializer):
    """`version`: the one that was looked at; a newer one since is answered 409."""

    kind = serializers.CharField(max_length=100)
    record = serializers.UUIDField()
    version = serializers.UUIDField()
    names = serializers.ListField(
        child=serializers.CharField(max_length=100), required=False, default=list, max_length=MOST_FIELDS,
        help_text="Fields that were compared; none: the whole record.",
    )  # fmt: skip
    holds = serializers.BooleanField(default=True, help_text="False: the mark is taken back, for what `because` says.")
    because = serializers.CharField(required=False, default="", allow_blank=True, max_length=500)


class MarkedSerializer(serializers.Serializer):
    changed = serializers.IntegerField(help_text="How many marks that made or took back; 0 for the same again.")


class SourcePlanSerializer(serializers.Serializer):
    grade_from = serializers.IntegerField(allow_null=True)
    every_nth = serializers.IntegerField(allow_null=True)
    percent = serializers.IntegerField(allow_null=True)
    seed = serializers.CharField()
    because = serializers.CharField()
    by = serializers.CharField(source="by.username")
    at = serializers.DateTimeField()


class ProgressSerializer(serializers.Serializer):
    participant = serializers.IntegerField(source="participant.pk")
    number = serializers.CharField(source="participant.number")
    site = serializers.CharField(source="participant.site.code")
    sampled = serializers.IntegerField()
    verified = serializers.IntegerField()
    again = serializers.IntegerField()
    beyond = serializers.IntegerField(help_text="Verified though the plan does not draw them.")


class StudySourceSerializer(serializers.Serializer):
    """`plan` null: the study wrote none, and nothing is drawn."""

    plan = SourcePlanSerializer(allow_null=True)
    participants = ProgressSerializer(many=True)


class ParticipantSource(APIView):
    token_scopes = WRITING

    @extend_schema(
        operation_id="source_records", summary="Records of a participant, and whether each was verified",
        responses={200: RecordStateSerializer(many=True)} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, participant_id: int) -> Response:
        participant = participant_for(request.user, participant_id, Act.VERIFY)
        states = record_states(participant.study, [participant.pk])
        shown = sorted(states, key=lambda one: (one.observed_at, one.kind, str(one.root)))
        return Response(RecordStateSerializer(shown, many=True).data)

    @extend_schema(
        operation_id="source_mark", summary="Mark a record, or fields of it, as compared with its source",
        request=MarkSerializer, responses={200: MarkedSerializer, 409: ProblemSerializer} | REFUSALS,
    )  # fmt: skip
    def post(self, request: Request, participant_id: int) -> Response:
        participant_for(request.user, participant_id, Act.VERIFY)
        body = MarkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        about = AboutVersion(
            participant_id=participant_id, kind=values["kind"], root=values["record"], version=values["version"]
        )  # fmt: skip
        taken_back = None if values["holds"] else values["because"]
        changes = mark(about, values["names"] or [""], by=request.user, at=timezone.now(), taken_back=taken_back)
        return Response({"changed": changes})


class StudySource(APIView):
    @extend_schema(
        operation_id="source_progress", summary="How far the verification of a study is, and by which plan",
        responses={200: StudySourceSerializer} | REFUSALS,
    )  # fmt: skip
    def get(self, request: Request, code: str) -> Response:
        study = study_to_verify(request.user, code)
        answer = {"plan": newest_plan(study), "participants": progress_of(request.user, study)}
        return Response(StudySourceSerializer(answer).data)


BELOW = "source-verification"
urlpatterns: list[URLPattern] = [
    path(f"participants/<int:participant_id>/{BELOW}/", ParticipantSource.as_view(), name="api-source"),
    path(f"studies/<str:code>/{BELOW}/", StudySource.as_view(), name="api-source-study"),
]
