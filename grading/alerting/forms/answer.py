"""What one person says to an alert beyond "I am going": what was done, or that it may wait for a while."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crsmonitor.pages.error_forms import ShowsErrors
from grading.rules.alerting.lifecycle import ActionKind

BEDSIDE, DECLINED, SNOOZE = ActionKind.AT_BEDSIDE.value, ActionKind.DECLINED.value, "snooze"
MINUTES = [(str(m), format_lazy(gettext_lazy("{minutes} min"), minutes=m)) for m in (5, 10, 15, 30, 60)]


class AnswerForm(ShowsErrors, forms.Form):
    """`minutes` is asked for only where the alert is to be silent; a reason wherever nobody goes."""

    what = forms.ChoiceField(
        choices=[
            (BEDSIDE, gettext_lazy("A clinician is at the bedside")),
            (DECLINED, gettext_lazy("Nothing is to be done")),
            (SNOOZE, gettext_lazy("It may wait")),
        ],
        error_messages={"required": gettext_lazy("Say what becomes of it.")},
    )
    because = forms.CharField(required=False, max_length=180)
    minutes = forms.ChoiceField(choices=MINUTES, required=False)
    places = {"until": "minutes"}
    whole = "what"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("what") in (DECLINED, SNOOZE) and not cleaned.get("because", "").strip():
            self.add_error("because", ValidationError(_("Say why.")))
        if cleaned.get("what") == SNOOZE and not cleaned.get("minutes"):
            self.add_error("minutes", ValidationError(_("Say for how long.")))
        return cleaned
