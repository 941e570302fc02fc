"""What was so before the first dose, which a set may later be said to be as."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from grading.recording.forms.bank_choice import bank_choices, bank_field, usual_bank
from grading.recording.forms.base import FactForm
from grading.recording.forms.fields import MeasuredField, choice
from grading.recording.neuro_banks import language_of
from grading.words.wording import DEVICES, as_typed
from regimens.models import Language, Measured, Measurement, NeuroInstrument, Participant


class BaselineOxygenForm(FactForm):
    """Oxygen or CPAP used before the first dose; without it "as at baseline" is not believed."""

    model = Measurement

    text = choice(DEVICES.items(), required=True, error_messages={"required": gettext_lazy("By which device?")})
    value = MeasuredField()

    def read(self, earlier: Any) -> dict[str, Any]:
        return super().read(earlier) | {"value": None if earlier.value is None else as_typed(earlier.value)}

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"kind": Measured.BASELINE_OXYGEN, "text": values.get("text") or "", "value": values.get("value")}


class BaselineVasopressorsForm(FactForm):
    """Vasopressors taken before the first dose, such as midodrine at home: a set counts only what comes besides."""

    model = Measurement

    text = forms.CharField(max_length=60, error_messages={"required": gettext_lazy("Which? Or write “none”.")})

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"kind": Measured.BASELINE_VASOPRESSORS, "text": values.get("text") or "", "value": None}


def neuro_baseline_of(instrument: str) -> Measured:
    """What the neuro score before the first dose is kept as."""
    return Measured.BASELINE_CAPD if instrument == NeuroInstrument.CAPD else Measured.BASELINE_ICE


class BaselineNumberForm(FactForm):
    """One number from before the first dose: `measured`, of which its words name the unit."""

    model = Measurement
    measured: ClassVar[Measured]

    value = MeasuredField(required=True, error_messages={"required": gettext_lazy("How much?")})

    @property
    def kind(self) -> Measured:
        return self.measured

    def read(self, earlier: Any) -> dict[str, Any]:
        return super().read(earlier) | {"value": as_typed(earlier.value)}

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"kind": self.kind, "text": "", "value": values.get("value")}


class BaselineSystolicForm(BaselineNumberForm):
    """A pressure far below it asks about hypotension."""

    measured = Measured.BASELINE_SBP


class BaselineDiastolicForm(BaselineNumberForm):
    measured = Measured.BASELINE_DBP


class BaselineSaturationForm(BaselineNumberForm):
    measured = Measured.BASELINE_SPO2


class BaselineNeuroForm(BaselineNumberForm):
    """ICE or CAPD, as the participant is assessed: the gate asks whether the score is back at it."""

    participant: Participant

    text = bank_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.kind is Measured.BASELINE_ICE:
            self.fields["text"].choices = bank_choices()
        else:
            del self.fields["text"]

    def prefilled(self) -> dict[str, Any]:
        return {"text": usual_bank(language_of(self.participant))}

    @property
    def kind(self) -> Measured:
        return neuro_baseline_of(self.participant.neuro_instrument)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return super().columns(values) | {"text": values.get("text") or ""}


class LanguageForm(FactForm):
    """In which a participant is asked from now on."""

    model = Measurement

    text = choice(Language.choices, required=True, error_messages={"required": gettext_lazy("In which language?")})

    def prefilled(self) -> dict[str, Any]:
        return {"text": language_of(self.participant)}

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"kind": Measured.LANGUAGE, "text": values.get("text") or "", "value": None}
