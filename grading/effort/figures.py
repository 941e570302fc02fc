"""Pure: counts as a page posts them, and how they are spread. The standard library alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import median, quantiles

MOST = 999  # taps and the like of one entry; a page that says more is not believed
LONGEST_S = 1800  # seconds; a form that was open for longer lay there
# From opening to saving. VitalPAC: Prytherch et al. 2006, classroom; SEND: Wong et al. 2017, with measuring.
VITALPAC_S, SEND_S = 43, 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    taps: int
    corrections: int
    retypes: int


def read_counts(text: str) -> Counts | None:
    """`taps,corrections,retypes` as the script of the form writes it. None: anything else, or more than can be."""
    parts = text.split(",")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
        return None
    taps, corrections, retypes = map(int, parts)
    return Counts(taps=taps, corrections=corrections, retypes=retypes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """`low` and `high`: the quartiles. Of one value all three are it."""

    count: int
    low: Decimal
    median: Decimal
    high: Decimal


def spread_of(values: Iterable[int | None]) -> Spread | None:
    """None where there is nothing: "nobody counted" is not 0."""
    known = [Decimal(value) for value in values if value is not None]
    if not known:
        return None
    low, _middle, high = quantiles(known, n=4, method="inclusive") if len(known) > 1 else known * 3
    return Spread(count=len(known), low=low, median=median(known), high=high)
