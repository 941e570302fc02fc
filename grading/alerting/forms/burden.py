"""A period by its first and last day."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DAYS = 30  # the period, where nobody chose one
MOST_DAYS = 731  # two years at once
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


class PeriodForm(forms.Form):
    """`first` and `last`, both included. Where neither is given, the last 30 days up to `newest`."""

    first = forms.DateField(input_formats=["%Y-%m-%d"])
    last = forms.DateField(input_formats=["%Y-%m-%d"])

    def __init__(self, data: Any, *, newest: date) -> None:
        self.default = {"first": newest - timedelta(days=DAYS - 1), "last": newest}
        has_period = any(data.get(name) for name in self.default)
        super().__init__(data if has_period else {name: day.isoformat() for name, day in self.default.items()})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("first", "last"):
            if name in cleaned and not EARLIEST <= cleaned[name] < LATEST:
                self.add_error(name, ValidationError(_("A day from 2000 to 2099.")))
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError(_("The last day is not before the first.")))
        elif first and last and (last - first).days >= MOST_DAYS:
            self.add_error("last", ValidationError(_("Two years at the most.")))
        return self.cleaned_data

    def days(self) -> tuple[date, date]:
        """The days asked for; the last 30 where what was asked cannot be."""
        period = self.cleaned_data if self.is_valid() else self.default
        return period["first"], period["last"]
