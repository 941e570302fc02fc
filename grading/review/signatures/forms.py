"""A record is signed: on its own page, where its first signature is not given with it, or is void."""

from typing import Any

from django import forms

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.pages.error_forms import ShowsErrors


class SignRecordForm(ShowsErrors, SignatureForm):
    """`id`: of this form, so that it signs once. `seen`: what stood on the page."""

    id = forms.UUIDField()
    seen = forms.CharField(max_length=64)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="sign_%s")
