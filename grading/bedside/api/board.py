"""The ward board, and participants one by one."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.api.answers import PROBLEM, ProblemSerializer
from grading.bedside.selectors.participants import participant_shown, participants_page
from grading.bedside.selectors.ward_json import ward_board_json
from grading.models import CurrentState
from grading.treatment.selectors.drug_facts import planned_doses
from regimens.blinding import Profile, cohort_shown, profile_of
from regimens.models import Participant, Step
from regimens.rules.dose import NoDose, PlannedDose

LIMIT, MOST = 100, 200  # participants on a page
REFUSED = {(status, PROBLEM): ProblemSerializer for status in (401, 403)}


class ShownGradeSerializer(serializers.Serializer):
    """-1: cannot be told, between `at_least` and `at_most`."""

    grade = serializers.IntegerField()
    at_least = serializers.IntegerField()
    at_most = serializers.IntegerField()
    at = serializers.DateTimeField()


class StateSerializer(serializers.Serializer):
    """How a participant is now. null: nobody looked, or not known; never "normal"."""

    ward = serializers.CharField()
    bed = serializers.CharField()
    step = serializers.CharField(allow_null=True)
    dose_number = serializers.IntegerField(allow_null=True)
    dose_at = serializers.DateTimeField(allow_null=True)
    vitals = serializers.DictField(help_text="The newest set; measured values as text.")
    vitals_at = serializers.DateTimeField(allow_null=True)
    neuro = serializers.DictField()
    neuro_at = serializers.DateTimeField(allow_null=True)
    crs = ShownGradeSerializer(allow_null=True)
    crs_flags = serializers.ListField(child=serializers.CharField())
    crs_episode_since = serializers.DateTimeField(allow_null=True)
    icans = ShownGradeSerializer(allow_null=True)
    icans_episode_since = serializers.DateTimeField(allow_null=True)


class BoardRowSerializer(StateSerializer):
    participant = serializers.IntegerField()
    number = serializers.CharField()
    study = serializers.CharField()
    site = serializers.CharField()
    since_dose_s = serializers.FloatField(allow_null=True)
    in_window = serializers.BooleanField()
    window_ends_at = serializers.DateTimeField(allow_null=True)
    vitals_due_at = serializers.DateTimeField(allow_null=True)
    vitals_late_s = serializers.FloatField(allow_null=True, help_text="Negative while there is time.")
    neuro_due_at = serializers.DateTimeField(allow_null=True)
    neuro_late_s = serializers.FloatField(allow_null=True)
    open_alerts = serializers.IntegerField()


class BoardSerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    rows = BoardRowSerializer(many=True)


class StepSerializer(serializers.Serializer):
    """Planned for this participant: the dose of the cohort, and for the weight on record now."""

    position = serializers.IntegerField()
    label = serializers.CharField()
    planned_dose = serializers.DecimalField(
        max_digits=12, decimal_places=4, allow_null=True, help_text="null: not known, never that of somebody else."
    )
    unit = serializers.CharField(help_text="Of planned_dose, such as mg or mg/kg.")
    planned_amount = serializers.CharField(
        allow_null=True, help_text="The same for the weight on record; null: not known, or the ward may not be seen."
    )
    amount_unit = serializers.CharField()
    no_dose = serializers.ChoiceField(
        choices=[why.value for why in NoDose], allow_null=True, help_text="Why no amount can be said."
    )


class PeriodSerializer(serializers.Serializer):
    """One dose period. null: not known."""

    dose_number = serializers.IntegerField()
    step = serializers.CharField(source="step.label", allow_null=True, help_text="null: withheld, as the regimen.")
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField()
    crs_any = serializers.BooleanField(allow_null=True)
    crs_max_grade = serializers.IntegerField(allow_null=True)
    crs_at_most = serializers.IntegerField(allow_null=True)
    crs_onset_at = serializers.DateTimeField(allow_null=True)
    crs_duration_h = serializers.DecimalField(max_digits=9, decimal_places=2, allow_null=True)
    icans_any = serializers.BooleanField(allow_null=True)
    icans_max_grade = serializers.IntegerField(allow_null=True)


class ListedParticipantSerializer(serializers.Serializer):
    """A participant by study number. Who sees the study only gets no `neuro_instrument` and no `state`."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    study = serializers.CharField()
    site = serializers.CharField()
    regimen = serializers.CharField(allow_null=True, help_text="null: withheld, in a blinded study.")
    cohort = serializers.CharField(allow_blank=True, allow_null=True, help_text="null: withheld, as in exports.")
    neuro_instrument = serializers.CharField(required=False)
    state = StateSerializer(required=False, allow_null=True)


class ParticipantSerializer(ListedParticipantSerializer):
    steps = StepSerializer(many=True)
    dose_periods = PeriodSerializer(many=True)


class ParticipantPageSerializer(serializers.Serializer):
    results = ListedParticipantSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


class CodeField(serializers.CharField):
    def __init__(self) -> None:
        super().__init__(required=False, max_length=20)


class FilterSerializer(serializers.Serializer):
    """What may be asked of the list. Anything else is refused: a filter that is not applied shows too much."""

    study = CodeField()
    site = CodeField()
    number = CodeField()
    limit = serializers.IntegerField(min_value=1, max_value=MOST, default=LIMIT)
    after = serializers.IntegerField(min_value=0, max_value=2**63 - 1, default=0, help_text="`next` of the page before")

    def to_internal_value(self, data: Any) -> Any:
        if unknown := {name: ["No such filter."] for name in data if name not in self.fields}:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


class WardView(APIView):
    @extend_schema(operation_id="ward", summary="The ward board, by bed", responses={200: BoardSerializer} | REFUSED)
    def get(self, request: Request) -> HttpResponse:
        board = ward_board_json(request.user, at=timezone.now())
        return HttpResponse(board, content_type="application/json")


class ParticipantListView(APIView):
    @extend_schema(
        operation_id="participants",
        summary="Participants, pseudonymised where the ward may not be seen",
        parameters=[FilterSerializer],
        responses={200: ParticipantPageSerializer, (400, PROBLEM): ProblemSerializer} | REFUSED,
    )
    def get(self, request: Request) -> Response:
        query = FilterSerializer(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        filters = dict(query.validated_data)
        limit, after = filters.pop("limit"), filters.pop("after")
        participants, next_id = participants_page(request.user, filters=filters, limit=limit, after=after)
        return Response({"results": [_listed(participant) for participant in participants], "next": next_id})


class ParticipantView(APIView):
    @extend_schema(
        operation_id="participant",
        summary="One participant, the steps of the regimen and the dose periods",
        responses={200: ParticipantSerializer, (404, PROBLEM): ProblemSerializer} | REFUSED,
    )
    def get(self, request: Request, participant_id: int) -> Response:
        participant, periods = participant_shown(request.user, participant_id)
        steps = sorted(participant.regimen.steps.all(), key=lambda step: step.position)
        planned = planned_doses(participant, steps, at=timezone.now())
        seen = participant.ward_seen  # type: ignore[attr-defined]  # annotated by the selector
        if _is_blinded(participant):
            unnamed = [period | {"step": None} for period in _periods(periods)]
            return Response(_listed(participant) | {"steps": [], "dose_periods": unnamed})
        step_rows = [_step(step, planned[step.pk], ward_seen=seen) for step in steps]
        return Response(_listed(participant) | {"steps": step_rows, "dose_periods": _periods(periods)})


def _step(step: Step, planned: PlannedDose, *, ward_seen: bool) -> dict[str, Any]:
    """An amount for a weight would tell the weight: who does not see the ward is told the dose as planned."""
    by_weight = planned.unit != planned.per_unit
    amount = planned.amount if ward_seen or not by_weight else None
    data = {
        "position": step.position, "label": step.label, "planned_dose": planned.per, "unit": planned.per_unit,
        "planned_amount": None if amount is None else f"{amount.normalize():f}", "amount_unit": planned.unit,
        "no_dose": planned.because,
    }  # fmt: skip
    return dict(StepSerializer(data).data)


def _is_blinded(participant: Participant) -> bool:
    seen = participant.ward_seen  # type: ignore[attr-defined]  # annotated by the selector
    return profile_of(participant.study, ward_seen=seen) is Profile.BLINDED


def _periods(periods: Any) -> list[dict[str, Any]]:
    return PeriodSerializer(periods, many=True).data


def _listed(participant: Participant) -> dict[str, Any]:
    seen = participant.ward_seen  # type: ignore[attr-defined]  # annotated by the selector
    data: dict[str, Any] = {
        "id": participant.pk,
        "number": participant.number,
        "study": participant.study.code,
        "site": participant.site.code,
        "regimen": None if _is_blinded(participant) else str(participant.regimen),
        "cohort": cohort_shown(participant, profile_of(participant.study, ward_seen=seen)),
    }
    if seen:
        data |= {"neuro_instrument": participant.neuro_instrument, "state": _state(participant)}
    return data


def _state(participant: Participant) -> dict[str, Any] | None:
    """The shape of StateSerializer. None: nothing was recorded yet."""
    try:
        state = participant.current_state
    except ObjectDoesNotExist:
        return None
    names = ("ward", "bed", "dose_number", "dose_at", "vitals", "vitals_at", "neuro", "neuro_at", "crs_flags",
             "crs_episode_since", "icans_episode_since")  # fmt: skip
    return {name: getattr(state, name) for name in names} | {
        "step": state.step.label if state.step else None,
        "crs": _shown(state, "crs", state.vitals_at),
        "icans": _shown(state, "icans", state.neuro_at),
    }


def _shown(state: CurrentState, kind: str, at: Any) -> dict[str, Any] | None:
    if getattr(state, f"{kind}_grade") is None or at is None:
        return None
    return {name: getattr(state, f"{kind}_{name}") for name in ("grade", "at_least", "at_most")} | {"at": at}


urlpatterns = [
    path("ward/", WardView.as_view(), name="api-ward"),
    path("participants/", ParticipantListView.as_view(), name="api-participants"),
    path("participants/<int:participant_id>/", ParticipantView.as_view(), name="api-participant"),
]
