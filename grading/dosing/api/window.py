"""The observation window of one dose: due slots, and what became of each."""

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.api.answers import PROBLEM, ProblemSerializer
from grading.dosing.selectors.window import KindShown, PlannedDose, SlotShown, WindowPage, window_page
from regimens.rules.elapsed import hours
from regimens.rules.schedule import Status

REFUSED = {(status, PROBLEM): ProblemSerializer for status in (400, 401, 403, 404)}


class SlotSerializer(serializers.Serializer):
    """An observation that is due. `looked_at`: the first in its span, on time until `on_time_until`."""

    due_at = serializers.DateTimeField()
    opens_at = serializers.DateTimeField()
    on_time_until = serializers.DateTimeField()
    over_at = serializers.DateTimeField()
    status = serializers.ChoiceField(choices=[status.value for status in Status])
    looked_at = serializers.DateTimeField(allow_null=True)
    entered_at = serializers.DateTimeField(allow_null=True, help_text="Where the look was entered late.")
    because = serializers.CharField(allow_null=True, help_text="Why nobody looked.")


class PlannedObservationsSerializer(serializers.Serializer):
    """null: the step names no interval, so nothing is planned; never "nothing missed"."""

    every_h = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    slots = SlotSerializer(many=True, allow_null=True)


class ClosingSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    complete = serializers.BooleanField()
    because = serializers.CharField()
    signed = serializers.BooleanField()
    missed = serializers.IntegerField(help_text="Slots that were open when it was said.")
    observed_at = serializers.DateTimeField()


class PlannedDoseSerializer(serializers.Serializer):
    position = serializers.IntegerField()
    step = serializers.CharField()
    planned_on = serializers.DateField(allow_null=True, help_text="A calendar day of the site.")
    status = serializers.CharField(allow_null=True, help_text="null: neither given nor left out yet.")
    given_at = serializers.DateTimeField(allow_null=True)
    delay_d = serializers.IntegerField(allow_null=True, help_text="Calendar days; of a dose to come, overdue by.")


class WindowSerializer(serializers.Serializer):
    """null: no dose was given, or the regimen does not say."""

    at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    dose = serializers.UUIDField(allow_null=True)
    dose_number = serializers.IntegerField(allow_null=True)
    step = serializers.CharField(allow_null=True)
    starts_at = serializers.DateTimeField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True)
    longer_h = serializers.IntegerField(allow_null=True, help_text="Hours that an earlier grade asks for.")
    longer_because = serializers.CharField(allow_null=True, help_text="The plan's words.")
    longer_now_h = serializers.IntegerField(allow_null=True, help_text="By the grades on file now, if that is more.")
    tightened_at = serializers.ListField(child=serializers.DateTimeField())
    look_again_at = serializers.DateTimeField(
        allow_null=True, help_text="Vital signs are due beside the slots: a value was in danger."
    )
    vitals = PlannedObservationsSerializer()
    neuro = PlannedObservationsSerializer()
    closed = ClosingSerializer(allow_null=True)
    planned_doses = PlannedDoseSerializer(many=True)


class WindowQuerySerializer(serializers.Serializer):
    dose = serializers.IntegerField(min_value=1, max_value=32767, required=False, help_text="Its number.")


class WindowView(APIView):
    @extend_schema(
        operation_id="window",
        summary="The observation window of a dose: slots, counts and planned doses",
        parameters=[WindowQuerySerializer],
        responses={200: WindowSerializer} | REFUSED,
    )
    def get(self, request: Request, participant_id: int) -> Response:
        query = WindowQuerySerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        at = timezone.now()
        page = window_page(request.user, participant_id, at=at, dose_number=query.validated_data.get("dose"))
        return Response({"at": at} | _window_data(page))


def _window_data(page: WindowPage) -> dict[str, Any]:
    period, closed, longer = page.period, page.closed, page.longer
    return {
        "time_zone": page.participant.site.time_zone,
        "dose": None if period is None else period.dose_id,
        "dose_number": None if period is None else period.dose_number,
        "step": None if period is None else period.step.label,
        "starts_at": None if period is None else period.started_at,
        "ends_at": page.ends_at,
        "longer_h": None if longer is None else longer.hours,
        "longer_because": longer.rules or None if longer is not None else None,
        "longer_now_h": None if longer is None else longer.now_h,
        "tightened_at": page.tightened_at,
        "look_again_at": page.look_again_at,
        **{shown.kind.value: _observations(shown) for shown in page.kinds},
        "closed": None if closed is None else ClosingSerializer(closed).data,
        "planned_doses": [_planned(dose) for dose in page.planned],
    }


def _observations(shown: KindShown) -> dict[str, Any]:
    every_h = None if shown.every is None else f"{hours(shown.every)}"
    return {"every_h": every_h, "slots": None if shown.slots is None else [_slot(slot) for slot in shown.slots]}


def _slot(shown: SlotShown) -> dict[str, Any]:
    slot, slot_state = shown.slot_state.slot, shown.slot_state
    times = {name: getattr(slot, name) for name in ("due_at", "opens_at", "on_time_until", "over_at")}
    return times | {
        "status": slot_state.status.value,
        "looked_at": slot_state.looked_at,
        "entered_at": shown.entered_at,
        "because": None if shown.reason is None else shown.reason.because,
    }


def _planned(dose: PlannedDose) -> dict[str, Any]:
    return {
        "position": dose.step.position,
        "step": dose.step.label,
        "planned_on": dose.on,
        "status": None if dose.given is None else dose.given.status,
        "given_at": None if dose.given is None or dose.given.amount is None else dose.given.observed_at,
        "delay_d": dose.delay_d,
    }


urlpatterns = [path("participants/<int:participant_id>/window/", WindowView.as_view(), name="api-window")]
