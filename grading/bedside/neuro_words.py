"""What stands around an ICE or a CAPD in words: each item as it is asked, the baseline, what was said of the test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from grading.bedside.selectors.ice_words import neuro_baseline
from grading.course.record import readings
from grading.models import NeuroAssessment
from grading.recording.forms.bank_choice import bank_label
from grading.recording.neuro_banks import bank_text, used_bank
from grading.rules.neuro.item_bank import ItemToday
from grading.words.wording import ADAPTATIONS, BANK_DIFFERS, INTERPRETERS, listed, named
from regimens.models import NeuroInstrument, Participant

ITEMS = {
    "year": _l("Year"), "month": _l("Month"), "city": _l("City"), "hospital": _l("Hospital"),
    "naming": _l("Names three objects"), "command": _l("Follows a command"), "attention": _l("Counts backwards"),
    "writing": _l("Writes a sentence"),
}  # fmt: skip
LANG = {"en": "en", "zh-hant": "zh-Hant-TW"}  # as pages say it


@dataclass(frozen=True, slots=True, kw_only=True)
class IceRow:
    """`right` empty: the record of the site does not say. Writing stands last: its pad lies below it."""

    name: str
    label: str
    field: Any
    say: str
    right: str


def rows(form: Any) -> Sequence[IceRow]:
    """Every item in the order of the page. Empty: the participant is assessed by CAPD."""
    if form.words is None:
        return ()
    items: dict[str, ItemToday] = {item.name: item for item in form.words.items}
    return [
        IceRow(name=name, label=str(label), field=form[f"ice_{name}"], say=items[name].say, right=items[name].right)
        for name, label in ITEMS.items()
    ]


def other_banks(form: Any) -> list[tuple[str, str]]:
    """The words to change to: as a baseline keeps them, and as people say it."""
    return [] if form.words is None else [(bank_text(key), bank_label(key)) for key in form.words.others]


# --- Against the baseline -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AgainstBaseline:
    """`baseline` None: nobody recorded it. `last`: the score before; empty: not done, or not every item.

    `flags`: what the one before was adapted to, and who interpreted: so is this one, unless that has changed.
    """

    capd: bool
    baseline: int | None
    last: str
    difference: str
    flags: Sequence[str] = ()

    def to_baseline(self, neuro: NeuroAssessment) -> str:
        """How far a score lies from the baseline. Empty where either is not known."""
        score = _score(neuro, capd=self.capd)
        return "" if self.baseline is None or score is None else difference(score - self.baseline)


def compared(participant: Participant, *, last: NeuroAssessment | None) -> AgainstBaseline:
    """`last` None: there is none, or it is not asked for."""
    capd, baseline = participant.neuro_instrument == NeuroInstrument.CAPD, neuro_baseline(participant)
    score = None if last is None else _score(last, capd=capd)
    whole = None if baseline is None else int(baseline)
    return AgainstBaseline(
        capd=capd,
        baseline=whole,
        last="" if score is None else str(score),
        difference="" if whole is None or score is None else difference(score - whole),
        flags=() if last is None else flags(last),
    )


def _score(neuro: NeuroAssessment, *, capd: bool) -> int | None:
    return neuro.capd_score if capd else readings.ice_score(neuro)


def difference(points: int) -> str:
    """+2, ±0, −3; the minus of typography, which is read as one."""
    return f"+{points}" if points > 0 else "±0" if points == 0 else f"\N{MINUS SIGN}{-points}"


# --- Said with the result -------------------------------------------------------------------------------------


def notes(neuro: NeuroAssessment, differs: Iterable[str]) -> Sequence[str]:
    """With which words, where they changed and why, what it was adapted to, who interpreted. Empty: nothing."""
    bank = used_bank(neuro)
    return [
        *([bank_label(bank)] if bank else []),
        *(str(BANK_DIFFERS[code]) for code in differs),
        *([named(_("because"), neuro.bank_because)] if neuro.bank_because else []),
        *flags(neuro),
        *([_("sentence on paper")] if neuro.sentence_on_paper else []),
    ]


def flags(neuro: NeuroAssessment) -> Sequence[str]:
    """What of hearing, sight or literacy it was adapted to, and who interpreted. Empty: nothing was said."""
    return [
        *([named(_("adapted to"), listed(ADAPTATIONS[one] for one in neuro.adaptations))] if neuro.adaptations else []),
        *([named(_("interpreter"), INTERPRETERS[neuro.interpreter])] if neuro.interpreter else []),
    ]
