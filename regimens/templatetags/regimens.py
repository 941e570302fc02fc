"""What templates may ask about regimens."""

from typing import Any

from django import template

from regimens.forms.own_plan import TRIGGERS
from regimens.wording import STATES, step_text, with_step_words

register = template.Library()


@register.filter
def word_of(code: str, words: dict[str, Any]) -> Any:
    """A code in the reader's language; unknown ones as they are."""
    return words.get(code, code)


@register.filter
def step_word(label: str) -> str:
    """A step as the reader's language calls it."""
    return step_text(label)


@register.filter
def with_steps(text: str) -> str:
    """A text with the steps that it names as the reader's language calls them."""
    return with_step_words(text)


@register.filter
def trigger_word(trigger: str) -> Any:
    """What makes intervals shorter."""
    return TRIGGERS[trigger]


@register.filter
def state_word(state: str) -> Any:
    """How a version stands."""
    return STATES[state]
