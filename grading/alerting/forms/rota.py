"""A shift, in the clock time of the site."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crsmonitor.pages.error_forms import ShowsErrors
from grading.models.on_call import ON_CALL_ROLES
from grading.recording.forms.wall_time import OnWallClock, turn_field, wall_typed
from regimens.models import Site


class ShiftForm(ShowsErrors, OnWallClock):
    """`starts_at` and `ends_at` come in as naive clock times and leave as instants in UTC."""

    walls = ("starts_at", "ends_at")

    on_call_role = forms.ChoiceField(choices=list(ON_CALL_ROLES.items()))
    person = forms.ModelChoiceField(queryset=None)
    starts_at = forms.CharField()
    starts_at_turn = turn_field()
    ends_at = forms.CharField()
    ends_at_turn = turn_field()

    def __init__(self, data: Any, *, site: Site, people: Any) -> None:
        self.zone = ZoneInfo(site.time_zone)
        super().__init__(data)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean_starts_at(self) -> Any:
        return self._instant("starts_at")

    def clean_ends_at(self) -> Any:
        return self._instant("ends_at")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", ValidationError(_("A shift ends after it starts.")))
        return cleaned

    def _instant(self, field: str) -> Any:
        wall = wall_typed(self.cleaned_data[field])
        if wall is None:
            raise ValidationError(_("A day and a time, such as 2026-03-02T08:00."))
        return self.instant_typed(field, wall)
