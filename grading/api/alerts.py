"""Alerts: the list, one, and its answer."""

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.accounts.roles import Act
from crsmonitor.api import ProblemSerializer
from crsmonitor.errors import NotFound
from grading.models import AlertState
from grading.selectors.alerts import alert_for, alerts_for
from grading.services.alerts import acknowledge
from regimens.selectors import may


class ReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())


class AlertSerializer(serializers.Serializer):
    """An alert. `grade` is what it fires on; `at_most` is more where something was not assessed.

    A `grade` of -1 is a provisional episode: hypotension or hypoxia without a fever, or with one that may be masked.
    """

    id = serializers.UUIDField()
    participant = serializers.IntegerField(source="participant_id")
    number = serializers.CharField(source="participant.number")
    study = serializers.CharField(source="participant.study.code")
    site = serializers.CharField(source="participant.site.code")
    kind = serializers.CharField()
    grade_before = serializers.IntegerField()
    grade = serializers.IntegerField()
    at_most = serializers.IntegerField()
    thresholds = serializers.ListField(child=serializers.CharField())
    reasons = ReasonSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    flags = serializers.ListField(child=serializers.CharField())
    observed_at = serializers.DateTimeField()
    raised_at = serializers.DateTimeField()
    late = serializers.BooleanField()
    state = serializers.ChoiceField(choices=[state.value for state in AlertState])
    acknowledged_at = serializers.DateTimeField(allow_null=True)
    acknowledged_by = serializers.CharField(source="acknowledged_by.username", allow_null=True, default=None)


class AlertQuerySerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=[state.value for state in AlertState], required=False)


class AlertPagination(LimitOffsetPagination):
    default_limit = 50
    max_limit = 200


class AlertPageSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AlertSerializer(many=True)


class AlertList(APIView):
    @extend_schema(
        operation_id="alerts_list",
        parameters=[
            AlertQuerySerializer,
            OpenApiParameter("limit", int, description="At most 200; 50 where it is not given."),
            OpenApiParameter("offset", int),
        ],
        responses={200: AlertPageSerializer, 400: ProblemSerializer, 404: ProblemSerializer},
    )
    def get(self, request: Request) -> Response:
        """Alerts that you may see, the most urgent first."""
        if not may(request.user, Act.SEE_WARD):
            raise NotFound("No such page.")
        asked = AlertQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        pages = AlertPagination()
        page = pages.paginate_queryset(alerts_for(request.user).filter(**asked.validated_data), request, view=self)
        return pages.get_paginated_response(AlertSerializer(page, many=True).data)


class AlertDetail(APIView):
    @extend_schema(operation_id="alerts_one", responses={200: AlertSerializer, 404: ProblemSerializer})
    def get(self, request: Request, pk: Any) -> Response:
        """One alert and what drove it."""
        return Response(AlertSerializer(alert_for(request.user, pk)).data)


class AlertAcknowledge(APIView):
    @extend_schema(
        operation_id="alerts_acknowledge",
        request=None,
        responses={200: AlertSerializer, 403: ProblemSerializer, 404: ProblemSerializer, 409: ProblemSerializer},
    )
    def post(self, request: Request, pk: Any) -> Response:
        """Say that you have seen it and somebody is going. Again by the same person: the same answer."""
        return Response(AlertSerializer(acknowledge(pk, by=request.user, at=timezone.now())).data)


urlpatterns = [
    path("alerts/", AlertList.as_view(), name="api-alerts"),
    path("alerts/<uuid:pk>/", AlertDetail.as_view(), name="api-alert"),
    path("alerts/<uuid:pk>/acknowledge/", AlertAcknowledge.as_view(), name="api-alert-acknowledge"),
]
