"""The form of a page that says something of what it shows: sent back with an id and with when the page was shown."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from crsmonitor.pages.error_forms import ShowsErrors
from grading.recording.forms.fields import InstantField

OPEN_FOR = timedelta(minutes=20)  # below the shortest time after which an entry counts as late


class ShownPageForm(ShowsErrors, forms.Form):
    """`at` is now. `opened_at`: when the page was shown, so that a second tap says the same.

    `look_again`: what is said where that is too long ago for an answer to what was shown then.
    """

    id = forms.UUIDField()
    opened_at = InstantField()
    look_again: ClassVar[Any]

    def __init__(self, data: Any, *, at: datetime, **options: Any) -> None:
        self.at = at
        super().__init__(data, **options)

    @property
    def fresh(self) -> dict[str, str]:
        """What a page that is shown now sends back."""
        return {"id": str(uuid.uuid4()), "opened_at": self.at.isoformat()}

    def clean_opened_at(self) -> datetime:
        opened: datetime = self.cleaned_data["opened_at"]
        if not self.at - OPEN_FOR <= opened <= self.at:
            raise ValidationError(self.look_again)
        return opened
