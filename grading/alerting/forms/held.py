"""What becomes of messages that wait for a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _l

ACTS = [("release", _l("let them leave")), ("discard", _l("drop them")), ("revive", _l("send them again"))]


class HeldForm(forms.Form):
    """Which, and why: kept in the audit trail."""

    act = forms.ChoiceField(choices=ACTS)
    reason = forms.CharField(max_length=200, error_messages={"required": _l("Say why.")})

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="held_%s")
