"""Whom an alert pages in turn, and whom to phone where messages do not arrive."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crsmonitor.pages.error_forms import ShowsErrors
from grading.models.on_call import ON_CALL_ROLES, EscalationStep
from grading.rules.alerting.escalation import PlannedEscalation
from grading.rules.alerting.on_call.rota import OnCallRole

MOST_STEPS = 5
LONGEST_WAIT = 240  # minutes, as EscalationStep
# What a study without steps is shown, to be changed or kept. No source gives the minutes (docs/conventions.md).
PROPOSED = (
    EscalationStep(on_call_role=OnCallRole.ASSIGNED_NURSE.value, wait_minutes=5),
    EscalationStep(on_call_role=OnCallRole.ON_CALL_INVESTIGATOR.value, wait_minutes=10),
)
LONGEST_TREE = 1000  # characters, as PhoneTree


class EscalationForm(ShowsErrors, forms.Form):
    """Steps from the first to the last; an empty row is none. `may_be_empty`: a site then follows the study's."""

    def __init__(self, data: Any = None, *, steps: Sequence[EscalationStep] = (), may_be_empty: bool = False) -> None:
        super().__init__(data, auto_id="step_%s")
        self.may_be_empty = may_be_empty
        for place in range(MOST_STEPS):
            step = steps[place] if place < len(steps) else None
            self.fields[f"role_{place}"] = forms.ChoiceField(
                required=False, choices=[("", "–"), *ON_CALL_ROLES.items()], initial=step and step.on_call_role
            )
            self.fields[f"wait_{place}"] = forms.IntegerField(
                required=False, min_value=1, max_value=LONGEST_WAIT, initial=step and step.wait_minutes
            )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"role_{place}"], self[f"wait_{place}"]) for place in range(MOST_STEPS)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for place in range(MOST_STEPS):
            role, wait = values.get(f"role_{place}"), values.get(f"wait_{place}")
            if role and wait is None and f"wait_{place}" not in self.errors:
                self.add_error(f"wait_{place}", _("How many minutes are waited before the next is paged?"))
            if wait is not None and not role:
                self.add_error(f"role_{place}", _("Who is paged?"))
        if not self.errors and not self.planned and not self.may_be_empty:
            self.add_error("role_0", _("Who is paged first?"))
        return values

    @property
    def planned(self) -> list[PlannedEscalation]:
        """What was typed, in order."""
        typed = [(self.cleaned_data.get(f"role_{n}"), self.cleaned_data.get(f"wait_{n}")) for n in range(MOST_STEPS)]
        return [
            PlannedEscalation(on_call_role=OnCallRole(role), wait=timedelta(minutes=wait))
            for role, wait in typed
            if role and wait
        ]


class PhoneTreeForm(ShowsErrors, forms.Form):
    """Functions and numbers, a line each."""

    text = forms.CharField(max_length=LONGEST_TREE)

    def __init__(self, data: Any = None, *, prefix: str, text: str = "") -> None:
        super().__init__(data, prefix=prefix, initial={"text": text})
