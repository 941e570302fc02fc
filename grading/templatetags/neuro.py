"""Words of the ICE for templates."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django import template

from grading.bedside import neuro_words
from grading.bedside.neuro_words import LANG
from grading.models import NeuroAssessment
from grading.recording.forms import bank_choice
from grading.rules.neuro.item_bank import BankKey
from grading.words.wording import BANK_DIFFERS, phrases

register = template.Library()


@register.filter
def bank_label(key: BankKey) -> str:
    return bank_choice.bank_label(key)


@register.filter
def bank_lang(key: BankKey) -> str:
    """The `lang` of the words that are read out, for fonts and for whoever hears the page."""
    return LANG.get(key.language, key.language)


@register.filter
def against(neuro: NeuroAssessment, compared: neuro_words.AgainstBaseline) -> str:
    """The score's distance from the baseline. Empty where either is not known."""
    return compared.to_baseline(neuro)


@register.filter
def neuro_notes(neuro: NeuroAssessment, differs: Mapping[UUID, Sequence[str]]) -> Sequence[str]:
    """What was said of the test; `differs`: of every assessment of the participant."""
    return neuro_words.notes(neuro, differs.get(neuro.pk, ()))


@register.filter
def differs_text(codes: Iterable[str]) -> str:
    return phrases(BANK_DIFFERS[code] for code in codes)
