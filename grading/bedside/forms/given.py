"""Study dose and end of infusion, and the bed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.dosing.selectors.gate import Gate
from grading.recording.forms.base import FactForm
from grading.recording.forms.fields import MeasuredField
from grading.recording.forms.typed_again import TypedAgainBecause
from grading.words.wording import as_typed
from regimens.models import Dose, DoseEnd, DoseStatus, Stay, StayEnd, Step, Unit
from regimens.models.given import StayKind
from regimens.rules.dose import NoDose, PlannedDose
from regimens.wording import step_text


class DoseForm(TypedAgainBecause, FactForm):
    """One dose of the study drug. `steps` are those of the participant's regimen, `planned` the next one, `doses`
    what each of them is planned to be for this participant.
    """

    model = Dose
    typed = ("amount",)

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
    despite_gate = forms.CharField(required=False, max_length=300)

    def __init__(
        self,
        *args: Any,
        steps: list[Step],
        planned: Step | None,
        doses: dict[int, PlannedDose],
        gate_at: Callable[[datetime], Gate] | None = None,
        **options: Any,
    ) -> None:
        self.gate_at = gate_at
        self.gate: Gate | None = None  # the answer that was held against what was typed
        self.steps, self.planned, self.doses = {str(step.pk): step for step in steps}, planned, doses
        super().__init__(*args, **options)
        self.fields["step"].choices = [(pk, self._option(step)) for pk, step in self.steps.items()]

    def _option(self, step: Step) -> str:
        dose = self.doses[step.pk]
        amount = _("not known") if dose.per is None else f"{as_typed(dose.per)} {dose.per_unit}"
        return f"{step_text(step.label)} ({amount})"

    @property
    def planned_dose(self) -> PlannedDose | None:
        """Of the next step. None: there is no further."""
        return None if self.planned is None else self.doses[self.planned.pk]

    @property
    def amount_hint(self) -> str:
        """What is said at the amount before anything is typed."""
        if any(dose.because is NoDose.NO_COHORT for dose in self.doses.values()):
            return _("In none of the regimen's cohorts: the planned dose is not known. Ask before it is given.")
        return ""

    def prefilled(self) -> dict[str, Any]:
        """As the check holds it against the plan: nothing where the plan has no dose for this participant."""
        dose = self.planned_dose
        if self.planned is None or dose is None:
            return {}
        amount = None if dose.per is None else as_typed(dose.per)
        return {"step": str(self.planned.pk), "amount": amount, "unit": dose.per_unit}

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
        values["retyped"] = self.typed_again(values)
        self._check_gate(values)
        return values

    def _check_gate(self, values: dict[str, Any]) -> None:
        """What was given against the gate is kept, and says why: it is never refused."""
        step, at = self.steps.get(values.get("step") or ""), values.get("observed_at")
        given = values.get("status") not in (None, DoseStatus.NOT_GIVEN)
        if self.gate_at is None or step is None or at is None or not given:
            return
        if (values.get("despite_gate") or "").strip():
            return
        self.gate = self.gate_at(at)
        if self.gate.asks_why(step.label):
            self.add_error("despite_gate", _("The gate does not say go for this dose. If it was given: say why."))

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
            "retyped": values.get("retyped", []) if given else [],
            "because": (values.get("because") or "").strip() if given else "",
            "despite_gate": (values.get("despite_gate") or "").strip() if given else "",
        }


class DoseEndForm(FactForm):
    """The end of an infusion: some inpatient windows are counted from it."""

    model = DoseEnd

    def __init__(self, *args: Any, dose: Dose | None = None, **options: Any) -> None:
        self.dose = dose
        super().__init__(*args, **options)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"dose": self.dose}


class StayEndForm(FactForm):
    """The participant left: `stay` is the one that ends. To move within the hospital is a new stay."""

    model = StayEnd

    def __init__(self, *args: Any, stay: Stay, **options: Any) -> None:
        self.stay = stay
        super().__init__(*args, **options)

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {"stay": self.stay}


class StayForm(FactForm):
    model = Stay

    kind = forms.ChoiceField(choices=StayKind.choices, widget=forms.RadioSelect, initial=StayKind.WARD)
    ward = forms.CharField(max_length=40, error_messages={"required": gettext_lazy("Which ward?")})
    bed = forms.CharField(max_length=20, error_messages={"required": gettext_lazy("Which bed?")})

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        return {name: (values.get(name) or "").strip() for name in ("kind", "ward", "bed")}
