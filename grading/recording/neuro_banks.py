"""With which words an ICE was asked: what is asked of it before it is kept, and where the words changed since."""

import uuid
from collections.abc import Mapping

from crsmonitor.errors import InvalidInput
from grading.models import NeuroAssessment
from grading.recording.item_banks import bank_on_file, languages
from grading.rules.neuro import handwriting
from grading.rules.neuro.adaptations import Adaptation
from grading.rules.neuro.item_bank import BankKey
from grading.rules.neuro.mixing import mixed
from regimens.models import Measured, Measurement, Participant


def check_neuro(draft: NeuroAssessment) -> None:
    """A bank that is on file, a sentence that a pad wrote, and known ways to adapt. Raises InvalidInput.

    Another bank than before is kept and shown: an assessment is not held back by a question.
    """
    if draft.bank_language or draft.bank_version or draft.object_set:
        _check_bank(draft)
    if draft.sentence is not None:
        if draft.sentence_on_paper:
            raise InvalidInput.at("sentence_on_paper", "sentence_twice")
        if (code := handwriting.problem(draft.sentence)) is not None:
            raise InvalidInput.at("sentence", code)
    if not set(draft.adaptations) <= set(Adaptation):
        raise InvalidInput.at("adaptations", "unknown_adaptation", known=", ".join(Adaptation))


def _check_bank(draft: NeuroAssessment) -> None:
    bank = bank_on_file(draft.bank_language, draft.bank_version)
    if bank is None:
        raise InvalidInput.at("bank_version", "unknown_bank", language=draft.bank_language, version=draft.bank_version)
    if draft.object_set and draft.object_set not in bank.object_sets:
        raise InvalidInput.at("object_set", "unknown_object_set", known=", ".join(bank.object_sets))


def check_language(draft: Measurement) -> None:
    """Of the participant's language, or of the bank that a baseline ICE was asked with, in `text`."""
    if draft.kind == Measured.LANGUAGE:
        if draft.text not in languages():
            raise InvalidInput.at("text", "unknown_language", known=", ".join(languages()))
    elif draft.text and bank_key(draft.text) is None:
        raise InvalidInput.at("text", "unknown_bank", language=draft.text, version="")


# --- What is on record ------------------------------------------------------------------------------------------


def bank_text(key: BankKey) -> str:
    """As a baseline keeps it: `zh-hant 1`."""
    return f"{key.language} {key.version}"


def bank_key(text: str) -> BankKey | None:
    """The bank that a baseline was asked with. None: nobody wrote it down, or it is none of ours."""
    language, _, version = text.partition(" ")
    bank = bank_on_file(language, version)
    return None if bank is None else bank.key


def language_of(participant: Participant) -> str:
    """In which the participant is asked: as was recorded, else what most are asked in at the site. Empty: not known."""
    facts = Measurement.objects.standing().filter(participant=participant, kind=Measured.LANGUAGE)
    newest = facts.order_by("-observed_at", "-id").values_list("text", flat=True).first()
    return participant.site.language if newest is None else newest


def baseline_bank(participant_id: int) -> BankKey | None:
    """With which words the ICE before the first dose was asked. None: not on record."""
    facts = Measurement.objects.standing().filter(participant=participant_id, kind=Measured.BASELINE_ICE)
    text = facts.order_by("-observed_at", "-id").values_list("text", flat=True).first()
    return bank_key(text or "")


def used_bank(neuro: NeuroAssessment) -> BankKey | None:
    """None: not on record."""
    if not neuro.bank_language:
        return None
    return BankKey(language=neuro.bank_language, version=neuro.bank_version)


def bank_differences(participant_id: int) -> Mapping[uuid.UUID, tuple[str, ...]]:
    """Standing assessment -> in what its words differ from those of the baseline and of the one before; see mixing.py.

    Derived whenever it is asked, so that a late entry or a correction needs no second look.
    """
    rows = NeuroAssessment.objects.standing().filter(participant=participant_id).exclude(bank_language="")
    facts = list(rows.order_by("observed_at", "id").values_list("id", "bank_language", "bank_version"))
    banks = [BankKey(language=language, version=version) for _, language, version in facts]
    each = mixed(banks, baseline=baseline_bank(participant_id))
    return {fact_id: codes for (fact_id, _, _), codes in zip(facts, each, strict=True) if codes}
