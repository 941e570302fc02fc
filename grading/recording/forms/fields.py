"""Fields for a gloved hand: numbers as people type them, and choices where nothing is chosen beforehand."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NUMBER = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?")
SEPARATED = re.compile(r"\d{1,3}(?:([.,' \u2009\u202f])\d{3})+(?:[.,]\d+)?")
NO_DIGIT_BEFORE = re.compile(r"[.,]\d+")
NO_DIGIT_AFTER = re.compile(r"\d+[.,]")

NOT_A_NUMBER = _("“%(typed)s” is not a number. Digits and one decimal point only, such as 38.4.")
THOUSANDS = _("“%(typed)s”: a thousands separator or a decimal point? Write the number without separator.")
LEADING_ZERO = _("“%(typed)s”: put a digit before the decimal point, such as 0.5.")
TRAILING_DOT = _("“%(typed)s” ends with a decimal point: is a digit missing?")
TOO_MANY_DECIMALS = _("“%(typed)s” has more than %(places)s decimals.")
TOO_LONG = _("“%(typed)s” has too many digits.")


def as_ascii(typed: object) -> str:
    """Full-width digits and points, and the full stop of a Chinese keyboard, as the plain ones they stand for."""
    return unicodedata.normalize("NFKC", str(typed or "")).replace("。", ".").strip()


class MeasuredField(forms.Field):
    """A measured value. '.', ',', '。' and full-width digits are read; what could be misread is refused."""

    def __init__(self, *, places: int = 3, digits: int = 7, **options: Any) -> None:
        self.places, self.digits = places, digits
        super().__init__(required=options.pop("required", False), **options)

    def to_python(self, value: object) -> Decimal | None:
        typed = as_ascii(value)
        if typed == "":
            return None
        match = NUMBER.fullmatch(typed)
        # Three decimals look like thousands, unless the number starts with 0 as 0.125 does.
        if SEPARATED.fullmatch(typed) and not (match and match["whole"].startswith("0")):
            raise self._refuse(THOUSANDS, typed)
        if NO_DIGIT_BEFORE.fullmatch(typed):
            raise self._refuse(LEADING_ZERO, typed)
        if NO_DIGIT_AFTER.fullmatch(typed):
            raise self._refuse(TRAILING_DOT, typed)
        if match is None:
            raise self._refuse(NOT_A_NUMBER, typed)
        whole, part = match["whole"], match["part"] or ""
        if len(part) > self.places:
            raise self._refuse(TOO_MANY_DECIMALS, typed)
        if len(whole.lstrip("0")) > self.digits - self.places:
            raise self._refuse(TOO_LONG, typed)
        return Decimal(f"{whole}.{part}" if part else whole)

    def _refuse(self, why: Any, typed: str) -> ValidationError:
        return ValidationError(why, code="number", params={"typed": typed[:20], "places": self.places})


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
