"""The four ledgers in words: templates get these finished and compare nothing."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from grading.models import Judgement, Ledger
from grading.rules.grades import INDETERMINATE
from grading.selectors.ledgers import Ledgers


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    name: str
    word: str
    differs: bool = False
    who: str = ""
    at: datetime | None = None
    because: str = ""
    stale: str = ""


def names() -> dict[str, str]:
    return {Ledger.NURSE: _("Nurse"), Ledger.INVESTIGATOR: _("Investigator"), Ledger.CENTRAL: _("Central review")}


def grade_word(grade: int) -> str:
    return _("cannot be told") if grade == INDETERMINATE else _("Grade %(grade)s") % {"grade": grade}


def lines(ledgers: Ledgers) -> list[LedgerLine]:
    """Derived, nurse, investigator, central."""
    told = [LedgerLine(name=_("Derived"), word=grade_word(ledgers.derived))]
    for ledger, one in ledgers.said:
        name = names()[ledger]
        told.append(LedgerLine(name=name, word="–") if one is None else _said(name, ledger, one, ledgers))
    return told


def _said(name: str, ledger: Ledger, one: Judgement, ledgers: Ledgers) -> LedgerLine:
    stale = ""
    if ledgers.is_stale(one):
        stale = _("judged when the derived grade was: %(grade)s") % {"grade": grade_word(one.derived_grade)}
    if one.grade is None:
        word = _("agrees") if ledger is Ledger.NURSE else _("confirms")
    else:
        word = grade_word(one.grade)
    return LedgerLine(
        name=name,
        word=word,
        differs=one.grade not in (None, ledgers.derived),
        who=one.recorded_by.get_username(),
        at=one.observed_at,
        because=one.because,
        stale=stale,
    )


def verbs(ledger: Ledger) -> tuple[str, str]:
    """What this ledger's two buttons say."""
    if ledger is Ledger.NURSE:
        return _("Agree"), _("Say otherwise")
    return _("Confirm"), _("Override") if ledger is Ledger.INVESTIGATOR else _("Another grade")
