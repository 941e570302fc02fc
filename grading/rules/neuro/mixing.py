"""Whether a participant's assessments were done with one bank of items: in another language, or with other words, two
scores are not one scale. It is asked about and shown, and never holds an assessment back (worsening first).
"""

from collections.abc import Iterable, Sequence

from grading.rules.neuro.item_bank import BankKey

LANGUAGE = "other_language_than_{}"
VERSION = "other_version_than_{}"
CODES = tuple(code.format(what) for what in ("baseline", "previous") for code in (LANGUAGE, VERSION))


def differences(bank: BankKey | None, *, baseline: BankKey | None, previous: BankKey | None) -> tuple[str, ...]:
    """In what a bank differs from that of the baseline and of the assessment before. None: not on record, which says
    nothing. In another language the version is another bank's, and is not compared.
    """
    if bank is None:
        return ()
    return (*_against(bank, baseline, "baseline"), *_against(bank, previous, "previous"))


def _against(bank: BankKey, other: BankKey | None, what: str) -> tuple[str, ...]:
    if other is None or other == bank:
        return ()
    return ((VERSION if other.language == bank.language else LANGUAGE).format(what),)


def mixed(banks: Iterable[BankKey | None], *, baseline: BankKey | None) -> Sequence[tuple[str, ...]]:
    """The same for every assessment of a participant, oldest first; one without a bank is passed over."""
    previous, each = None, []
    for bank in banks:
        each.append(differences(bank, baseline=baseline, previous=previous))
        previous = bank or previous
    return each
