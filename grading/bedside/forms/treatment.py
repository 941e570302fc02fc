"""Drugs other than the study drug: what was given, when it stopped, and the weight that a dose is computed from."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import Indication, Treatment, TreatmentEnd
from grading.models.observations import DrugClass
from grading.recording.forms.base import FactForm
from grading.recording.forms.fields import MeasuredField
from grading.recording.forms.typed_again import TypedAgainBecause
from grading.recording.forms.wall_time import clock_typed, turn_field
from grading.rules.drugs.devices import is_oxygen
from grading.rules.drugs.names import AGENTS, generic, reading
from grading.words.drug_names import drug_name
from grading.words.wording import ROUTES, as_typed
from regimens.models import Measured, Measurement
from regimens.rules.wall_time import last_at_clock, on_wall, turn_of

DRUG_UNITS = ("mg", "mg/kg", "g", "ug", "ug/min", "ug/kg/min", "mL", "mL/h", "L/min", "units", "units/min")
# The drugs of the dictionary that are one tap, by what they are; any other is typed.
TAPPED = {
    drug_class: tuple(name for name, agent in AGENTS.items() if agent.entered_as == drug_class.value)
    for drug_class in (
        DrugClass.ANTIPYRETIC, DrugClass.ANTICYTOKINE, DrugClass.CORTICOSTEROID, DrugClass.FLUID, DrugClass.ANTIBIOTIC,
    )
}  # fmt: skip


class TreatmentForm(TypedAgainBecause, FactForm):
    """`ordered_time` is the clock time of the order, the last one up to the start; empty: not known."""

    model = Treatment
    typed = ("drug", "dose")
    walls = ("observed_time", "ordered_time")

    # What doses are counted and checked of is tapped, so that no other spelling escapes; anything else is typed.
    known = forms.ChoiceField(
        choices=[*((name, name) for names in TAPPED.values() for name in names), ("", gettext_lazy("other, as typed"))],
        widget=forms.RadioSelect,
        required=False,
    )
    drug = forms.CharField(max_length=60, required=False)
    drug_class = forms.ChoiceField(
        choices=DrugClass.choices,
        widget=forms.RadioSelect,
        required=False,  # a known name says it
    )
    dose = MeasuredField(places=4, digits=12)
    unit = forms.ChoiceField(choices=[("", "—"), *((u, u) for u in DRUG_UNITS)], required=False)
    route = forms.ChoiceField(choices=[("", "—"), *ROUTES.items()], required=False)
    indication = forms.ChoiceField(
        choices=Indication.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Given for what?")},
    )
    checked_by = forms.CharField(required=False, max_length=150)
    ordered_time = forms.CharField(required=False, max_length=5)
    ordered_time_turn = turn_field()

    def read(self, earlier: Any) -> dict[str, Any]:
        ordered = earlier.ordered_at
        written = "" if ordered is None else f"{on_wall(ordered, self.zone):%H:%M}"
        dose = None if earlier.dose is None else as_typed(earlier.dose)
        return super().read(earlier) | {"ordered_time": written, "dose": dose} | self.shows("ordered_time", ordered)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["drug"] = self._drug(values)
        values["drug_class"] = self._class(values)
        if values.get("dose") is not None and not values.get("unit"):
            self.add_error("unit", _("A dose needs its unit."))
        values["ordered_at"] = self._ordered_at(values)
        values["retyped"] = self.typed_again(values)
        return values

    def _drug(self, values: dict[str, Any]) -> str:
        tapped, typed = values.get("known") or "", (values.get("drug") or "").strip()
        if tapped and typed and generic(typed) != tapped:
            self.add_error("drug", _("%(typed)s is typed and %(tapped)s tapped: keep one of the two.") % {
                "typed": typed, "tapped": tapped,
            })  # fmt: skip
        elif not (tapped or typed) and not self.has_error("drug"):
            self.add_error("drug", _("Which drug?"))
        return typed or tapped

    def _class(self, values: dict[str, Any]) -> str:
        """As entered, else as the drug's name says."""
        entered, drug = values.get("drug_class") or "", values["drug"]
        known = reading(drug).drug
        if entered or self.has_error("drug_class"):
            return entered
        if known is not None:
            return AGENTS[known].entered_as
        if is_oxygen(drug):
            return DrugClass.OXYGEN.value
        if drug:
            self.add_error("drug_class", _("Which kind of drug?"))
        return ""

    @property
    def drug_groups(self) -> list[tuple[Any, list[tuple[str, str]]]]:
        """For the template."""
        return [(group.label, [(name, drug_name(name)) for name in names]) for group, names in TAPPED.items()]

    def _ordered_at(self, values: dict[str, Any]) -> datetime | None:
        typed, started = (values.get("ordered_time") or "").strip(), values.get("observed_at")
        if not typed or started is None:
            return None
        clock, earlier = clock_typed(typed), getattr(self.earlier, "ordered_at", None)
        if clock is None:
            self.add_error("ordered_time", _("Write the time as HH:MM, 24-hour clock, such as 03:10."))
            return None
        if earlier is not None and earlier <= started and self._is_as_it_was(typed, earlier):
            return earlier  # also where it was on another day
        try:
            return self.resolved("ordered_time", lambda turn: last_at_clock(clock, self.zone, until=started, turn=turn))
        except ValidationError as error:
            self.add_error("ordered_time", error)
            return None

    def _is_as_it_was(self, typed: str, earlier: datetime) -> bool:
        turn = self._turn("ordered_time")
        return typed == self.initial.get("ordered_time") and turn in (None, turn_of(earlier, self.zone))

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        texts = ("drug", "drug_class", "unit", "route", "indication", "checked_by", "because")
        columns = {name: (values.get(name) or "").strip() for name in texts}
        return columns | {
            "dose": values.get("dose"),
            "ordered_at": values.get("ordered_at"),
            "retyped": values.get("retyped", []),
        }


class TreatmentEndForm(FactForm):
    """Something that ran has stopped. `running`: what may have, the newest first."""

    model = TreatmentEnd

    treatment = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": gettext_lazy("What has stopped?")}
    )

    def __init__(self, *args: Any, running: list[Treatment], chosen: str = "", **options: Any) -> None:
        self.running, self.chosen = {str(one.pk): one for one in running}, chosen
        super().__init__(*args, **options)
        self.fields["treatment"].choices = [(pk, self._option(one)) for pk, one in self.running.items()]

    def _option(self, one: Treatment) -> str:
        dose = "" if one.dose is None else f" {as_typed(one.dose)} {one.unit}"
        since = _("since %(time)s") % {"time": self._spelled(one.observed_at)}
        return f"{drug_name(one.drug)}{dose}, {since}"

    def prefilled(self) -> dict[str, Any]:
        only = next(iter(self.running)) if len(self.running) == 1 else ""
        return {"treatment": self.chosen if self.chosen in self.running else only}

    def read(self, earlier: Any) -> dict[str, Any]:
        return super().read(earlier) | {"treatment": str(earlier.treatment_id)}

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"treatment": self.running.get(values.get("treatment", ""))}


class WeightForm(TypedAgainBecause, FactForm):
    """The weight in kg: tocilizumab's dose is computed from the last one before it."""

    model = Measurement
    typed = ("value",)

    value = MeasuredField(required=True, error_messages={"required": gettext_lazy("How many kg?")})

    def read(self, earlier: Any) -> dict[str, Any]:
        return super().read(earlier) | {"value": as_typed(earlier.value)}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["retyped"] = self.typed_again(values)
        return values

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": Measured.WEIGHT,
            "value": values.get("value"),
            "retyped": values.get("retyped", []),
            "because": (values.get("because") or "").strip(),
        }
