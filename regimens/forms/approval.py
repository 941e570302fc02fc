"""An investigator approves a draft, and signs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.pages.error_forms import ShowsErrors


class ApprovalForm(ShowsErrors, SignatureForm):
    """Why it may come into force, with the name and password of whoever says so."""

    because = forms.CharField(
        max_length=500, error_messages={"required": _l("Say why it may come into force.")}
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="approve_%s")
