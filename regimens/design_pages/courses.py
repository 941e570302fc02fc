"""The typical person under a regimen: the contract's answer with the course that it is read off, for a picture."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from regimens.design.contract import kinds
from regimens.design_pages.answers import KEPT

MOST_WORK = 3_000  # steps in time of all regimens of a page, as the contract counts them: some 0.3 s of CPU


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`ng_ml` of the concentration that acts. `tolerance` empty: there is no hazard, so none is told."""

    times_d: tuple[float, ...]
    ng_ml: tuple[float, ...]
    tolerance: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Followed:
    """The answer of `risk` or `exposure`, not to be changed, and its course: of one solution."""

    answer: Mapping[str, Any]
    course: Course


def dose_times(doses: Sequence[Mapping[str, Any]]) -> tuple[float, ...]:
    return tuple(sorted({float(one["t_d"]) for one in doses}))


def edges_of(
    doses: Sequence[Mapping[str, Any]], horizon_d: float | None = None, last_period_d: float | None = None
) -> list[list[float]]:
    """The dose periods of a regimen, as windows of the contract."""
    from regimens.design import doses as module  # numpy comes with it: not before somebody asks

    last = {} if last_period_d is None else {"last_period_d": float(last_period_d)}
    horizon = None if horizon_d is None else float(horizon_d)
    return [[one.from_d, one.to_d] for one in module.periods_of(dose_times(doses), horizon, **last)]


def is_too_large(kind: str, cases: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these together are more than a page computes. Raises CaseError where the contract refuses one."""
    work_of = getattr(kinds.module_of(kind), f"work_{kind}")
    work: int = sum(work_of(kinds.read(kind, json.loads(_text(one)))) for one in cases)
    return work > MOST_WORK


def followed(kind: str, fields: Mapping[str, Any]) -> Followed:
    """Kept as answers are. Raises the contract's CaseError."""
    return _followed(kind, _text(fields), kinds.engine())


def _text(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, default=float, sort_keys=True)


@lru_cache(maxsize=KEPT)
def _followed(kind: str, text: str, engine: str) -> Followed:
    answer, line = kinds.solved(kind, json.loads(text))
    course = Course(times_d=line.t_d, ng_ml=tuple(1000 * value for value in line.ug_ml), tolerance=line.tolerance or ())
    return Followed(answer, course)
