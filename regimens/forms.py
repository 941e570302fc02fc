"""What people fill in about regimens."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crsmonitor.errors import InvalidInput
from regimens.rules.plan import Plan


class ClearanceForm(forms.Form):
    """Up to which step a cohort is cleared. What may be cleared is for the service to say."""

    cohort = forms.ChoiceField()
    step = forms.ChoiceField()
    because = forms.CharField(max_length=2000)

    def __init__(self, data: Any, *, plan: Plan) -> None:
        super().__init__(data, auto_id="clear_%s")
        self.fields["cohort"].choices = [("", "–"), *((one.name, one.name) for one in plan.cohorts)]
        self.fields["step"].choices = [("", "–"), *((step.label, step.label) for step in plan.steps)]

    def take(self, error: InvalidInput) -> None:
        for name, messages in error.fields.items():
            for message in messages:  # the service speaks English; its words are in the catalogue
                self.add_error(name, _(message))
