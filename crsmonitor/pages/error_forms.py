"""Forms that show what a service refused: at its field, or above the form."""

from collections.abc import Mapping
from typing import Any, ClassVar

from crsmonitor.error_words import detail_of, fields_of
from crsmonitor.errors import DomainError, KeyReused


class ShowsErrors:
    """Mixed into a Django form. `places`: where a field of the record is on the form, if under another name.

    `whole`: the field at which is said what is about the whole request; None: above the form.
    `reused`: what is said where the form was saved before with other values; None: the error's own words.
    """

    places: ClassVar[Mapping[str, str]] = {}
    whole: ClassVar[str | None] = None
    reused: ClassVar[Any] = None

    def take(self, error: DomainError) -> None:
        by_field = fields_of(error)
        for name, texts in by_field.items():
            place = self.places.get(name, name)
            for text in texts:
                self.add_error(place if place in self.fields else None, text)  # type: ignore[attr-defined]
        if isinstance(error, KeyReused) and self.reused is not None:
            self.add_error(self.whole, self.reused)  # type: ignore[attr-defined]
        elif not by_field:
            self.add_error(self.whole, detail_of(error))  # type: ignore[attr-defined]
