"""The evidence rule: from which dose on every listed one is supported without a model. Pure, standard library.

Of a limit on a proportion, P(p < limit) under Beta(x + 1/2, n - x + 1/2) must reach a confidence (adaptive.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from regimens.rules.proportions.intervals import Proportion, proportion


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRule:
    """P(any < `any_below`) >= `any_confidence`, and the same of grade 2 and above. The defaults are assumptions."""

    any_below: float = 0.10
    any_confidence: float = 0.90
    grade2_below: float = 0.05
    grade2_confidence: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """x of n people, and how sure it is that the proportion is below a limit."""

    of: Proportion
    p_below: float
    reaches: bool


def counted(x: int | None, n: int, below: float, confidence: float) -> Counted | None:
    """None: not known, or of nobody."""
    of = None if x is None else proportion(x, n)
    if of is None:
        return None
    p_below = min(max(of.chance_below(below), 0.0), 1.0)
    return Counted(of=of, p_below=p_below, reaches=p_below >= confidence)


def supported(*counts: Counted | None) -> bool | None:
    """False: a known count does not reach its confidence. None: none of these, and one is not known."""
    if any(one is not None and not one.reaches for one in counts):
        return False
    return None if None in counts else True


def first_supported(supports: Sequence[bool | None]) -> int | None:
    """The first place from which every one is supported. None: not even the last is."""
    unsupported = [at for at, one in enumerate(supports) if one is not True]
    first = unsupported[-1] + 1 if unsupported else 0
    return first if first < len(supports) else None
