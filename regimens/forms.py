"""What people fill in about regimens."""

from typing import Any

from django import forms

from crsmonitor.error_forms import ShowsErrors
from regimens.models import Site
from regimens.rules.plan import Plan


class TransferForm(ShowsErrors, forms.Form):
    """To which site a participant moves, and why. Whether it may be is for the service to say."""

    to = forms.TypedChoiceField(coerce=int)
    because = forms.CharField(max_length=2000)

    def __init__(self, data: Any, *, sites: list[Site]) -> None:
        super().__init__(data, auto_id="move_%s")
        self.sites = {site.pk: site for site in sites}
        self.fields["to"].choices = [("", "–"), *((pk, site.code) for pk, site in self.sites.items())]

    def clean_to(self) -> Site:
        return self.sites[self.cleaned_data["to"]]


class ClearanceForm(ShowsErrors, forms.Form):
    """Up to which step a cohort is cleared. What may be cleared is for the service to say."""

    cohort = forms.ChoiceField()
    step = forms.ChoiceField()
    because = forms.CharField(max_length=2000)

    def __init__(self, data: Any, *, plan: Plan) -> None:
        super().__init__(data, auto_id="clear_%s")
        self.fields["cohort"].choices = [("", "–"), *((one.name, one.name) for one in plan.cohorts)]
        self.fields["step"].choices = [("", "–"), *((step.label, step.label) for step in plan.steps)]
