"""What is said of a new data cut, and signed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.accounts.signing import SignatureForm
from crsmonitor.pages.error_forms import ShowsErrors


class CutForm(ShowsErrors, SignatureForm):
    """`id`: of this form, so that it makes one cut however often it is sent. `cut` empty: now."""

    id = forms.UUIDField()
    label = forms.CharField(max_length=40, error_messages={"required": _l("Give it a label.")})
    cut = forms.CharField(required=False, max_length=40)
    because = forms.CharField(max_length=300, error_messages={"required": _l("Say what the cut is for.")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="cut_%s")
