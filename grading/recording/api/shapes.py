"""The body of each kind of fact. A field that is not named here is refused: nobody sets a grade or an author.

One instance of each is made at import and only ever asked `run_validation`, which keeps nothing: making
a serializer anew costs a request more than checking its body.
"""

from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.fields import empty

from grading.models import About, Ledger
from grading.models.observations import DrugClass, Indication, Sign
from grading.recording.api.fields import Code, Drugs, Id, Instant, Measured, Reading, Strokes, Text, Whole, YesNo
from grading.recording.api.sent import SentFields
from grading.recording.api.signature import SignatureSerializer
from grading.recording.api.typed_again import (
    NotDone,
    Retyped,
    RetypedMeasurement,
    RetypedReading,
    RetypedTreatment,
    typed_again,
)
from grading.rules.drugs.devices import OxygenDevice
from grading.rules.grades.crs_inputs import OxygenIndication, Position
from grading.rules.grades.entry.limits import LIMITS
from grading.rules.grades.icans_inputs import Consciousness, IceUnableReason, IcpSign, Motor, Oedema, Seizure
from grading.rules.neuro.adaptations import Adaptation, Interpreter
from regimens.models import Because, DispositionKind, DoseStatus, ObservationKind, Unit
from regimens.models import Measured as Measurable
from regimens.models.given import StayKind

OPTIONAL = {"required": False}
OPEN = {"required": False, "allow_null": True}  # absent or null: nobody looked


class FactSerializer(serializers.Serializer):
    """What every fact says. `server_adds`: columns that the server writes and that are told of a kept fact.

    `derives`: what is told of it and is in no column; the selectors of recording put it there.
    """

    server_adds: ClassVar[tuple[str, ...]] = ()
    derives: ClassVar[tuple[str, ...]] = ()

    id = Id(help_text="Made by the client, so that the same fact may be sent again.")
    observed_at = Instant(help_text="When it was so at the bedside.")
    supersedes = Id(source="supersedes_id", help_text="The version that this one corrects.", **OPEN)
    reason = Text(most=2000, lines=True, blank=True, help_text="Why it is corrected, or entered late.", **OPTIONAL)
    withdrawn = YesNo(help_text="With `supersedes`: it never happened.", **OPTIONAL)

    def run_validation(self, data: Any = empty) -> dict[str, Any]:
        values = self._sent.values(data)
        if values is not None:
            try:
                return self.validate(values)
            except serializers.ValidationError:
                pass  # said below, as of any other
        return super().run_validation(data)  # type: ignore[no-any-return]

    @cached_property
    def _sent(self) -> SentFields:
        return SentFields(self)

    @cached_property
    def _readings(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, Reading)]

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        unknown = (
            {name: ["No such field."] for name in data if name not in self.fields} if isinstance(data, dict) else {}
        )
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **unknown}) from None
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def rounded(self, data: dict[str, Any], values: dict[str, Any]) -> list[str]:
        """The fields of a checked body that are kept with fewer decimals than they came with."""
        read = [name for name in self._readings if values.get(name) is not None]
        return [name for name in read if Decimal(data[name]) != values[name]]

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values.get("withdrawn") and values.get("supersedes_id") is None:
            raise serializers.ValidationError({"withdrawn": ["Say in supersedes which version never happened."]})
        return values


class VitalSignsSerializer(FactSerializer):
    """One set of vital signs. null or absent: nobody looked. Decimals beyond the third are rounded half-even."""

    server_adds = ("dropped",)

    temperature_c = Reading(**OPEN)
    temperature_site = Text(most=12, blank=True, **OPTIONAL)
    sbp = Reading(**OPEN)
    dbp = Reading(**OPEN)
    mean_pressure = Reading(most=300, **OPEN)
    mean_pressure_computed = YesNo(**OPTIONAL)
    heart_rate = Reading(**OPEN)
    respiratory_rate = Reading(**OPEN)
    spo2 = Reading(**OPEN)
    oxygen_device = Code(OxygenDevice, **OPEN)
    oxygen_flow_l_min = Reading(**OPEN)
    fio2_percent = Reading(most=100, **OPEN)
    oxygen_indication = Code(OxygenIndication, blank=True, **OPTIONAL)
    pressure_unrecordable = YesNo(**OPTIONAL)
    position = Code(Position, blank=True, help_text="Of the pressure; not said counts as lying.", **OPTIONAL)
    arm = Code(["left", "right"], blank=True, help_text="Where the pressure was taken.", **OPTIONAL)
    hypotension = YesNo(**OPEN)
    fluid_bolus = YesNo(**OPEN)
    fluid_bolus_ml = Reading(**OPEN)
    fluid_bolus_reason = Text(most=60, blank=True, **OPTIONAL)
    vasopressors = Drugs(help_text="Agents running now. Empty: none.", **OPEN)
    rigors = YesNo(**OPEN)
    infection_suspected = YesNo(**OPEN)
    differential = serializers.ListField(child=Text(most=60), max_length=20, **OPTIONAL)
    infusion = Code(["interrupted", "slowed", "resumed"], blank=True, **OPTIONAL)
    not_done = NotDone(**OPTIONAL)
    retyped = RetypedReading(**OPTIONAL)
    opened_at = Instant(**OPEN)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        return super().validate(values | {"retyped": typed_again(values, LIMITS)})


class NeuroAssessmentSerializer(FactSerializer):
    """One neuro assessment, ICE item by item or CAPD. null or absent: nobody looked."""

    derives = ("bank_differs",)

    ice_year = YesNo(**OPEN)
    ice_month = YesNo(**OPEN)
    ice_city = YesNo(**OPEN)
    ice_hospital = YesNo(**OPEN)
    ice_naming = Whole(most=3, **OPEN)
    ice_command = YesNo(**OPEN)
    ice_writing = YesNo(**OPEN)
    ice_attention = YesNo(**OPEN)
    ice_unable_reason = Code(IceUnableReason, blank=True, **OPTIONAL)
    capd_score = Whole(most=32, **OPEN)
    consciousness = Code(Consciousness, **OPEN)
    seizure = Code(Seizure, **OPEN)
    motor = Code(Motor, **OPEN)
    oedema = Code(Oedema, blank=True, **OPTIONAL)
    icp_signs = serializers.ListField(child=Code(IcpSign), max_length=20, **OPEN)
    intracranial_haemorrhage = YesNo(**OPTIONAL)
    not_done = NotDone(**OPTIONAL)
    opened_at = Instant(**OPEN)
    bank_language = Text(most=8, blank=True, help_text="Language of the words that were read out.", **OPTIONAL)
    bank_version = Text(most=4, blank=True, help_text="Their version.", **OPTIONAL)
    object_set = Text(most=8, blank=True, help_text="Which three objects were shown.", **OPTIONAL)
    bank_because = Text(most=200, blank=True, help_text="Why with other words than before.", **OPTIONAL)
    adaptations = serializers.ListField(child=Code(Adaptation), max_length=len(Adaptation), **OPTIONAL)
    interpreter = Code(Interpreter, blank=True, **OPTIONAL)
    sentence = Strokes(help_text="The sentence written on a tablet, as strokes. Kept, and read by nothing.", **OPEN)
    sentence_on_paper = YesNo(**OPTIONAL)


class TreatmentSerializer(FactSerializer):
    """A drug given; `observed_at` is its start. Tocilizumab needs a weight on record, mg and a second person."""

    server_adds = ("unusual",)

    drug = Text(most=60)
    drug_class = Code(DrugClass)
    dose = Measured(digits=12, places=4, **OPEN)
    unit = Text(most=16, blank=True, **OPTIONAL)
    route = Text(most=16, blank=True, **OPTIONAL)
    indication = Code(Indication)
    checked_by = Text(most=150, blank=True, help_text="Sign-in name of the second person.", **OPTIONAL)
    ordered_at = Instant(help_text="When it was ordered, where that is known.", **OPEN)
    retyped = RetypedTreatment(**OPTIONAL)
    because = Text(most=300, blank=True, help_text="Why an unusual dose was given.", **OPTIONAL)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        return super().validate(values | {"retyped": typed_again(values, ["drug", "dose"])})


class TreatmentEndSerializer(FactSerializer):
    """A treatment that ran has stopped."""

    treatment = Id(source="treatment_id")


class TreatmentCheckSerializer(FactSerializer):
    """A second person, who is whoever sends this, looked at this version of a treatment: of tocilizumab alone."""

    treatment = Id(source="treatment_id")


class DoseSerializer(FactSerializer):
    """One administration of the study drug; `observed_at` is its start. Five times off the plan: typed again."""

    server_adds = ("unusual",)

    step = Whole(least=1, most=32767, help_text="Position of the step in the participant's regimen.")
    planned_at = Instant(**OPEN)
    status = Code(DoseStatus, **OPTIONAL)
    amount = Measured(digits=12, places=4, **OPEN)
    unit = Code(Unit)
    route = Code(["SUBCUTANEOUS", "INTRAVENOUS"])
    checked_by = Text(most=150, blank=True, **OPTIONAL)
    not_given_because = Text(most=200, blank=True, **OPTIONAL)
    retyped = Retyped(**OPTIONAL)
    because = Text(most=300, blank=True, help_text="Why an unusual dose was given.", **OPTIONAL)
    despite_gate = Text(
        most=300, blank=True, help_text="Why it was given although the gate did not say go: kept, never asked for.",
        **OPTIONAL,
    )  # fmt: skip

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        values |= {"retyped": typed_again(values, ["amount"])}
        if values.get("status") != DoseStatus.NOT_GIVEN and values.get("amount") is None:
            raise serializers.ValidationError({"amount": ["A dose given has an amount."]})
        return super().validate(values)


class DoseEndSerializer(FactSerializer):
    """The end of an infusion."""

    dose = Id(source="dose_id")


class DoseCheckSerializer(FactSerializer):
    """A second person, who is whoever sends this, looked at this version of a dose."""

    dose = Id(source="dose_id")


class StaySerializer(FactSerializer):
    """The participant lies in this bed from `observed_at` on."""

    kind = Code(StayKind, **OPTIONAL)
    ward = Text(most=40)
    bed = Text(most=20)


class StayEndSerializer(FactSerializer):
    """The participant left the hospital or the unit."""

    stay = Id(source="stay_id")


class MissedObservationSerializer(FactSerializer):
    """Why nobody looked at a slot of the observation plan; the slots are at `participants/{id}/window/`."""

    observation_kind = Code(ObservationKind)
    due_at = Instant(help_text="When the slot was due.")
    because = Code(Because, help_text="Not asleep for neuro: a sleeping participant still gets neuro checks.")


class WindowCompletionSerializer(FactSerializer):
    """The observation window of a dose is complete, or incomplete because. Signed."""

    dose = Id(source="dose_id")
    complete = YesNo()
    because = Text(most=2000, lines=True, blank=True, help_text="Needed where it is incomplete.", **OPTIONAL)
    signed = YesNo(default=True, help_text="false only of what was recorded before every end of a window was signed.")
    signature = SignatureSerializer(write_only=True, **OPTIONAL)


class MeasurementSerializer(FactSerializer):
    """A dated value; its unit is in the name of what is measured. An unusual weight: typed again with a reason."""

    server_adds = ("unusual",)

    kind = Code(Measurable)
    value = Reading(digits=12, **OPEN)
    text = Text(most=60, blank=True, **OPTIONAL)
    retyped = RetypedMeasurement(**OPTIONAL)
    because = Text(most=300, blank=True, help_text="Why an unusual weight is right.", **OPTIONAL)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        return super().validate(values | {"retyped": typed_again(values, ["value"])})


class AttributionSerializer(FactSerializer):
    """An investigator's judgement that a sign has another cause, from `observed_at` until `until`."""

    sign = Code(Sign)
    until = Instant(**OPEN)
    cause = Text(most=60)
    because = Text(most=2000, lines=True)


class GradeAssessmentSerializer(FactSerializer):
    """What one ledger says to a derived grade. The newest of a ledger holds; the derived grade is never changed.

    Signed, but in the nurse's ledger.
    """

    about = Code(About)
    about_root = Id(help_text="The root of the set, or of the episode's onset fact.")
    kind = Code(["crs", "icans"])
    ledger = Code(Ledger)
    agrees = YesNo()
    # not `grade`: that is what the server derives of a fact
    says_grade = Whole(source="grade", most=5, help_text="null where it agrees.", **OPEN)
    because = Text(most=2000, lines=True, blank=True, help_text="Needed unless it agrees.", **OPTIONAL)
    signature = SignatureSerializer(write_only=True, **OPTIONAL)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if values["agrees"] != (values.get("grade") is None):
            raise serializers.ValidationError({"says_grade": ["Either agree, or say which grade it is."]})
        return super().validate(values)


class DispositionSerializer(FactSerializer):
    """Observation of the participant ended."""

    kind = Code(DispositionKind)
