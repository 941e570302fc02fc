"""A dose that is unusual is typed a second time, with a reason."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from crsmonitor.errors import ConfirmationNeeded, DomainError
from grading.forms.fields import MeasuredField


class TypedAgain(forms.Form):
    """For a FactForm whose service may ask so. `typed`: the field; its second box is `again_` and its name."""

    typed: str

    because = forms.CharField(required=False, max_length=300)

    def typed_again(self, values: dict[str, Any]) -> list[str]:
        """The field's name where its second typing agrees with the first, or was agreed on in the version corrected."""
        earlier, typed = getattr(self, "earlier", None), self.data.get(f"again_{self.typed}") or ""
        value, before = values.get(self.typed), getattr(earlier, self.typed, None)
        if not typed.strip():
            kept = value is not None and value == before and self.typed in getattr(earlier, "retyped", [])
            return [self.typed] if kept else []
        try:
            again: Decimal | None = MeasuredField(places=4, digits=12).clean(typed)
        except forms.ValidationError:
            again = None
        if again is not None and again == value:
            return [self.typed]
        self.add_error(self.typed, _("Typed again, it was different. Look once more at the order."))
        return []

    @property
    def asked(self) -> bool:
        """Whether the form shows a second, empty box, and asks why."""
        return getattr(self, "_asked", False) or (self.is_bound and f"again_{self.typed}" in self.data)

    def take(self, error: DomainError) -> None:
        self._asked = isinstance(error, ConfirmationNeeded)
        super().take(error)  # type: ignore[misc]  # FactForm's
