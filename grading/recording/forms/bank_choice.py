"""With which words an ICE was asked, to be picked: the banks on file by name."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grading.recording.forms.fields import pick
from grading.recording.item_banks import banks, newest_in
from grading.recording.neuro_banks import bank_text
from grading.rules.neuro.item_bank import BankKey
from regimens.models import Language


def language_label(code: str) -> str:
    """A code that this version does not know is shown as it is."""
    return str(Language(code).label) if code in Language.values else code


def bank_label(key: BankKey) -> str:
    return _("%(language)s, version %(version)s") % {
        "language": language_label(key.language),
        "version": key.version,
    }


def bank_field() -> forms.ChoiceField:
    """Empty: with other words, or nobody knows. Its choices are named when the form is made, as its reader speaks."""
    return pick([], label=gettext_lazy("Asked with the words"))


def bank_choices() -> list[tuple[str, str]]:
    return [("", _("other words, or not known")), *((bank_text(key), bank_label(key)) for key in banks())]


def usual_bank(language: str) -> str:
    """What a form starts with. Empty: no bank is in that language."""
    bank = newest_in(language)
    return "" if bank is None else bank_text(bank.key)
