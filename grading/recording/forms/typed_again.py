"""What is unusual is typed a second time; of what is given, with a reason."""

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy

from crsmonitor.errors import ConfirmationNeeded, DomainError
from grading.recording.forms.fields import MeasuredField


class TypedAgain(forms.Form):
    """For a FactForm whose service may ask so. `typed`: the fields; the second box of each is `again_` and its name.

    `differs`: what is said where the two are not the same. `asked_first`: the fields whose second box shows before
    anything is typed.
    """

    typed: ClassVar[tuple[str, ...]]
    differs: ClassVar[Any]

    def __init__(self, *args: Any, asked_first: Iterable[str] = (), **options: Any) -> None:
        self._to_retype = set(asked_first)
        super().__init__(*args, **options)

    def typed_again(self, values: dict[str, Any]) -> list[str]:
        """The fields whose second typing agrees with the first, or was agreed on in the version corrected."""
        return sorted(name for name in self.typed if self._agrees(name, values))

    def _agrees(self, name: str, values: dict[str, Any]) -> bool:
        earlier, typed = getattr(self, "earlier", None), self.data.get(f"again_{name}") or ""
        value, before = values.get(name), getattr(earlier, name, None)
        if not typed.strip():
            return value is not None and value == before and name in getattr(earlier, "retyped", [])
        if value is not None and self._read(name, typed) == value:
            return True
        self.add_error(name, self.differs)
        return False

    def _read(self, name: str, typed: str) -> Decimal | str | None:
        if not isinstance(self.fields[name], MeasuredField):
            return unicodedata.normalize("NFKC", typed).strip()
        try:
            return MeasuredField(places=4, digits=12).clean(typed)
        except forms.ValidationError:
            return None

    @property
    def to_retype(self) -> set[str]:
        """The fields that show a second, empty box."""
        posted = {name for name in self.typed if self.is_bound and f"again_{name}" in self.data}
        return posted | self._to_retype

    def take(self, error: DomainError) -> None:
        if isinstance(error, ConfirmationNeeded):  # where nothing was typed there is nothing to type again
            self._to_retype = {
                n for n in self.typed if n in error.fields and self.cleaned_data.get(n) not in (None, "")
            }
        super().take(error)  # type: ignore[misc]  # FactForm's


class TypedAgainBecause(TypedAgain):
    """Of what is given: with a second box the form asks why."""

    differs = gettext_lazy("Typed again, it was different. Look once more at the order.")

    because = forms.CharField(required=False, max_length=300)
