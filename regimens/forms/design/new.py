"""A new design: of which study, by what name, and from what it begins."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.pages.error_forms import ShowsErrors


class NewDesignForm(ShowsErrors, forms.Form):
    study = forms.ChoiceField()
    name = forms.CharField(max_length=80, error_messages={"required": _l("Give it a name.")})
    source = forms.ChoiceField(required=False)

    def __init__(self, data: Any, *, studies: list[tuple[str, str]], sources: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["study"].choices = studies  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _l("from nothing")), *sources]  # type: ignore[attr-defined]
