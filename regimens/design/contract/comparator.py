"""`comparator`: the table of a BOIN design, or the skeleton of a CRM."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regimens.design.adaptive.comparators import Boin, crm_skeleton
from regimens.design.contract.reading import (
    CaseError,
    Reader,
    choice,
    contradicts,
    count,
    listed,
    read_object,
    whole_within,
    within,
)

MOST_COUNTS = 10_000
MOST_LEVELS = 100

design = choice("boin", "crm_skeleton")
share = within(0, 1, above=True, below=True)
BOIN: dict[str, Reader] = {
    "design": design,
    "target": share,
    "safe": share,
    "toxic": share,
    "n": listed(count, MOST_COUNTS),
}
SKELETON: dict[str, Reader] = {
    "design": design,
    "target": share,
    "halfwidth": share,
    "level": whole_within(1, MOST_LEVELS),
    "levels": whole_within(1, MOST_LEVELS),
}


@dataclass(frozen=True, kw_only=True)
class BoinTable:
    boin: Boin
    n: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Skeleton:
    target: float
    halfwidth: float
    level: int
    levels: int


def read_comparator(fields: object) -> BoinTable | Skeleton:
    """Which design decides which fields there are."""
    given = fields.get("design") if isinstance(fields, Mapping) else None
    if isinstance(given, str) and given in READ:
        return READ[given](fields)
    read_object(fields, BOIN | SKELETON, needs=("design",))
    raise AssertionError("every design that is read has a row")


def _boin(fields: object) -> BoinTable:
    read = read_object(fields, BOIN, needs=("design", "target", "n"))
    target: float = read["target"]
    usual = Boin.of(target)
    boin = Boin(target=target, safe=read.get("safe", usual.safe), toxic=read.get("toxic", usual.toxic))
    if boin.toxic >= 1:
        raise CaseError("out_of_range", "toxic is below 1; where absent it is 1.4 times the target", "toxic")
    if boin.safe >= target:
        raise contradicts("safe", "is below the target")
    if boin.toxic <= target:
        raise contradicts("toxic", "is above the target")
    return BoinTable(boin=boin, n=read["n"])


def _skeleton(fields: object) -> Skeleton:
    read = read_object(fields, SKELETON, needs=tuple(SKELETON))
    case = Skeleton(**{name: value for name, value in read.items() if name != "design"})
    if not case.halfwidth < min(case.target, 1 - case.target):
        raise contradicts("halfwidth", "reaches from the target to 0 or to 1")
    if case.level > case.levels:
        raise contradicts("level", "is above the number of levels")
    return case


READ: dict[str, Callable[[object], BoinTable | Skeleton]] = {"boin": _boin, "crm_skeleton": _skeleton}


def answer_comparator(case: BoinTable | Skeleton) -> dict[str, Any]:
    if isinstance(case, Skeleton):
        skeleton = crm_skeleton(target=case.target, halfwidth=case.halfwidth, level=case.level, levels=case.levels)
        return {"skeleton": skeleton}
    boin = case.boin
    return {
        "lambda_e": boin.lambda_e,
        "lambda_d": boin.lambda_d,
        "table": [
            {
                "n": n,
                "escalate_at_most": boin.escalate_at_most(n),
                "deescalate_at_least": boin.deescalate_at_least(n),
                "eliminate_at_least": boin.eliminate_at_least(n),
            }
            for n in case.n
        ],
    }
