"""One set of vital signs."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from grading.models import VitalSigns
from grading.recording.forms.base import FactForm
from grading.recording.forms.fields import MeasuredField, choice, pick, yes_or_no
from grading.recording.forms.typed_again import TypedAgain
from grading.rules.course.periods.sets import mean_pressure
from grading.rules.drugs.agents import names_in
from grading.rules.grades.entry.limits import LIMITS
from grading.rules.grades.entry.typed_set import agents_typed, faults_of_set
from grading.words.drug_names import VASOPRESSORS
from grading.words.entry_words import ENTRY
from grading.words.error_words import doubt_text
from grading.words.wording import (
    ARMS,
    DEVICES,
    DIFFERENTIAL,
    INDICATIONS,
    INFUSION,
    NOT_DONE,
    POSITIONS,
    TEMPERATURE_SITES,
    as_typed,
)
from regimens.facts import Fact

NUMBERS = ("respiratory_rate", "spo2", "sbp", "dbp", "heart_rate", "temperature_c")


class VitalsForm(TypedAgain, FactForm):
    model = VitalSigns
    typed = tuple(LIMITS)
    differs = ENTRY["typed_differs"]
    reasons_not_done = tuple(NOT_DONE.items())  # of the number pad
    may_be_not_done = (*NUMBERS, "oxygen_device", "hypotension", "fluid_bolus", "vasopressors")

    respiratory_rate = MeasuredField()
    spo2 = MeasuredField()
    sbp = MeasuredField()
    dbp = MeasuredField()
    mean_pressure = MeasuredField()
    heart_rate = MeasuredField()
    temperature_c = MeasuredField()
    temperature_site = pick(TEMPERATURE_SITES.items())
    pressure_unrecordable = forms.BooleanField(required=False)
    position = pick(POSITIONS.items())
    arm = pick(ARMS.items())
    oxygen_device = choice(DEVICES.items())
    oxygen_flow_l_min = MeasuredField()
    fio2_percent = MeasuredField()
    oxygen_indication = pick(INDICATIONS.items())
    hypotension = yes_or_no()
    fluid_bolus = yes_or_no(yes=gettext_lazy("given"), no=gettext_lazy("none"))
    fluid_bolus_ml = MeasuredField()
    fluid_bolus_reason = forms.CharField(required=False, max_length=60)
    vasopressors = forms.MultipleChoiceField(
        choices=[("none", gettext_lazy("none")), *VASOPRESSORS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    vasopressor_other = forms.CharField(required=False, max_length=120)
    rigors = yes_or_no()
    infection_suspected = yes_or_no()
    infusion = pick(INFUSION.items())
    differential = forms.MultipleChoiceField(
        choices=list(DIFFERENTIAL.items()), required=False, widget=forms.CheckboxSelectMultiple
    )

    def read(self, earlier: Fact) -> dict[str, Any]:
        values = super().read(earlier)
        for name in ("hypotension", "fluid_bolus", "rigors", "infection_suspected"):
            values[name] = {True: "yes", False: "no", None: ""}[values[name]]
        agents = values["vasopressors"]
        if agents is not None:
            values["vasopressors"] = [a for a in agents if a in VASOPRESSORS] or ([] if agents else ["none"])
            values["vasopressor_other"] = ", ".join(a for a in agents if a not in VASOPRESSORS)
        if values.get("mean_pressure") is not None and getattr(earlier, "mean_pressure_computed", False):
            values["mean_pressure"] = None
        # 38.400 is how the database keeps it, 38.4 what was typed.
        return {name: as_typed(value) if isinstance(value, Decimal) else value for name, value in values.items()}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        picked = values.get("vasopressors") or []
        other = list(names_in(values.get("vasopressor_other") or ""))
        for fault in faults_of_set(values, picked=picked, other=other):
            self.add_error(fault.field, doubt_text(fault))
        values["agents"] = agents_typed(picked, other)
        values["retyped"] = self.typed_again(values)
        return values

    def was_looked_at(self, name: str, values: dict[str, Any]) -> bool:
        if name == "vasopressors":
            return bool(values.get(name) or values.get("vasopressor_other"))
        return super().was_looked_at(name, values)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        plain = (
            *NUMBERS, "mean_pressure", "oxygen_device", "oxygen_flow_l_min", "fio2_percent", "hypotension",
            "fluid_bolus", "fluid_bolus_ml", "rigors", "infection_suspected",
        )  # fmt: skip
        texts = ("temperature_site", "position", "arm", "oxygen_indication", "fluid_bolus_reason", "infusion")
        columns = {name: values.get(name) for name in plain} | {name: values.get(name) or "" for name in texts}
        columns |= {
            "pressure_unrecordable": values.get("pressure_unrecordable", False),
            "vasopressors": values.get("agents"),
            "differential": values.get("differential") or [],
            "not_done": values.get("not_done", {}),
            "retyped": values.get("retyped", []),
            "opened_at": values.get("opened_at"),
        }
        if columns["mean_pressure"] is None and columns["sbp"] is not None and columns["dbp"] is not None:
            columns["mean_pressure"] = mean_pressure(columns["sbp"], columns["dbp"])
            columns["mean_pressure_computed"] = True
        return columns

    def draft_so_far(self) -> VitalSigns:
        """For the preview: what is not valid, or not possible, was not looked at."""
        self.is_valid()
        draft = self.draft()
        assert isinstance(draft, VitalSigns)
        return draft
