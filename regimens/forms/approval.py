"""An investigator approves a draft, and signs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.error_forms import ShowsErrors


class ApprovalForm(ShowsErrors, forms.Form):
    """Why it may come into force, with the name and password of whoever says so."""

    because = forms.CharField(
        max_length=500, error_messages={"required": _l("Say why it may come into force.")}
    )  # fmt: skip
    name = forms.CharField(required=False, max_length=150)
    password = forms.CharField(required=False, strip=False, max_length=500)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="approve_%s")
