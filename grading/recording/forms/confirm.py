"""One number of a kept set, typed again in place; where it differs, which of the two is right."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crsmonitor.pages.error_forms import ShowsErrors
from grading.models import VitalSigns
from grading.recording.forms.fields import MeasuredField
from grading.words.wording import as_typed

FIRST, SECOND = "first", "second"


class ConfirmForm(ShowsErrors, forms.Form):
    """`again` is typed blind; `right` is asked for only where it differs from what is kept."""

    id = forms.UUIDField()
    again = MeasuredField(required=True, error_messages={"required": gettext_lazy("Type the number again.")})
    right = forms.ChoiceField(choices=[(FIRST, FIRST), (SECOND, SECOND)], required=False)

    def __init__(self, data: Any, *, vitals: VitalSigns, field: str) -> None:
        self.field, self.kept = field, getattr(vitals, field)
        self.differs = False
        super().__init__(data)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        again = values.get("again")
        self.differs = again is not None and again != self.kept
        if self.differs and not values.get("right"):
            raise ValidationError(_("Typed again, it is different. Look once more at the monitor: which is right?"))
        return values

    @property
    def value(self) -> Decimal:
        """What holds from now on."""
        again: Decimal = self.cleaned_data["again"]
        return again if self.differs and self.cleaned_data["right"] == SECOND else self.kept

    @property
    def confirms(self) -> bool:
        return self.value == self.kept

    @property
    def reason(self) -> str:
        """Why the version that is written is another one."""
        numbers = {"first": as_typed(self.kept), "second": as_typed(self.cleaned_data["again"])}
        if not self.differs:
            return _("Number confirmed: typed again.")
        if self.confirms:
            return _("Number confirmed: %(first)s is right, %(second)s was not.") % numbers
        return _("Number corrected: %(second)s, not %(first)s.") % numbers
