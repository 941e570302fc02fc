"""What is typed at an enrolled tablet, and about one."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms

from crsmonitor.devices.credentials.own import LONGEST_BADGE
from crsmonitor.devices.credentials.pins import LENGTH
from crsmonitor.errors import InvalidInput
from crsmonitor.pages.error_forms import ShowsErrors

LOCK_CHOICES_S = (60, 120, 180, 300, 600)


class TabletForm(ShowsErrors, forms.Form):
    """`sites`: of whoever enrols it."""

    name = forms.CharField(max_length=60)
    site = forms.TypedChoiceField(coerce=int)

    def __init__(self, *args: Any, sites: Iterable[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["site"].choices = [(site.pk, f"{site.code} {site.name}") for site in sites]  # type: ignore[attr-defined]


class RulesForm(forms.Form):
    lock_after_s = forms.TypedChoiceField(coerce=int, choices=[(seconds, seconds) for seconds in LOCK_CHOICES_S])
    badge_alone = forms.BooleanField(required=False)


class OwnPinForm(ShowsErrors, forms.Form):
    pin = forms.CharField(max_length=LENGTH)
    again = forms.CharField(max_length=LENGTH)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or {}
        if "pin" in typed and "again" in typed and typed["pin"] != typed["again"]:
            self.take(InvalidInput.at("again", "pin_differs"))
        return typed


class OwnBadgeForm(ShowsErrors, forms.Form):
    badge = forms.CharField(max_length=LONGEST_BADGE)


class OpenForm(ShowsErrors, forms.Form):
    """A name and a PIN, or a badge. `person` is the key of an account."""

    places: ClassVar[dict[str, str]] = {}

    person = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    pin = forms.CharField(required=False, max_length=LONGEST_BADGE)
    badge = forms.CharField(required=False, max_length=LONGEST_BADGE)
