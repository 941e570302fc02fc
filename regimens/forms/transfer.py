"""To which site a participant moves."""

from typing import Any

from django import forms

from crsmonitor.pages.error_forms import ShowsErrors
from regimens.models import Site


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
