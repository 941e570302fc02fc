"""An investigator holds another cause responsible for a sign, over a time."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.models import Attribution
from grading.models.observations import Sign
from grading.recording.forms.base import FactForm
from grading.recording.forms.wall_time import turn_field, wall_typed
from regimens.rules.wall_time import on_wall

WRITTEN = "%Y-%m-%d %H:%M"


class AttributionForm(FactForm):
    """`until` is written in the site's zone; empty: it still is so. Taken back by a correction that withdraws it."""

    model = Attribution
    walls = ("observed_time", "until")

    sign = forms.ChoiceField(
        choices=Sign.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Which sign?")},
    )
    until = forms.CharField(required=False, max_length=16)
    until_turn = turn_field()
    cause = forms.CharField(max_length=60, error_messages={"required": gettext_lazy("Which cause?")})
    because = forms.CharField(max_length=2000, error_messages={"required": gettext_lazy("Why is this the cause?")})

    def read(self, earlier: Any) -> dict[str, Any]:
        until = earlier.until
        written = "" if until is None else f"{on_wall(until, self.zone):{WRITTEN}}"
        return super().read(earlier) | {"until": written} | self.shows("until", until)

    def clean_until(self) -> datetime | None:
        typed = self.cleaned_data["until"].strip()
        if not typed:
            return None
        wall = wall_typed(typed)
        if wall is None:
            raise ValidationError(_("Write the day and time as YYYY-MM-DD HH:MM."))
        return self.instant_typed("until", wall)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        until, since = values.get("until"), values.get("observed_at")
        if until is not None and since is not None and until <= since:
            self.add_error("until", _("The end lies before the beginning."))
        return values

    def columns(self, values: dict[str, Any]) -> dict[str, Any]:
        texts = {name: (values.get(name) or "").strip() for name in ("sign", "cause", "because")}
        return texts | {"until": values.get("until")}
