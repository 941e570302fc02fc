"""The middle and the ends of a list of hours. Pure; hours are decimals and stay it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class HoursSummary:
    """`n` hours. With an even number the median lies halfway between the two in the middle."""

    n: int
    median: Decimal
    least: Decimal
    most: Decimal


def summary_of(hours: Iterable[Decimal]) -> HoursSummary | None:
    """None: there is none."""
    ordered = sorted(hours)
    if not ordered:
        return None
    upper, lower = ordered[len(ordered) // 2], ordered[(len(ordered) - 1) // 2]
    return HoursSummary(n=len(ordered), median=(lower + upper) / 2, least=ordered[0], most=ordered[-1])
