"""The drug ledgers of one participant, as JSON."""

from typing import Any

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from crsmonitor.api.answers import PROBLEM, ProblemSerializer
from grading.rules.treatment.premedication import PremedicationVerdict
from grading.treatment.selectors.drugs import drugs_of


class AmountField(serializers.CharField):
    """A measured or computed number as text, without zeros that nobody typed. null: not known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, **options)

    def to_representation(self, value: Any) -> str:
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


class GivenSerializer(serializers.Serializer):
    """A treatment as the ledgers tell it."""

    id = serializers.UUIDField(source="pk")
    at = serializers.DateTimeField(source="observed_at")
    drug = serializers.CharField()
    drug_class = serializers.CharField()
    dose = AmountField()
    unit = serializers.CharField()
    indication = serializers.CharField()
    checked_by = serializers.CharField()
    ordered_at = serializers.DateTimeField(allow_null=True)
    unusual = serializers.ListField(child=serializers.CharField())
    because = serializers.CharField()


class MeasuredSerializer(serializers.Serializer):
    at = serializers.DateTimeField(source="observed_at")
    value = AmountField()


class LimitsSerializer(serializers.Serializer):
    """What the policy in force says. `sources` by field."""

    mg_per_kg = AmountField()
    cap_mg = AmountField()
    low_weight_below_kg = AmountField()
    low_weight_mg_per_kg = AmountField(help_text="null: not known, ask.")
    per_24_h = serializers.IntegerField()
    in_all = serializers.IntegerField()
    prophylaxis_counts = serializers.BooleanField()
    interval_h = AmountField()
    sources = serializers.DictField(child=serializers.CharField())


class ExpectedSerializer(serializers.Serializer):
    mg = AmountField()
    why = serializers.CharField(allow_null=True, help_text="Why there is none: no_weight or low_weight.")
    capped = serializers.BooleanField()


class StandingSerializer(serializers.Serializer):
    left_in_24_h = serializers.IntegerField()
    left_in_all = serializers.IntegerField()
    next_at = serializers.DateTimeField(
        allow_null=True, help_text="null: no dose stands against it, or with is_reached: never."
    )
    is_reached = serializers.BooleanField()


class TocilizumabLineSerializer(serializers.Serializer):
    given = GivenSerializer(source="treatment")
    confirmed_by = serializers.CharField(
        source="second.username", default=None, allow_null=True, help_text="null: by no second person yet."
    )
    mg_per_kg = AmountField()
    counted = serializers.BooleanField(allow_null=True)


class TocilizumabSerializer(serializers.Serializer):
    """`limits`, `expected`, `standing` and `is_eligible` null: the policy in force has no limits."""

    doses = TocilizumabLineSerializer(many=True, source="lines")
    weight = MeasuredSerializer(allow_null=True)
    on_site = MeasuredSerializer(allow_null=True)
    limits = LimitsSerializer(allow_null=True)
    expected = ExpectedSerializer(allow_null=True)
    standing = StandingSerializer(allow_null=True)
    is_eligible = serializers.BooleanField(allow_null=True)


class SteroidLineSerializer(serializers.Serializer):
    at = serializers.DateTimeField(source="given.at")
    drug = serializers.CharField(source="given.drug")
    dose = AmountField(source="given.dose")
    unit = serializers.CharField(source="given.unit")
    bucket = serializers.CharField()
    dexamethasone_mg = AmountField(source="mg")
    total_mg = AmountField()
    is_less = serializers.BooleanField()


class SteroidTotalSerializer(serializers.Serializer):
    bucket = serializers.CharField()
    doses = serializers.IntegerField()
    dexamethasone_mg = AmountField(source="mg")
    not_known = serializers.IntegerField(help_text="Doses that could not be converted and are not in the total.")


class SteroidStepSerializer(serializers.Serializer):
    drug = serializers.CharField()
    dose = AmountField()
    unit = serializers.CharField()
    every_h = AmountField()
    every_at_most_h = AmountField()
    days = serializers.IntegerField(allow_null=True)
    until_grade = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()


class LadderSerializer(serializers.Serializer):
    kind = serializers.CharField()
    grade = serializers.IntegerField()
    steps = SteroidStepSerializer(many=True)


class SteroidsSerializer(serializers.Serializer):
    doses = SteroidLineSerializer(many=True, source="lines")
    totals = SteroidTotalSerializer(many=True)
    ladders = LadderSerializer(many=True)
    keep_ice_checks = serializers.BooleanField(source="treats", help_text="ICANS can flare on a fast taper.")


class RefractorySerializer(serializers.Serializer):
    code = serializers.CharField()
    kind = serializers.CharField()
    after_doses = serializers.IntegerField(allow_null=True)
    at_latest_after = serializers.IntegerField(allow_null=True)
    hours = AmountField()
    source = serializers.CharField()


class PremedicationSerializer(serializers.Serializer):
    given = GivenSerializer(source="treatment")
    minutes_before = serializers.IntegerField(source="before.minutes", allow_null=True)
    dose_at = serializers.DateTimeField(source="before.dose.at", allow_null=True, default=None)
    step = serializers.CharField(source="before.dose.label", allow_null=True, default=None)
    regimen_says = serializers.ListField(child=serializers.DictField(), source="regimen_rows")


class PlannedLineSerializer(serializers.Serializer):
    """One drug of one row of the regimen. Nothing is said of what cannot be read."""

    wanted = serializers.CharField(source="judged.wanted.text")
    verdict = serializers.ChoiceField(
        choices=[one.value for one in PremedicationVerdict],
        source="judged.verdict",
        help_text="on_file: no limits are printed that can be read; not_judged: which drug is wanted cannot be read.",
    )
    minutes_before = serializers.IntegerField(source="judged.minutes", allow_null=True)
    regimen_says = serializers.DictField(source="row")


class DosePremedicationSerializer(serializers.Serializer):
    dose_at = serializers.DateTimeField(source="dose.at")
    step = serializers.CharField(source="dose.label")
    planned = PlannedLineSerializer(many=True, source="lines")


class RunSerializer(serializers.Serializer):
    given = GivenSerializer(source="treatment")
    stopped_at = serializers.DateTimeField(source="end.observed_at", allow_null=True, default=None)
    hours = AmountField()


class RunTotalSerializer(serializers.Serializer):
    drug_class = serializers.CharField()
    hours = AmountField(help_text="In which at least one ran, by now.")


class TickSerializer(serializers.Serializer):
    stage = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    minutes_since_crossed = serializers.IntegerField(source="since_crossed", allow_null=True)
    minutes_since_before = serializers.IntegerField(source="since_before", allow_null=True)


class ClockSerializer(serializers.Serializer):
    alert = serializers.UUIDField(source="alert.pk")
    asked = serializers.CharField(source="code")
    ticks = TickSerializer(many=True)


class DrugsSerializer(serializers.Serializer):
    """The ledgers at this moment. `policy`: the threshold policy whose numbers they use."""

    policy = serializers.CharField()
    tocilizumab = TocilizumabSerializer()
    steroids = SteroidsSerializer()
    refractory = RefractorySerializer(many=True)
    premedication = PremedicationSerializer(many=True)
    planned_premedication = DosePremedicationSerializer(many=True)
    running = RunSerializer(many=True)
    run_totals = RunTotalSerializer(many=True)
    clocks = ClockSerializer(many=True)


class DrugsView(APIView):
    @extend_schema(
        operation_id="drugs",
        summary="The drug ledgers: tocilizumab, corticosteroids, premedication, what runs, and the clocks",
        responses={200: DrugsSerializer} | {(status, PROBLEM): ProblemSerializer for status in (401, 403, 404)},
    )
    def get(self, request: Request, participant_id: int) -> Response:
        return Response(DrugsSerializer(drugs_of(request.user, participant_id, at=timezone.now())).data)


urlpatterns = [path("participants/<int:participant_id>/drugs/", DrugsView.as_view(), name="api-drugs")]
