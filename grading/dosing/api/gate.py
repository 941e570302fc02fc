"""The next-dose gate of one participant as JSON, and its release."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.roles import Act
from crsmonitor.api.answers import PROBLEM, ProblemSerializer
from crsmonitor.api.parsing import ExactJSONParser
from grading.dosing.gate_words import text
from grading.dosing.selectors.gate import Gate, gate_for
from grading.recording.api.answers import RecordedSerializer, recorded
from grading.recording.api.fields import Instant, Text, Whole, YesNo
from grading.recording.api.shapes import OPTIONAL, FactSerializer
from grading.recording.api.signature import SignatureSerializer
from grading.recording.api.views import record_sent
from grading.recording.kinds import KINDS
from regimens.models import DoseRelease
from regimens.rules.gate.answer import Decision, Standing
from regimens.rules.gate.contract import as_answer, as_case, as_to_do
from regimens.rules.gate.to_do import TO_DO
from regimens.selectors import participant_for


class GateQuerySerializer(serializers.Serializer):
    """What may be asked. `at`: when the dose is to be given; absent: when it is planned, or now where that is past."""

    at = Instant(required=False)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if unknown := {name: ["No such field."] for name in data if name not in self.fields}:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class ToDoSerializer(serializers.Serializer):
    """What lifts a hold: a code with values, and its words in the language that was asked for (Accept-Language)."""

    code = serializers.ChoiceField(choices=sorted(TO_DO))
    values = serializers.DictField(child=serializers.CharField(allow_blank=True))
    text = serializers.CharField()


class CriterionSerializer(serializers.Serializer):
    code = serializers.CharField()
    state = serializers.ChoiceField(choices=[one.value for one in Standing])
    text = serializers.CharField()
    source = serializers.CharField(allow_blank=True)
    to_do = ToDoSerializer(allow_null=True, help_text="null: it holds nothing")


class StandingReleaseSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    step = serializers.CharField()
    dose_at = serializers.DateTimeField()
    released_at = serializers.DateTimeField()
    released_by = serializers.CharField()
    override = serializers.BooleanField()
    because = serializers.CharField()


class GateSerializer(serializers.Serializer):
    """The gate's answer to the facts of now. It proposes; an investigator releases.

    Hours count from the first dose on the site's wall clock. `case`: what `manage.py gate` gives the same answer to;
    null where the regimen has no gate rules on file. `release`: the one that holds; null: none.
    """

    id = serializers.CharField(help_text="The participant's study number.")
    decision = serializers.ChoiceField(choices=[one.value for one in Decision])
    step = serializers.CharField(allow_null=True)
    earliest_h = serializers.FloatField(allow_null=True)
    inpatient_hours = serializers.FloatField(allow_null=True)
    criteria = CriterionSerializer(many=True)
    to_do = ToDoSerializer(allow_null=True, help_text="The one thing to do about a hold; null: nothing holds.")
    at = serializers.DateTimeField(help_text="When the dose is to be given.")
    position = serializers.IntegerField(allow_null=True, help_text="Of the step in the participant's regimen.")
    case = serializers.DictField(allow_null=True)
    release = StandingReleaseSerializer(allow_null=True)


class ReleaseSerializer(FactSerializer):
    """The next dose may be given. Without `override` as the gate proposes; with it `because` says why. Signed."""

    step = Whole(least=1, most=32767, help_text="Position of the step in the participant's regimen.")
    dose_at = Instant(help_text="When the dose is to be given.")
    override = YesNo(**OPTIONAL)
    because = Text(most=2000, lines=True, blank=True, **OPTIONAL)
    signature = SignatureSerializer(write_only=True, **OPTIONAL)


REFUSED: dict[Any, Any] = {(status, PROBLEM): ProblemSerializer for status in (400, 401, 403, 404)}
RELEASE = ReleaseSerializer()


def gate_data(gate: Gate) -> dict[str, Any]:
    """The shape of GateSerializer."""
    number, release = gate.participant.number, gate.standing
    return {"id": number} | as_answer(gate.answer) | {
        "criteria": [
            {
                "code": one.code, "state": one.state.value, "text": text(one), "source": one.source,
                "to_do": as_to_do(one.to_do, gettext),
            }
            for one in gate.answer.criteria
        ],
        "to_do": as_to_do(gate.answer.to_do, gettext),
        "at": gate.dose_at.isoformat(),
        "position": None if gate.step is None else gate.step.position,
        "case": None if gate.case is None else as_case(gate.case, number),
        "release": None if release is None else {
            "id": str(release.pk),
            "step": release.step.label,
            "dose_at": release.dose_at.isoformat(),
            "released_at": release.observed_at.isoformat(),
            "released_by": release.recorded_by.get_username(),
            "override": release.override,
            "because": release.because,
        },
    }  # fmt: skip


class GateView(APIView):
    parser_classes = [ExactJSONParser]

    @extend_schema(
        operation_id="gate",
        summary="May the next dose be given: go, hold, restart or stop, with every criterion",
        parameters=[GateQuerySerializer],
        responses={200: GateSerializer} | REFUSED,
    )
    def get(self, request: Request, participant_id: int) -> Response:
        query = GateQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        dose_at = query.validated_data.get("at")
        return Response(gate_data(gate_for(request.user, participant_id, dose_at=dose_at, at=timezone.now())))

    @extend_schema(
        operation_id="gate_release",
        summary="Release the next dose",
        request=ReleaseSerializer,
        responses={201: RecordedSerializer, 200: RecordedSerializer}
        | REFUSED
        | {(status, PROBLEM): ProblemSerializer for status in (409, 413, 415)},
    )
    def post(self, request: Request, participant_id: int) -> Response:
        participant_for(request.user, participant_id, Act.JUDGE)  # a stranger learns nothing of what is wrong
        values = RELEASE.run_validation(request.data)
        kind, at = KINDS[DoseRelease], timezone.now()
        kept = record_sent(request._request, kind, values, participant_id=participant_id, by=request.user, at=at)
        return Response(recorded(kept), status=200 if kept.replayed else 201)


urlpatterns = [path("participants/<int:participant_id>/gate/", GateView.as_view(), name="api-gate")]
