"""What is unusual is typed a second time, with a reason."""

import unicodedata
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _

from crsmonitor.errors import ConfirmationNeeded, DomainError
from grading.recording.forms.fields import MeasuredField


class TypedAgain(forms.Form):
    """For a FactForm whose service may ask so. `typed`: the fields; the second box of each is `again_` and its name."""

    typed: ClassVar[tuple[str, ...]]

    because = forms.CharField(required=False, max_length=300)

    def typed_again(self, values: dict[str, Any]) -> list[str]:
        """The fields whose second typing agrees with the first, or was agreed on in the version corrected."""
        return [name for name in self.typed if self._agrees(name, values)]

    def _agrees(self, name: str, values: dict[str, Any]) -> bool:
        earlier, typed = getattr(self, "earlier", None), self.data.get(f"again_{name}") or ""
        value, before = values.get(name), getattr(earlier, name, None)
        if not typed.strip():
            return value is not None and value == before and name in getattr(earlier, "retyped", [])
        if value is not None and self._read(name, typed) == value:
            return True
        self.add_error(name, _("Typed again, it was different. Look once more at the order."))
        return False

    def _read(self, name: str, typed: str) -> Decimal | str | None:
        if not isinstance(self.fields[name], MeasuredField):
            return unicodedata.normalize("NFKC", typed).strip()
        try:
            return MeasuredField(places=4, digits=12).clean(typed)
        except forms.ValidationError:
            return None

    @property
    def asked(self) -> set[str]:
        """The fields that show a second, empty box; with one of them the form asks why."""
        posted = {name for name in self.typed if self.is_bound and f"again_{name}" in self.data}
        return posted | getattr(self, "_asked", set())

    def take(self, error: DomainError) -> None:
        if isinstance(error, ConfirmationNeeded):  # where nothing was typed there is nothing to type again
            self._asked = {name for name in self.typed if name in error.fields and self.cleaned_data.get(name)}
        super().take(error)  # type: ignore[misc]  # FactForm's
