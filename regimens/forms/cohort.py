"""Which cohort a participant is in, signed."""

from typing import Any

from django import forms

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.pages.error_forms import ShowsErrors


class CohortForm(ShowsErrors, SignatureForm):
    """`known`: the cohorts of the participant's plan. Whether it may be is for the service to say."""

    to = forms.ChoiceField()
    because = forms.CharField(max_length=2000)
    was_wrong = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, known: list[str]) -> None:
        super().__init__(data, auto_id="cohort_%s")
        self.fields["to"].choices = [("", "–"), *((name, name) for name in known)]
