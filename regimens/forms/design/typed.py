"""Boxes of a page, by name: what was typed in them, and what is wrong with it. Nothing that was typed is lost."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?")
LONGEST = 500  # characters of one box; a list of 100 doses has its own limit
LONGEST_LIST = 2000
MOST_DIGITS = 9  # of a number that counts something
BETWEEN = re.compile(r"[\s,;、，；]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedBox:
    """One box, as its template shows it. `checked`: of a box that is ticked."""

    name: str
    value: str
    faults: tuple[str, ...] = ()

    @property
    def box_id(self) -> str:
        return f"id_{self.name}"

    @property
    def checked(self) -> bool:
        return bool(self.value)


@dataclass
class TypedForm:
    """`values`: by name of the box. `faults`: likewise; those of no box stand under the empty name."""

    values: Mapping[str, str]
    faults: dict[str, list[str]] = field(default_factory=dict)

    @property
    def box(self) -> "Boxes":
        """For a template: `form.box.mw_kda`, with `__` for the dash of a name."""
        return Boxes(self)

    def text(self, name: str) -> str:
        return str(self.values.get(name, ""))

    def blame(self, name: str, fault: str | Promise) -> None:
        self.faults.setdefault(name, []).append(str(fault))

    @property
    def whole(self) -> list[str]:
        """What is wrong with all of it, or with what has no box."""
        return self.faults.get("", [])

    @property
    def is_faulty(self) -> bool:
        return bool(self.faults)

    def written(self, name: str) -> str | None:
        """A text without outer spaces. None: nothing was typed."""
        text = unicodedata.normalize("NFKC", self.text(name)).strip()
        if len(text) > LONGEST:
            self.blame(name, _("At most %(most)s characters.") % {"most": LONGEST})
            return None
        return text or None

    def number(self, name: str) -> Decimal | None:
        """A plain decimal number. None: nothing was typed, or what was typed is none, which its box then says."""
        text = self.written(name)
        if text is None:
            return None
        if fault := not_a_number(text):
            self.blame(name, fault)
            return None
        return Decimal(text)

    def numbers(self, name: str) -> list[Decimal]:
        """Numbers with blanks, commas or semicolons between. Empty: none was typed, or its box says what is wrong."""
        text = unicodedata.normalize("NFKC", self.text(name)).strip()
        if len(text) > LONGEST_LIST:
            self.blame(name, _("At most %(most)s characters.") % {"most": LONGEST_LIST})
            return []
        parts = [part for part in BETWEEN.split(text) if part]
        for place, part in enumerate(parts, start=1):
            if fault := not_a_number(part):
                self.blame(name, _("Number %(n)s: %(fault)s") % {"n": place, "fault": fault})
                return []
        return [Decimal(part) for part in parts]

    def group(self, prefix: str, numbers: tuple[str, ...]) -> dict[str, Any]:
        """The numbers that were typed of a group, by their names in the contract."""
        read = {name: self.number(f"{prefix}-{name}") for name in numbers}
        return {name: value for name, value in read.items() if value is not None}

    def rows(self, prefix: str, most: int) -> Iterator[int]:
        """The places of rows in which anything was typed."""
        filled = {
            int(match[1])
            for name, value in self.values.items()
            if (match := re.fullmatch(rf"{prefix}-(\d{{1,3}})-[\w]+", name)) and str(value).strip()
        }
        yield from sorted(place for place in filled if place < most)


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of a form by their names."""

    form: TypedForm

    def __getitem__(self, name: str) -> TypedBox:
        name = name.replace("__", "-")
        return TypedBox(name=name, value=self.form.text(name), faults=tuple(self.form.faults.get(name, ())))


def counting_number(text: str) -> int | None:
    """A number of a version or a key that a form or an address sent back. None: no program of ours wrote that."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def not_a_number(text: str) -> str:
    """What is wrong with a text that is to be a number. Empty: nothing."""
    if NUMBER.fullmatch(text):
        return ""
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        return _("Write a decimal point instead of the comma, and no commas for thousands.")
    return _("“%(text)s” is not a number: digits and a decimal point alone, without a unit.") % {"text": text[:40]}
