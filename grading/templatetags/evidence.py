"""What templates may ask about evidence."""

from typing import Any

from django import template
from django.utils.functional import Promise

from grading.evidence.shown import band_words, words
from regimens.rules.proportions.intervals import Limits

register = template.Library()


@register.filter
def rule_line(support: Any) -> str:
    return words.rule_text(support)


@register.filter
def rule_explained(rule: Any) -> str:
    return words.rule_explained(rule)


@register.filter
def place_line(place: Any) -> str:
    return words.place_text(place)


@register.filter
def reached_line(one: Any) -> str:
    return words.reached_text(one)


@register.filter
def limits_line(one: Any) -> str:
    return words.limits_text(one)


@register.filter
def endpoint_name(name: str) -> Promise:
    return words.ENDPOINTS[name]


@register.filter
def supported_word(supported: bool | None) -> Promise:
    return words.SUPPORTED[supported]


@register.filter
def decides_word(name: str) -> Promise:
    return words.DECIDES[name]


@register.filter
def of_known(count: Any) -> str:
    """`5 of 14`."""
    return words.of_known_text(count)


@register.filter
def share(value: float) -> str:
    """A share in percent, with the sign."""
    return words.share_text(value)


@register.filter
def limit(value: float) -> str:
    return words.limit_text(value)


@register.filter
def limits_of(interval: Limits) -> str:
    return words.interval_text(interval)


@register.filter
def chance(value: float) -> str:
    """A probability."""
    return words.chance_text(value)


@register.filter
def band_line(band: Any) -> str:
    return band_words.band_text(band)


@register.filter
def behind_line(band: Any) -> str:
    return band_words.behind_text(band)


@register.filter
def expected_line(of: Any) -> str:
    return band_words.expected_text(of)


@register.filter
def surprise_line(of: Any) -> str:
    return band_words.surprise_text(of)


@register.filter
def mean_line(of: Any) -> str:
    return band_words.mean_text(of)
