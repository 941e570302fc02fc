"""The four ledgers in words: templates get these finished and compare nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from grading.models import GradeAssessment, Ledger
from grading.review.selectors.assessments import Ledgers
from grading.review.selectors.unheld import Unheld
from grading.rules.grades.graded import INDETERMINATE


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
    ledger_lines = [LedgerLine(name=_("Derived"), word=_derived_word(ledgers))]
    for ledger, one in ledgers.assessments:
        name = names()[ledger]
        ledger_lines.append(
            LedgerLine(name=name, word="–") if one is None else _assessment_line(name, ledger, one, ledgers)
        )
    return ledger_lines


def _derived_word(ledgers: Ledgers) -> str:
    """Of a provisional episode, which nobody has judged yet, what it could be: its 0 is no all-clear."""
    if ledgers.now.unsettled and ledgers.derived == 0:
        return _("up to grade %(grade)s") % {"grade": ledgers.now.at_most}
    return grade_word(ledgers.derived)


def _assessment_line(name: str, ledger: Ledger, one: GradeAssessment, ledgers: Ledgers) -> LedgerLine:
    again = _is_above(ledger, one, ledgers)
    if one.grade is None and (again or one.derived_grade > ledgers.derived):
        word = _("confirmed at: %(grade)s") % {"grade": grade_word(one.derived_grade)}
    elif one.grade is None:
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
        stale=stale_word(ledger, one, ledgers),
    )


def _is_above(ledger: Ledger, one: GradeAssessment, ledgers: Ledgers) -> bool:
    """Whether what decides the grade has been overtaken by it."""
    return ledger is not Ledger.NURSE and not ledgers.holds(one)


def stale_word(ledger: Ledger, one: GradeAssessment, ledgers: Ledgers) -> str:
    """What has changed since it was said. Empty: nothing has."""
    if _is_above(ledger, one, ledgers):
        return _("the derived grade is above what was judged: to be judged again")
    if ledgers.is_stale(one):
        return _("judged when the derived grade was: %(grade)s") % {"grade": grade_word(one.derived_grade)}
    return ""


def verbs(ledger: Ledger) -> tuple[str, str]:
    """What this ledger's two buttons say."""
    if ledger is Ledger.NURSE:
        return _("Agree"), _("Say otherwise")
    return _("Confirm"), _("Override") if ledger is Ledger.INVESTIGATOR else _("Another grade")


def judged_at(one: GradeAssessment) -> str:
    """The derived grade that was judged; of one that the rules left open, what it could be."""
    most = one.derived_at_most
    if most is None or most <= one.derived_grade:
        return grade_word(one.derived_grade)
    return _("up to grade %(grade)s") % {"grade": most}


def assessment_word(one: GradeAssessment) -> str:
    return _("confirms") if one.grade is None else grade_word(one.grade)


def judged_word(one: GradeAssessment) -> str:
    """The grade that a word leaves, with whether it is its own."""
    if one.grade is None:
        return _("confirmed at: %(grade)s") % {"grade": judged_at(one)}
    return grade_word(one.grade)


def final_word(ledgers: Ledgers) -> str:
    """The final grade; of a provisional episode that asks to be judged, what it could be."""
    if ledgers.now.unsettled and ledgers.final <= 0:
        return _("up to grade %(grade)s") % {"grade": ledgers.now.at_most}
    return grade_word(ledgers.final)


def rows_again(unheld: Iterable[Unheld]) -> list[dict[str, Any]]:
    """What asks to be judged again, as the page of disagreements and the alert list tell it."""
    return [
        {
            "one": row.assessment,
            "name": names()[row.assessment.ledger],
            "judged_at": judged_at(row.assessment),
            "word": assessment_word(row.assessment),
            "final": final_word(row.ledgers),
        }
        for row in unheld
    ]
