"""What templates may ask about a safety review."""

from typing import Any

from django import template

from grading.safety import words
from regimens.rules.proportions.intervals import Limits

register = template.Library()


@register.filter
def endpoint_word(endpoint: Any) -> str:
    """`CRS, grade 2 and above`."""
    return words.endpoint_text(endpoint.kind, endpoint.from_grade)


@register.filter
def interval_word(interval: Limits) -> str:
    return words.interval_text(interval)


@register.filter
def hours_word(summary: Any) -> str:
    """`2.50 h (1.00–4.00), n = 3`."""
    return words.hours_text(summary)


@register.filter
def outcome_word(outcome: Any) -> Any:
    """Of a dose that was not given nothing is asked."""
    return words.OUTCOMES[outcome] if outcome else "–"


@register.filter
def flag_word(flag: bool | None) -> Any:
    return words.FLAGS[flag]


@register.filter
def hour_word(hours: Any) -> str:
    return words.hour_text(hours)
