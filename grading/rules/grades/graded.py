"""What a grade is: the attainable grades of what was seen, with reasons, each known by its rule.

Every element of a grade (fever, pressure, oxygen, a neurological domain) is the set of values it could
have; what nobody looked at has more than one (C10). A grade is given only where every combination agrees.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from grading.rules.grades.catalogue import RULES

CRITERIA = "ASTCT 2019"  # Lee DW et al., Biol Blood Marrow Transplant 2019;25:625-638
VERSION = "1.0.0"
INDETERMINATE = -1
DEATH = 5


class Kind(StrEnum):
    CRS = "crs"
    ICANS = "icans"
    ICANS_PED = "icans_ped"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why. `text` is English; pages translate by code and values."""

    code: str
    text: str
    values: tuple[tuple[str, str], ...] = ()


class Graded(NamedTuple):  # made in half the time of a frozen dataclass, by the million
    """The grade, or -1 where more than one is attainable; `at_least` and `at_most` bound it either way.

    `missing` names what nobody looked at where that leaves its element with more than one value,
    even when another element decides the grade.
    """

    grade: int
    at_least: int
    at_most: int
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()

    @property
    def is_definite(self) -> bool:
        return self.grade != INDETERMINATE


def flagged(graded: Graded, flag: str) -> Graded:
    """With this flag before its others."""
    grade, least, most, reasons, missing, flags = graded
    return Graded(grade, least, most, reasons, missing, (flag, *flags))


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """The grades one element could stand for, and why. `notes` are told even when they decide nothing.

    Each is itself only (eq=False), so that what follows from several can be remembered by them cheaply.
    """

    grades: frozenset[int]
    reasons: tuple[Reason, ...] = ()
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    notes: tuple[Reason, ...] = ()


ABSENT = Element(frozenset({0}))
REMEMBERED = 4096  # elements, each by the words it was made of


PLAIN = {code: Reason(code, rule.text) for code, rule in RULES.items()}


def reason(code: str, **values: object) -> Reason:
    """A reason of the catalogue; a code that is not in it is a programming error (KeyError)."""
    if not values:
        return PLAIN[code]
    return _reason(code, tuple([(name, str(value)) for name, value in values.items()]))


# As text: 38 and 38.0 are equal, and told as they were typed. Cases by the thousand share their values.
@lru_cache(maxsize=REMEMBERED)
def _reason(code: str, values: tuple[tuple[str, str], ...]) -> Reason:
    return Reason(code, RULES[code].text.format(**dict(values)), values)


@cache  # of the few sets of grades there are
def worse_of(one: frozenset[int], other: frozenset[int]) -> frozenset[int]:
    """Every maximum attainable over all combinations of the two elements' values (C7, N7)."""
    return frozenset(max(a, b) for a in one for b in other)


def graded_from(
    attainable: frozenset[int],
    *,
    reasons: tuple[Reason, ...],
    missing: tuple[str, ...] = (),
    flags: tuple[str, ...] = (),
) -> Graded:
    grade, least, most = bounds(attainable)
    return Graded(
        grade=grade,
        at_least=least,
        at_most=most,
        reasons=reasons,
        missing=missing,
        flags=flags,
    )


@cache  # as above
def bounds(attainable: frozenset[int]) -> tuple[int, int, int]:
    """The grade, the least and the most of those that are attainable."""
    least, most = min(attainable), max(attainable)
    return least if least == most else INDETERMINATE, least, most
