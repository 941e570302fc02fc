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
from crsmonitor.api.answers import ProblemSerializer
from crsmonitor.errors import NotFound
from grading.alerting.selectors.alerts import alert_for, alerts_for
from grading.alerting.services.answers import acknowledge, act_on, seen, snooze
from grading.alerting.services.reviews import review
from grading.rules.alerting.lifecycle import ActionKind, AlertState
from regimens.selectors import may


class ReasonSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    values = serializers.DictField(child=serializers.CharField())


class AlertSerializer(serializers.Serializer):
    """An alert. `grade` is what it fires on; `at_most` is more where something was not assessed.

    A `grade` of -1 is a provisional episode: hypotension or hypoxia without a fever, without a temperature, or with a
    fever that may be masked. `urgency` is the grade as which the alert is called and lapses where it is not `grade`:
    of a provisional episode the least grade were it CRS.
    `condition` is empty where a grade rose; otherwise it names the condition of the policy that holds, or
    `danger_value`, which is told in every study (`kind` is then crs, icans, vitals, neuro or window), `grade` is the
    one that stands (0: none is told), and the values of the one reason are the inputs that decided, with their times.
    """

    id = serializers.UUIDField()
    participant = serializers.IntegerField(source="participant_id")
    number = serializers.CharField(source="participant.number")
    study = serializers.CharField(source="participant.study.code")
    site = serializers.CharField(source="participant.site.code")
    kind = serializers.CharField()
    condition = serializers.CharField()
    grade_before = serializers.IntegerField()
    grade = serializers.IntegerField()
    urgency = serializers.IntegerField(allow_null=True)
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
    responder = serializers.CharField(source="responder.username", allow_null=True, default=None)
    lapses_at = serializers.DateTimeField(allow_null=True)
    pages_sent = serializers.IntegerField()
    escalate_at = serializers.DateTimeField(allow_null=True)
    snoozed_until = serializers.DateTimeField(allow_null=True)
    unreviewed_since = serializers.DateTimeField(
        allow_null=True,
        help_text="Since when its drug is recorded and no investigator has looked; null: it is not waited for.",
    )


class AlertQuerySerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=[state.value for state in AlertState], required=False)
    unreviewed = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="Only those that wait for review, or only the others.",
    )


class ResponderSerializer(serializers.Serializer):
    responder = serializers.CharField(
        required=False, help_text="Sign-in name of who is going; you, where it is not given."
    )


class ActionSerializer(serializers.Serializer):
    action = serializers.ChoiceField(choices=[ActionKind.AT_BEDSIDE.value, ActionKind.DECLINED.value])
    because = serializers.CharField(required=False, max_length=200, default="", allow_blank=True)


class SnoozeSerializer(serializers.Serializer):
    until = serializers.DateTimeField()
    because = serializers.CharField(max_length=180)


class SeenSerializer(serializers.Serializer):
    alerts = serializers.ListField(child=serializers.UUIDField(), max_length=200)


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
            raise NotFound("no_such_page")
        query = AlertQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        pages = AlertPagination()
        wanted = dict(query.validated_data)
        unreviewed = wanted.pop("unreviewed")
        if unreviewed is not None:
            wanted["unreviewed_since__isnull"] = not unreviewed
        page = pages.paginate_queryset(alerts_for(request.user).filter(**wanted), request, view=self)
        return pages.get_paginated_response(AlertSerializer(page, many=True).data)


class AlertDetail(APIView):
    @extend_schema(operation_id="alerts_one", responses={200: AlertSerializer, 404: ProblemSerializer})
    def get(self, request: Request, pk: Any) -> Response:
        """One alert and what drove it."""
        return Response(AlertSerializer(alert_for(request.user, pk)).data)


_ANSWERS = {
    200: AlertSerializer,
    400: ProblemSerializer,
    403: ProblemSerializer,
    404: ProblemSerializer,
    409: ProblemSerializer,
}


class AlertAcknowledge(APIView):
    @extend_schema(operation_id="alerts_acknowledge", request=ResponderSerializer, responses=_ANSWERS)
    def post(self, request: Request, pk: Any) -> Response:
        """Say that you have seen it and who is going. Again by the same person: the same answer."""
        alert_for(request.user, pk, Act.ACKNOWLEDGE)
        body = ResponderSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        responder = body.validated_data.get("responder")
        return Response(AlertSerializer(acknowledge(pk, by=request.user, at=timezone.now(), responder=responder)).data)


class AlertAct(APIView):
    @extend_schema(operation_id="alerts_act", request=ActionSerializer, responses=_ANSWERS)
    def post(self, request: Request, pk: Any) -> Response:
        """Say that a clinician is at the bedside, or that nothing is to be done and why."""
        alert_for(request.user, pk, Act.ACKNOWLEDGE)
        body = ActionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        action, because = ActionKind(body.validated_data["action"]), body.validated_data["because"]
        return Response(AlertSerializer(act_on(pk, action, by=request.user, at=timezone.now(), because=because)).data)


class AlertSnooze(APIView):
    @extend_schema(operation_id="alerts_snooze", request=SnoozeSerializer, responses=_ANSWERS)
    def post(self, request: Request, pk: Any) -> Response:
        """Be silent for a while, at most until the next set is due."""
        alert_for(request.user, pk, Act.ACKNOWLEDGE)
        body = SnoozeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        return Response(AlertSerializer(snooze(pk, **body.validated_data, by=request.user, at=timezone.now())).data)


class AlertReview(APIView):
    @extend_schema(operation_id="alerts_review", request=None, responses=_ANSWERS)
    def post(self, request: Request, pk: Any) -> Response:
        """Say, as an investigator, that you have reviewed a case that a drug closed. Again: the same answer."""
        return Response(AlertSerializer(review(pk, by=request.user, at=timezone.now())).data)


class AlertsSeen(APIView):
    @extend_schema(operation_id="alerts_seen", request=SeenSerializer, responses={204: None, 400: ProblemSerializer})
    def post(self, request: Request) -> Response:
        """These alerts were on your screen. What you may not answer is passed over."""
        body = SeenSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        seen([str(pk) for pk in body.validated_data["alerts"]], by=request.user, at=timezone.now())
        return Response(status=204)


urlpatterns = [
    path("alerts/", AlertList.as_view(), name="api-alerts"),
    path("alerts/seen/", AlertsSeen.as_view(), name="api-alerts-seen"),
    path("alerts/<uuid:pk>/", AlertDetail.as_view(), name="api-alert"),
    path("alerts/<uuid:pk>/acknowledge/", AlertAcknowledge.as_view(), name="api-alert-acknowledge"),
    path("alerts/<uuid:pk>/act/", AlertAct.as_view(), name="api-alert-act"),
    path("alerts/<uuid:pk>/review/", AlertReview.as_view(), name="api-alert-review"),
    path("alerts/<uuid:pk>/snooze/", AlertSnooze.as_view(), name="api-alert-snooze"),
]
