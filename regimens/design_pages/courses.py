"""The typical person's course under a regimen, for a picture: concentration and tolerance over time."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from regimens.design import parameters
from regimens.design_pages.answers import KEPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """`ng_ml` of the concentration that acts. `tolerance` empty: there is no hazard, so none is told."""

    times_d: tuple[float, ...]
    ng_ml: tuple[float, ...]
    tolerance: tuple[float, ...] = ()


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


def course_of(comparison: Mapping[str, Any], regimen: Mapping[str, Any]) -> Course:
    """Up to the end of its last dose period, with the steps of a preview. Kept as answers are."""
    about = {name: value for name, value in comparison.items() if name != "regimens"}
    text = json.dumps([about, regimen["doses"]], default=float, sort_keys=True)
    return _course_of(text, parameters.engine_version())


@lru_cache(maxsize=KEPT)
def _course_of(text: str, engine: str) -> Course:
    from regimens.design import concentrations, doses, people  # numpy comes with them
    from regimens.design.kinetics import grid

    comparison, given_doses = json.loads(text)
    last = {name: comparison[name] for name in ("horizon_d", "last_period_d") if name in comparison}
    until_d = edges_of(given_doses, **last)[-1][1]
    drug = _drug(comparison)
    hazard = _hazard(comparison, drug)
    someone = people.typical(drug, people.Person(**_floats(comparison.get("patient", {}))), hazard)
    given = [doses.VirtualDose(**_floats(one)) for one in given_doses]
    curve = None if hazard is None else someone.curve(hazard)
    line = concentrations.line(drug, someone, given, until_d, curve, grid.PREVIEW)
    return Course(
        times_d=line.t_d, ng_ml=tuple(1000 * value for value in line.ug_ml), tolerance=line.tolerance or (),
    )  # fmt: skip


def _drug(comparison: Mapping[str, Any]) -> parameters.Drug:
    name = comparison.get("drug")
    return parameters.drug(name) if name else parameters.own_molecule(**_floats(comparison["pk"]))


def _hazard(comparison: Mapping[str, Any], drug: parameters.Drug) -> parameters.Hazard | None:
    given = comparison.get("hazard")
    return parameters.given_hazard(**_floats(given)) if given else drug.hazard


def _floats(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in values.items()}
