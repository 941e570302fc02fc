"""Fields for a gloved hand: numbers as people type them, and choices where nothing is chosen beforehand."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from grading.rules.grades.entry import numbers


def as_ascii(typed: object) -> str:
    """As `numbers.as_ascii`, of whatever a form holds."""
    return numbers.as_ascii(str(typed or ""))


class MeasuredField(forms.Field):
    """A measured value. '.', ',', '。' and full-width digits are read; what could be misread is refused."""

    def __init__(self, *, places: int = 3, digits: int = 7, **options: Any) -> None:
        self.places, self.digits = places, digits
        super().__init__(required=options.pop("required", False), **options)

    def to_python(self, value: object) -> Decimal | None:
        read = numbers.read_number(str(value or ""), places=self.places, digits=self.digits)
        if isinstance(read, numbers.Misread):
            raise ValidationError(text_of(Message(read.code, read.values)), code="number")
        return read


class InstantField(forms.Field):
    """An instant with its zone, as the form itself wrote it."""

    widget = forms.HiddenInput

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    def to_python(self, value: object) -> datetime | None:
        if not value:
            return None
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValidationError(_("Open the form again."), code="instant") from None
        if instant.tzinfo is None:
            raise ValidationError(_("Open the form again."), code="instant")
        return instant


def choice(choices: Iterable[tuple[str, Any]], **options: Any) -> forms.TypedChoiceField:
    """One of these, or None: nothing was tapped, so nobody looked. `not_asked` un-taps."""
    not_asked = options.pop("not_asked", _("not assessed"))
    return forms.TypedChoiceField(
        choices=[*choices, ("", not_asked)],
        required=options.pop("required", False),
        coerce=options.pop("coerce", str),
        empty_value=options.pop("empty_value", None),
        widget=forms.RadioSelect,
        **options,
    )


def yes_or_no(*, yes: Any = None, no: Any = None, yes_first: bool = False, **options: Any) -> forms.TypedChoiceField:
    """True, False, or None where nobody said."""
    answers = [("no", no or _("no")), ("yes", yes or _("yes"))]
    return choice(answers[::-1] if yes_first else answers, coerce=lambda answer: answer == "yes", **options)


def pick(choices: Iterable[tuple[str, Any]], **options: Any) -> forms.ChoiceField:
    """A short list to open; empty where nothing was picked."""
    return forms.ChoiceField(choices=[("", "—"), *choices], required=options.pop("required", False), **options)
