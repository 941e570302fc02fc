"""What is given and where: study dose, end of infusion, other drugs, bed."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.forms.base import FactForm
from grading.forms.fields import MeasuredField
from grading.models import Indication, Treatment
from grading.models.seen import DrugClass
from grading.wording import ROUTES
from regimens.models import Dose, DoseEnd, DoseStatus, Stay, Step, Unit
from regimens.models.given import StayKind

DRUG_UNITS = ("mg", "mg/kg", "g", "ug", "ug/min", "ug/kg/min", "mL", "units", "units/min")


class TreatmentForm(FactForm):
    model = Treatment

    drug = forms.CharField(max_length=60, error_messages={"required": gettext_lazy("Which drug?")})
    drug_class = forms.ChoiceField(
        choices=DrugClass.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Which kind of drug?")},
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

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("dose") is not None and not values.get("unit"):
            self.add_error("unit", _("A dose needs its unit."))
        return values

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        columns = {
            name: values.get(name) or "" for name in ("drug", "drug_class", "unit", "route", "indication", "checked_by")
        }
        return columns | {"dose": values.get("dose"), "drug": (values.get("drug") or "").strip()}


class DoseForm(FactForm):
    """One dose of the study drug. `steps` are those of the participant's regimen, `planned` the next one."""

    model = Dose

    step = forms.ChoiceField()
    status = forms.ChoiceField(choices=DoseStatus.choices, widget=forms.RadioSelect)
    amount = MeasuredField(places=4, digits=12)
    unit = forms.ChoiceField(choices=[(unit, unit) for unit in Unit.values])  # mg, never "Mg"
    route = forms.ChoiceField(
        choices=[("INTRAVENOUS", gettext_lazy("intravenous")), ("SUBCUTANEOUS", gettext_lazy("subcutaneous"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("By which route?")},
    )
    checked_by = forms.CharField(required=False, max_length=150)
    not_given_because = forms.CharField(required=False, max_length=200)

    def __init__(self, *args: Any, steps: list[Step], planned: Step | None, **options: Any) -> None:
        self.steps, self.planned = {str(step.pk): step for step in steps}, planned
        super().__init__(*args, **options)
        self.fields["step"].choices = [
            (pk, f"{step.label} ({step.planned_dose.normalize():f} {step.unit})") for pk, step in self.steps.items()
        ]

    def prefilled(self) -> dict[str, Any]:
        if self.planned is None:
            return {}
        return {
            "step": str(self.planned.pk),
            "amount": f"{self.planned.planned_dose.normalize():f}",
            "unit": self.planned.unit,
        }

    def read(self, earlier: Any) -> dict[str, Any]:
        amount = None if earlier.amount is None else f"{earlier.amount.normalize():f}"
        return super().read(earlier) | {"step": str(earlier.step_id), "amount": amount}

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("status") == DoseStatus.NOT_GIVEN:
            if not (values.get("not_given_because") or "").strip():
                self.add_error("not_given_because", _("Why was it not given?"))
        elif "amount" in values and not self.has_error("amount"):
            amount = values["amount"]
            if amount is None or amount <= 0:
                self.add_error("amount", _("A dose given has an amount above 0."))
        return values

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        given = values.get("status") != DoseStatus.NOT_GIVEN
        return {
            "step": self.steps.get(values.get("step", "")),
            "status": values.get("status"),
            "amount": values.get("amount") if given else None,
            "unit": values.get("unit"),
            "route": values.get("route"),
            "checked_by": values.get("checked_by") or "",
            "not_given_because": "" if given else (values.get("not_given_because") or "").strip(),
            "planned_at": getattr(self.earlier, "planned_at", None),
        }


class DoseEndForm(FactForm):
    """The end of an infusion: some inpatient windows are counted from it."""

    model = DoseEnd

    def __init__(self, *args: Any, dose: Dose | None = None, **options: Any) -> None:
        self.dose = dose
        super().__init__(*args, **options)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"dose": self.dose}


class StayForm(FactForm):
    model = Stay

    kind = forms.ChoiceField(choices=StayKind.choices, widget=forms.RadioSelect, initial=StayKind.WARD)
    ward = forms.CharField(max_length=40, error_messages={"required": gettext_lazy("Which ward?")})
    bed = forms.CharField(max_length=20, error_messages={"required": gettext_lazy("Which bed?")})

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: (values.get(name) or "").strip() for name in ("kind", "ward", "bed")}
