"""A bank of items for the ICE in one language: the words to read out, and what counts as right. Read from a file by
recording/item_banks, checked here.

The points of each item are ASTCT's (N1: Lee DW et al., Biol Blood Marrow Transplant 2019;25:625-638): year, month, city
and hospital 1 each, three objects 3, a command, writing and attention 1 each, 10 in all. The words are a convention
that awaits a clinician, until `reviewed_by` names one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeGuard

POINTS = {
    "year": 1, "month": 1, "city": 1, "hospital": 1, "naming": 3, "command": 1, "writing": 1, "attention": 1,
}  # fmt: skip
FULL_MARKS = 10
OBJECTS_IN_A_SET = 3
# How the years of each calendar are counted: this many less than the Gregorian year. ROC year 1 is 1912.
CALENDARS = {"gregorian": 0, "roc": 1911}
# What stands in braces in the words of an item, and is filled in for the day, the site and the set of objects.
FILLED_IN = {"year": "years", "month": "month", "city": "city", "hospital": "hospital", "naming": "objects"}
_FIELDS = {
    "instrument", "language", "version", "source", "reviewed_by", "reviewed_on", "calendars", "months", "between",
    "object_sets", "items",
}  # fmt: skip
_BRACES = re.compile(r"\{(\w*)\}")


class BadBank(ValueError):
    """The file does not hold. `place`: which part of it."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place, self.problem = place, problem


@dataclass(frozen=True, slots=True, kw_only=True)
class BankKey:
    """What an assessment records of the bank it was done with."""

    language: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankItem:
    """`say`: what is read out. `right`: what counts as right; both may have a place to be filled in."""

    name: str
    points: int
    say: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemBank:
    """`calendars`: calendar -> how its year is written. `months`: twelve names. `between`: what stands between two
    right answers. `reviewed_by` empty: no clinician has signed it off.
    """

    key: BankKey
    source: str
    reviewed_by: str
    reviewed_on: str
    calendars: Mapping[str, str]
    months: tuple[str, ...]
    between: str
    object_sets: Mapping[str, tuple[str, ...]]
    items: tuple[BankItem, ...]

    @property
    def awaits_review(self) -> bool:
        return not self.reviewed_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the participant lies, as the site's record has it. Empty: nobody wrote it down."""

    city: str
    hospital: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemToday:
    """One item as it is asked on a day, in a place. `right` empty: the site's record does not have the answer."""

    name: str
    points: int
    say: str
    right: str


def years(on: date, bank: ItemBank) -> tuple[str, ...]:
    """Every way in which this day's year is right, in the bank's order: 民國115年 and 西元2026年."""
    return tuple(
        written.replace("{year}", str(on.year - CALENDARS[calendar])) for calendar, written in bank.calendars.items()
    )


def next_set(bank: ItemBank, last: str) -> str:
    """The set of objects after the one that was shown last, so that nobody learns them. `last` empty: the first."""
    names = tuple(bank.object_sets)
    return names[(names.index(last) + 1) % len(names)] if last in names else names[0]


def items_on(bank: ItemBank, *, on: date, place: Place, object_set: str) -> tuple[ItemToday, ...]:
    """The items with everything filled in, in the order of the paper's table. Raises KeyError for an unknown set."""
    answers = {
        "years": bank.between.join(years(on, bank)),
        "month": bank.months[on.month - 1],
        "city": place.city,
        "hospital": place.hospital,
        "objects": bank.between.join(bank.object_sets[object_set]),
    }
    return tuple(_filled(item, answers) for item in bank.items)


def _filled(item: BankItem, answers: Mapping[str, str]) -> ItemToday:
    names = _BRACES.findall(item.say + item.right)
    unknown = any(not answers[name] for name in names)
    say, right = (_BRACES.sub(lambda one: answers[one[1]], text) for text in (item.say, item.right))
    return ItemToday(name=item.name, points=item.points, say=say, right="" if unknown else right)


# --- Checked as it is read ------------------------------------------------------------------------------------


def bank_of(data: object) -> ItemBank:
    """The bank that a file holds. Raises BadBank for the first thing that does not hold."""
    if not isinstance(data, Mapping):
        raise BadBank("file", "fields with their values are needed")
    if unknown := {str(name) for name in data} - _FIELDS:
        raise BadBank(min(unknown), "no such field")
    if data.get("instrument") != "ice":
        raise BadBank("instrument", "ice is the only one whose words are on file")
    reviewed_by = _text(data, "reviewed_by", empty=True)
    reviewed_on = _text(data, "reviewed_on", empty=True)
    if bool(reviewed_by) != bool(reviewed_on):
        raise BadBank("reviewed_by", "who reviewed it and on which day are given together")
    return ItemBank(
        key=_key(data),
        source=_text(data, "source"),
        reviewed_by=reviewed_by,
        reviewed_on=reviewed_on,
        calendars=_calendars(data.get("calendars")),
        months=_months(data.get("months")),
        between=_text(data, "between"),
        object_sets=_object_sets(data.get("object_sets")),
        items=_items(data.get("items")),
    )


def _key(data: Mapping[str, object]) -> BankKey:
    key = BankKey(language=_text(data, "language"), version=_text(data, "version"))
    if not re.fullmatch(r"[a-z]{2}(-[a-z]{2,4})?", key.language):
        raise BadBank("language", "a code such as en or zh-hant")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", key.version):
        raise BadBank("version", "a whole number in quotes, from 1 on")
    return key


def _text(data: Mapping[str, object], name: str, *, empty: bool = False) -> str:
    text = data.get(name)
    if not isinstance(text, str) or not (empty or text.strip()):
        raise BadBank(name, "a text is needed")
    return text


def _calendars(calendars: object) -> Mapping[str, str]:
    if not isinstance(calendars, Mapping) or not calendars:
        raise BadBank("calendars", "at least one calendar is needed")
    for name, written in calendars.items():
        if name not in CALENDARS:
            raise BadBank(f"calendars.{name}", f"one of {', '.join(CALENDARS)}")
        if not isinstance(written, str) or written.count("{year}") != 1:
            raise BadBank(f"calendars.{name}", "a text with {year} in it")
    return dict(calendars)


def _months(months: object) -> tuple[str, ...]:
    if not _are_texts(months) or len(set(months)) != 12 or len(months) != 12:
        raise BadBank("months", "twelve names, each another")
    return tuple(months)


def _are_texts(texts: object) -> TypeGuard[list[str]]:
    return isinstance(texts, list) and all(isinstance(one, str) and one.strip() for one in texts)


def _object_sets(sets: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(sets, Mapping) or not sets:
        raise BadBank("object_sets", "at least one set of objects is needed")
    for name, objects in sets.items():
        if not isinstance(name, str) or not re.fullmatch(r"[a-z]{1,8}", name):
            raise BadBank(f"object_sets.{name}", "a name of small letters, at most 8")
        if not _are_texts(objects) or len(set(objects)) != OBJECTS_IN_A_SET:
            raise BadBank(f"object_sets.{name}", "three objects, each another")
    every = [one for objects in sets.values() for one in objects]
    if len(every) != len(set(every)):
        raise BadBank("object_sets", "an object stands in one set only")
    return {name: tuple(objects) for name, objects in sets.items()}


def _items(items: object) -> tuple[BankItem, ...]:
    if not isinstance(items, Mapping) or list(items) != list(POINTS):
        raise BadBank("items", f"in this order: {', '.join(POINTS)}")
    read = tuple(_item(name, entry) for name, entry in items.items())
    if sum(item.points for item in read) != FULL_MARKS:
        raise BadBank("items", f"the points add up to {FULL_MARKS}")
    return read


def _item(name: str, entry: object) -> BankItem:
    place = f"items.{name}"
    if not isinstance(entry, Mapping) or set(entry) != {"points", "say", "right"}:
        raise BadBank(place, "points, say and right are needed")
    if type(entry["points"]) is not int or entry["points"] != POINTS[name]:
        raise BadBank(place, f"ASTCT gives it {POINTS[name]}")
    say, right = (_text(entry, field) for field in ("say", "right"))
    allowed, named = FILLED_IN.get(name), _BRACES.findall(say + right)
    if any(one != allowed for one in named):
        raise BadBank(place, f"in braces stands {allowed or 'nothing'}")
    if allowed is not None and allowed not in _BRACES.findall(right):
        raise BadBank(place, f"right has {{{allowed}}} in it")
    return BankItem(name=name, points=POINTS[name], say=say, right=right)
