"""Temperatures from devices: many of many participants at once."""

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
from crsmonitor.errors import Forbidden
from grading.intake.streams.services import SentReading, keep_series
from regimens.selectors import studies_for

MOST = 5000  # readings in a request
REFUSALS = dict.fromkeys((400, 401, 403), ProblemSerializer)


class ReadingSerializer(serializers.Serializer):
    participant = serializers.CharField(max_length=40, help_text="USUBJID.")
    at = serializers.DateTimeField(help_text="With its offset.")
    temperature_c = serializers.DecimalField(max_digits=7, decimal_places=3, help_text="In °C.")


class SeriesSerializer(serializers.Serializer):
    """`device`: what the device is called at the sender, the same each time; of nobody by name."""

    device = serializers.CharField(max_length=40)
    readings = ReadingSerializer(many=True, max_length=MOST)


class SeriesCountsSerializer(serializers.Serializer):
    """What became of the readings: the five below add up to `received`."""

    received = serializers.IntegerField()
    kept = serializers.IntegerField()
    known = serializers.IntegerField()
    unknown_participant = serializers.IntegerField()
    in_future = serializers.IntegerField()
    outside_human_range = serializers.IntegerField()


class TemperatureReadings(APIView):
    token_scopes = WRITING

    @extend_schema(
        operation_id="temperature_readings", summary="Temperatures of a device come in",
        description="Kept as a series. What of it is graded waits in the review queue: docs/intake.md.",
        request=SeriesSerializer, responses={200: SeriesCountsSerializer} | REFUSALS,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        if not studies_for(request.user, Act.RECORD).exists():
            raise Forbidden("role_forbids")
        body = SeriesSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        sent = [
            SentReading(subject=one["participant"], at=one["at"], celsius=one["temperature_c"])
            for one in body.validated_data["readings"]
        ]
        return Response(keep_series(body.validated_data["device"], sent, by=request.user, at=timezone.now()))


urlpatterns: list[URLPattern] = [
    path("temperature-readings/", TemperatureReadings.as_view(), name="api-temperature-readings"),
]
