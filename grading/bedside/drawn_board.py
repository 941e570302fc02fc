"""The board, drawn once for all who may see the same in the same language; each row once while nothing changes in it.

Nothing of a person is in the drawing. In whose order it stands, and whose participants come first, is arranged for each
page from the parts (`arranged`); ages are parts of their own, so that a minute later they alone are sent.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from crsmonitor.accounts.models import User
from crsmonitor.pages.parts import HERE, Parts, Shelf
from grading.bedside.selectors.board_order import BoardGlance, BoardOrder, board_glances
from grading.bedside.selectors.explained import Newest, newest_of
from grading.bedside.selectors.ward import BoardRow, NextSetDue, ward_board
from grading.templatetags.grading import due_text, due_tone
from grading.words import badges
from grading.words.wording import span
from regimens.models import Site

KEPT = 8192  # rows, about 2 kB each
# Marks of a drawing, which no text of a record can have: its "<" is escaped.
AGE, OWN = SafeString("<age>"), SafeString("<own>")  # for an age, which is that of reading; for that somebody is hers
ROW, END = "<row ", "<end>"  # the part before a row (of whom, and how urgent), and that after the last
_ROW = re.compile(rf"{ROW}(\d+) (\S+)")


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """The texts between its ages, and since or until when these are: of the record that was read for the texts, which
    may be newer than the glance."""

    texts: tuple[str, ...]
    dose_at: datetime | None
    due_at: tuple[datetime, ...]


shelf: Shelf[tuple[Any, ...], DrawnRow] = Shelf(KEPT)


# --- Drawing ------------------------------------------------------------------------------------------------------


def board_of(user: User, at: datetime) -> dict[str, Any]:
    """For the template; its rows are `drawn`. `user` stands for everybody of her scope."""
    return board_from(board_glances(user), user, at)


def board_from(glances: Sequence[BoardGlance], user: User, at: datetime) -> dict[str, Any]:
    """The same, from glances that were taken a moment ago."""
    several = len({one.site_id for one in glances}) > 1
    drawn = _drawn(glances, user, several=several, at=at)
    shown = [one for one in glances if one.participant_id in drawn]
    language = get_language()
    rows = (part for one in shown for part in (_label(one), *_filled(drawn[one.participant_id], at, language)))
    site = None if several or not shown else Site(time_zone=shown[0].zone)
    return {"here": HERE, "drawn": (*rows, END), "any": bool(shown), "at": at, "user": user, "site": site}


def _drawn(glances: Sequence[BoardGlance], user: User, *, several: bool, at: datetime) -> dict[int, DrawnRow]:
    """By participant. One that is gone meanwhile is left out."""
    language = get_language()
    keys = {one.participant_id: (language, several, *_time_words(one, at), *one.made_of) for one in glances}
    kept = {pk: shelf.get(key) for pk, key in keys.items()}
    lacking = [one for one in glances if kept[one.participant_id] is None]
    rows = _rows(user, lacking, at) if lacking else []
    newest = newest_of(rows) if rows else {}
    for row in rows:
        pk = row.participant.pk
        kept[pk] = _draw(row, newest, several=several)
        shelf.put(keys[pk], kept[pk])
    return {pk: row for pk, row in kept.items() if row is not None}


def _rows(user: User, glances: Iterable[BoardGlance], at: datetime) -> list[BoardRow]:
    return ward_board(user, at=at, of=[one.participant_id for one in glances])


def _time_words(one: BoardGlance, at: datetime) -> tuple[object, ...]:
    """What a row says of the time besides its ages."""
    over = one.window_ends_at is not None and at >= one.window_ends_at
    return over, _tone(one.vitals_due_at, at), _tone(one.neuro_due_at, at)


def _tone(when: datetime | None, at: datetime) -> str:
    return "" if when is None else due_tone(NextSetDue(at=when, late_by=at - when))


def _draw(row: BoardRow, newest: Newest, *, several: bool) -> DrawnRow:
    crs, icans = shown_grades(row, newest)
    words = {"since": AGE, "vitals_words": AGE, "neuro_words": AGE, "own_place": OWN}
    grades = mark_safe(_grade(get_language(), crs) + _grade(get_language(), icans))  # noqa: S308 - what a template gave
    context = {"row": row, "crs": crs, "icans": icans, "grades": grades, "several_sites": several} | words
    text = render_to_string("bedside/_place.html", context)
    return DrawnRow(
        tuple(re.sub("[ \n]+", " ", text).split(AGE)),
        row.dose_at,
        tuple(due.at for due in (row.vitals_due, row.neuro_due) if due.at is not None),
    )


def _grade(language: str, badge: badges.GradeBadge) -> str:
    """Most of a ward have the same: drawn anew they were a third of what a ward costs that nobody has drawn yet."""
    # What is told of why is no part of it, and differs from one to the next.
    return _drawn_grade(language, replace(badge, line=(), others=(), asks=()))


@lru_cache(maxsize=1024)
def _drawn_grade(language: str, badge: badges.GradeBadge) -> str:
    return render_to_string("words/_grade.html", {"badge": badge})


def shown_grades(row: BoardRow, newest: Newest) -> tuple[badges.GradeBadge, badges.GradeBadge]:
    crs, icans = (newest.get((row.participant.pk, kind)) for kind in ("crs", "icans"))
    crs_open, icans_open = row.crs_episode_since is not None, row.icans_episode_since is not None
    return (
        badges.of_shown("crs", row.crs, row.crs_flags, explained=crs, in_episode=crs_open),
        badges.of_shown("icans", row.icans, explained=icans, in_episode=icans_open),
    )


def _label(one: BoardGlance) -> str:
    return f"{ROW}{one.participant_id} {','.join(str(float(key)) for key in one.urgency)}"


def _filled(row: DrawnRow, at: datetime, language: str) -> Iterator[str]:
    """The texts with their ages between them, in the order of the template."""
    ages = [] if row.dose_at is None else [_since(language, abs(at - row.dose_at) // _MINUTE)]
    ages += [_due_words(language, at > when, abs(at - when) // _MINUTE) for when in row.due_at]
    yield row.texts[0]
    for age, text in zip(ages, row.texts[1:], strict=True):
        yield age
        yield text


_MINUTE = timedelta(minutes=1)


@lru_cache(maxsize=8192)
def _since(language: str, minutes: int) -> str:
    return span(minutes * _MINUTE)


@lru_cache(maxsize=8192)
def _due_words(language: str, late: bool, minutes: int) -> str:
    by = max(minutes * _MINUTE, timedelta(microseconds=1)) if late else -minutes * _MINUTE
    return due_text(NextSetDue(late_by=by))


# --- For each page ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)  # most pages want the same
def arranged(parts: Parts, order: BoardOrder, own: frozenset[int], language: str) -> Parts:
    """The drawing in the order of a page, whose reader's own participants come first and are said to be hers."""
    head, rows, tail = _taken_apart(parts)
    if order is BoardOrder.URGENCY:
        rows.sort(key=lambda row: row[1])
    rows.sort(key=lambda row: row[0] not in own)
    with override(language):
        yours = render_to_string("bedside/_place_own.html").strip() if own else ""
    shown = (
        (first.replace(OWN, yours if pk in own else ""), *others)
        for pk, _rank, (first, *others) in rows
    )  # fmt: skip
    return (*head, *(part for row in shown for part in row), *tail)


def _taken_apart(parts: Parts) -> tuple[list[str], list[tuple[int, tuple[float, ...], list[str]]], list[str]]:
    head: list[str] = []
    rows: list[tuple[int, tuple[float, ...], list[str]]] = []
    tail: list[str] = []
    into = head
    for part in parts:
        if part == END:
            into = tail
        elif label := _ROW.fullmatch(part):
            into = []
            rows.append((int(label[1]), tuple(map(float, label[2].split(","))), into))
        else:
            into.append(part)
    return head, rows, tail


def is_empty(parts: Collection[str]) -> bool:
    """Whether nobody is on this drawing."""
    return not any(part.startswith(ROW) for part in parts)
