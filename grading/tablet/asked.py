"""What a page on a tablet asks, in one place: the rules' answers, and those of an entry form in the reader's words.

A tablet runs this very file, lowered (crsmonitor/tablet/), with the words of the page's language beside it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from grading.rules.contract.tablet import Answer
from grading.rules.contract.tablet import answer as rules_answer
from grading.rules.contract.tablet_entry import VITALS, entry
from grading.rules.contract.tablet_waiting import continued
from grading.rules.contract.tablet_wristband import wristband as rules_wristband
from grading.rules.grades.graded import Graded, Reason
from grading.rules.grades.why import ElementChange, NearestChanges
from grading.words.badges import TOLD_IF_CRS, GradeBadge, of_graded
from grading.words.entry_words import entry_text


def answer(question: Mapping[str, Any]) -> Answer:
    """`question["ask"]`: `many`, one of ASKED_HERE, or one of the names in grading/rules/contract/tablet.py."""
    if question["ask"] == "many":
        return {"answers": [answer(one) for one in question["questions"]]}
    return ASKED_HERE.get(question["ask"], rules_answer)(question)


def typed(question: Mapping[str, Any]) -> Answer:
    """As tablet_entry.entry is asked. `errors` and `again`: what is said at each field; `badge`: how the grade is told,
    null where only the whole record could tell it; `shown`: the grade itself, as it is sent with the entry.
    """
    answered = entry(question)
    texts = {"errors": _texts(answered["errors"]), "again": _texts(answered["again"])}
    if not answered["in_order"]:
        return texts | {"badge": None, "shown": None}
    badge = _badge("crs" if question["kind"] == VITALS else "icans", answered)
    shown = {name: answered[name] for name in ("grade", "at_least", "at_most", "flags")}
    return texts | {"badge": badge_written(badge), "shown": shown}


def _texts(doubts: list[dict[str, Any]]) -> dict[str, str]:
    """What is said at each field, one thing after the other as on the server's page."""
    texts: dict[str, list[str]] = {}
    for doubt in doubts:
        texts.setdefault(doubt["field"], []).append(entry_text(doubt["code"], doubt["values"]))
    return {field: " ".join(sentences) for field, sentences in texts.items()}


def wristband(question: Mapping[str, Any]) -> Answer:
    """As tablet_wristband.wristband is asked; `error`: what is said at the field. Empty: nothing is."""
    doubt = rules_wristband(question)
    return {"error": entry_text(doubt["code"], doubt["values"]) if doubt["code"] else ""}


def _badge(kind: str, answered: Answer) -> GradeBadge:
    graded = Graded(
        grade=answered["grade"],
        at_least=answered["at_least"],
        at_most=answered["at_most"],
        reasons=tuple(Reason(one["code"], one["text"], tuple(one["values"].items())) for one in answered["reasons"]),
        missing=tuple(answered["missing"]),
        flags=tuple(answered["flags"]),
    )
    would_be = None if TOLD_IF_CRS.isdisjoint(graded.flags) else answered["if_crs"]
    why = NearestChanges(lower=_changes(answered["lower"]), higher=_changes(answered["higher"]))
    return of_graded(kind, graded, if_crs=would_be, why=why)


def _changes(changes: list[list[Any]]) -> tuple[ElementChange, ...]:
    return tuple(ElementChange(code, grade) for code, grade in changes)


def badge_written(badge: GradeBadge) -> Answer:
    return {
        "kind": badge.kind,
        "digit": badge.digit,
        "word": badge.word,
        "shape": badge.shape,
        "tone": badge.tone,
        "open": badge.open,
        "detail": badge.detail,
        "line": [[part.what, part.text] for part in badge.line],
        "others": list(badge.others),
        "asks": list(badge.asks),
    }


ASKED_HERE: Mapping[str, Callable[[Mapping[str, Any]], Answer]] = {
    "typed": typed,
    "continued": continued,
    "wristband": wristband,
}
