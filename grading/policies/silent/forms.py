"""A silent run being begun or ended: which version, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

from crsmonitor.pages.error_forms import ShowsErrors

LONGEST_REASON = 500


class BeginForm(ShowsErrors, forms.Form):
    policy = forms.ChoiceField(
        error_messages={"required": _l("Choose a version."), "invalid_choice": _l("Choose a version.")}
    )
    because = forms.CharField(
        max_length=LONGEST_REASON, error_messages={"required": _l("Say why the version runs silently.")}
    )  # fmt: skip

    def __init__(self, data: Any = None, *, versions: Any, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id="silent_%s")
        self.fields["policy"].choices = [(str(one.pk), str(one)) for one in versions]  # type: ignore[attr-defined]


class EndForm(ShowsErrors, forms.Form):
    because = forms.CharField(max_length=LONGEST_REASON, error_messages={"required": _l("Say why the run ends.")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="end_%s")
