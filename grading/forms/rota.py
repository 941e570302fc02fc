"""A shift, in the clock time of the site."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crsmonitor.error_forms import ShowsErrors
from grading.models.duty import DUTIES
from grading.rules.rota import NoSuchTime, instant
from regimens.models import Site

LOCAL = "%Y-%m-%dT%H:%M"
YEARS = range(2000, 2100)  # any other is a typing error


class ShiftForm(ShowsErrors, forms.Form):
    """`starts_at` and `ends_at` come in as naive clock times and leave as instants in UTC."""

    duty = forms.ChoiceField(choices=list(DUTIES.items()))
    person = forms.ModelChoiceField(queryset=None)
    starts_at = forms.CharField()
    ends_at = forms.CharField()

    def __init__(self, data: Any, *, site: Site, people: Any) -> None:
        self.zone = ZoneInfo(site.time_zone)
        super().__init__(data)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean_starts_at(self) -> Any:
        return self._instant("starts_at")

    def clean_ends_at(self) -> Any:
        return self._instant("ends_at")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        start, end = said.get("starts_at"), said.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", ValidationError(_("A shift ends after it starts.")))
        return said

    def _instant(self, field: str) -> Any:
        try:
            local = datetime.strptime(self.cleaned_data[field], LOCAL)  # noqa: DTZ007 the site's own clock
            if local.year not in YEARS:
                raise ValueError(local.year)
            return instant(local, self.zone)
        except NoSuchTime as wrong:
            if not wrong.readings:
                raise ValidationError(_("The clocks were put forward: this time does not exist.")) from None
            both = " / ".join(f"{at:%Y-%m-%d %H:%M} UTC" for at in wrong.readings)
            raise ValidationError(
                _("The clocks were put back: this time comes twice (%(both)s). Choose one before or after it.")
                % {"both": both}
            ) from None
        except ValueError:
            raise ValidationError(_("A day and a time, such as 2026-03-02T08:00.")) from None
