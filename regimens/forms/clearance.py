"""Up to which step a cohort is cleared."""

from typing import Any

from django import forms

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.pages.error_forms import ShowsErrors
from regimens.rules.plan import Plan
from regimens.wording import step_text


class ClearanceForm(ShowsErrors, SignatureForm):
    """Up to which step a cohort is cleared, signed (Rulings 2). What may be cleared is for the service to say."""

    cohort = forms.ChoiceField()
    step = forms.ChoiceField()
    because = forms.CharField(max_length=2000)

    def __init__(self, data: Any, *, plan: Plan) -> None:
        super().__init__(data, auto_id="clear_%s")
        self.fields["cohort"].choices = [("", "–"), *((one.name, one.name) for one in plan.cohorts)]
        self.fields["step"].choices = [("", "–"), *((step.label, step_text(step.label)) for step in plan.steps)]
