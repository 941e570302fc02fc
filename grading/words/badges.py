"""How a grade is told: digit, word, shape and colour. Templates get these finished and compare nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from grading.rules.grades.catalogue import RULES
from grading.rules.grades.graded import INDETERMINATE, Graded
from grading.rules.grades.why import NearestChanges
from grading.words.why_words import Part, line
from grading.words.wording import bracketed, missing_text, phrases, reason_text, stored_reason_text

SHAPES = {0: "ring", 1: "dot", 2: "triangle", 3: "square", 4: "diamond", 5: "cross"}
NAMES = {"crs": "CRS", "icans": "ICANS"}
# Flags under which a 0 is no all-clear.
UNEXPLAINED = "unexplained_hypotension_or_hypoxia"
MASKED = "possible_masked_fever"
BEFORE_DOSING = "fever_before_first_dose"  # under which no grade is one of CRS
# Flags of a set that is no CRS by definition, or may be none: what it would be is told beside it.
TOLD_IF_CRS = frozenset({UNEXPLAINED, MASKED, "temperature_missing_with_hypotension_or_hypoxia"})
NOT_SEEN = ("_unknown", "_not_done")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeBadge:
    """`tone` picks colour; `open` draws the outline broken: the grade is not settled."""

    kind: str
    digit: str
    word: str
    shape: str
    tone: str
    open: bool = False
    detail: str = ""
    line: tuple[Part, ...] = ()  # why this grade; empty where nobody looked
    others: list[str] = field(default_factory=list)  # reasons besides the one that decides
    asks: list[str] = field(default_factory=list)


def not_looked(kind: str) -> GradeBadge:
    return GradeBadge(kind=NAMES[kind], digit="–", word=_("nobody looked yet"), shape="none", tone="unseen", open=True)


def each_shape(kind: str) -> list[GradeBadge]:
    """One of each, with one of everything that can stand in it: a page fills in what its own rules tell."""
    line = (Part("decided", "–"),)
    full = {"digit": "–", "word": "–", "detail": "–", "line": line, "others": ["–"], "asks": ["–"]}
    return [
        GradeBadge(kind=NAMES[kind], shape=shape, tone="", **full)  # type: ignore[arg-type]
        for shape in (*SHAPES.values(), "none")
    ]


def of_grade(
    kind: str,
    *,
    grade: int,
    at_least: int,
    at_most: int,
    reasons: Iterable[Mapping[str, Any]] = (),
    missing: Iterable[str] = (),
    flags: Iterable[str] = (),
    if_crs: int | None = None,
    why: NearestChanges | None = None,
) -> GradeBadge:
    """The badge of one grade. `if_crs`: the grade were it CRS, for a set that is none by definition or may be none.

    `why` None: what would change it is not known, or not asked.
    """
    kind = "icans" if kind.startswith("icans") else kind
    name, missing, flags = NAMES[kind], list(missing), list(flags)
    reasons = list(reasons)
    texts = [stored_reason_text(r) for r in reasons]
    # First what was seen: a reason that only says what is missing decides where there is no other.
    seen = [
        text for r, text in zip(reasons, texts, strict=True) if not any(r["code"].endswith(end) for end in NOT_SEEN)
    ]
    decided = next(iter(seen or texts), "")
    words = {
        "line": line(decided=decided, why=why, missing=missing),
        "others": [text for text in texts if text != decided],
        "asks": [reason_text(flag, {}) for flag in flags if flag in RULES],
    }
    if BEFORE_DOSING in flags:
        return _before_dosing(name, at_least, at_most, words)
    if grade == INDETERMINATE:
        badge = _open_badge(name, at_least, at_most, missing, MASKED in flags, words)
        return (
            badge
            if if_crs is None or at_least >= 1
            else replace(badge, detail=phrases([badge.detail, _if_crs(if_crs)]))
        )
    if grade == 0 and UNEXPLAINED in flags:
        detail = _("unexplained hypotension or hypoxia")
        if if_crs is not None:
            detail = phrases([detail, _if_crs(if_crs)])
        return GradeBadge(
            kind=name, digit="?", word=_("no CRS by definition"), detail=detail, shape="ring", tone="unexplained",
            open=True, **words,
        )  # fmt: skip
    if grade == 0:
        return GradeBadge(kind=name, digit="0", word=_("No %(name)s") % {"name": name}, shape="ring", tone="0", **words)
    word = _("death due to %(name)s") % {"name": name} if grade == 5 else _("Grade %(grade)s") % {"grade": grade}
    return GradeBadge(kind=name, digit=str(grade), word=word, shape=SHAPES[grade], tone=str(grade), **words)


def _before_dosing(name: str, least: int, most: int, words: dict[str, Any]) -> GradeBadge:
    """Nothing is CRS before the first dose; what the look would be is told beside it."""
    if_crs = _("if CRS: grade %(grade)s") if least == most else _("if CRS: at least grade %(grade)s")
    return GradeBadge(
        kind=name, digit="?", word=_("fever before the first dose"), detail=if_crs % {"grade": least}, shape="ring",
        tone="unexplained", open=True, **words,
    )  # fmt: skip


def _if_crs(grade: int) -> str:
    return _("if CRS: grade %(grade)s") % {"grade": grade}


def _open_badge(
    name: str, least: int, most: int, missing: list[str], masked: bool, words: dict[str, Any]
) -> GradeBadge:
    why = missing_text(missing)
    if least >= 1:
        word, digit, tone = _("at least %(grade)s") % {"grade": least}, f"≥{least}", str(least)
        detail = _("up to %(grade)s") % {"grade": most}
    else:
        word, digit, tone = _("cannot be told"), "?", "open"
        detail = _("%(least)s to %(most)s") % {"least": least, "most": most}
    if why:
        detail = bracketed(_("%(what)s not assessed") % {"what": why}, beside=detail)
    elif masked:
        detail = bracketed(_("a fever may be masked"), beside=detail)
    return GradeBadge(
        kind=name, digit=digit, word=word, detail=detail, shape=SHAPES[least], tone=tone, open=True, **words
    )


def of_row(row: Any, *, if_crs: int | None = None, why: NearestChanges | None = None) -> GradeBadge:
    """The badge of a stored Grade."""
    return of_grade(
        row.kind, grade=row.grade, at_least=row.at_least, at_most=row.at_most, reasons=row.reasons,
        missing=row.missing, flags=row.flags, if_crs=if_crs, why=why,
    )  # fmt: skip


def of_graded(kind: str, graded: Graded, *, if_crs: int | None = None, why: NearestChanges | None = None) -> GradeBadge:
    """The badge of a grade just computed."""
    reasons = [{"code": r.code, "text": r.text, "values": dict(r.values)} for r in graded.reasons]
    return of_grade(
        kind, grade=graded.grade, at_least=graded.at_least, at_most=graded.at_most, reasons=reasons,
        missing=graded.missing, flags=graded.flags, if_crs=if_crs, why=why,
    )  # fmt: skip


def of_explained(one: Any) -> GradeBadge:
    """The badge of a stored grade with its set and why (selectors/explained.py)."""
    shows_if_crs = not TOLD_IF_CRS.isdisjoint(one.grade.flags)
    return of_row(one.grade, if_crs=one.if_crs if shows_if_crs else None, why=one.why)


def of_shown(
    kind: str, shown: Any, flags: Iterable[str] = (), *, explained: Any = None, in_episode: bool = False
) -> GradeBadge:
    """The badge of a board row's grade; None: nobody looked. A 0 inside an open episode is no all-clear (C2a, S4).

    `explained`: the stored grade with its reasons; None where it was replaced while the board was read.
    """
    if shown is None:
        return not_looked(kind)
    if explained is None:
        badge = of_grade(kind, grade=shown.grade, at_least=shown.at_least, at_most=shown.at_most, flags=flags)
    else:
        badge = of_explained(explained)
    if shown.grade == 0 and in_episode:
        detail = _("the episode is not over")
        return replace(badge, word=_("no sign now"), detail=detail, tone="open", open=True)
    return badge
