"""The sentence that was written on the tablet, as the page sends it: JSON in a hidden field, checked and not read."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from crsmonitor.error_words import text_of
from crsmonitor.errors import Message
from crsmonitor.formats.strict_json import UnreadableJSON, loads
from grading.rules.neuro.handwriting import MOST_CHARACTERS, problem


class SentenceField(forms.Field):
    """None: nothing was written on the tablet."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def to_python(self, value: object) -> Any:
        text = str(value or "")
        if not text:
            return None
        if len(text) > MOST_CHARACTERS:
            raise _refused("strokes_too_many")
        try:
            sentence = loads(text)
        except UnreadableJSON:
            raise _refused("strokes_not_readable") from None
        if (code := problem(sentence)) is not None:
            raise _refused(code)
        return sentence


def _refused(code: str) -> ValidationError:
    return ValidationError(text_of(Message(code)), code=code)


def written(sentence: object) -> str:
    """As the page holds it. Empty: none was written."""
    return "" if sentence is None else json.dumps(sentence, separators=(",", ":"))
