"""A new copy, and what somebody wants to know of a file."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _l

from crsmonitor.pages.error_forms import ShowsErrors
from grading.copies.making import BECAUSE_MOST, FORMS


class CopyForm(ShowsErrors, forms.Form):
    """`id`: of this form, so that it makes one copy however often it is sent."""

    id = forms.UUIDField()
    because = forms.CharField(max_length=BECAUSE_MOST, error_messages={"required": _l("Say what the copy is for.")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="copy_%s")


class VerifyForm(ShowsErrors, forms.Form):
    """A file, or its SHA-256. Of a file nothing is kept: it is counted and forgotten."""

    file = forms.FileField(required=False, validators=[FileExtensionValidator(list(FORMS))])
    sha256 = forms.CharField(required=False, max_length=200)

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id="verify_%s")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if not self.errors and not typed.get("file") and not typed.get("sha256"):
            self.add_error("sha256", _l("Choose a file, or paste its SHA-256."))
        return typed
