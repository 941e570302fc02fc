"""One typical person under each regimen: exposure and probability by dose period, at once while somebody types."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from regimens.charts.curves import CurveChart, Series, curve_chart
from regimens.design.contract.comparison import has_hazard
from regimens.design_pages.answers import answered
from regimens.design_pages.courses import Course, dose_times, edges_of, followed, is_too_large
from regimens.design_pages.layers import LayeredCell, TrialPage
from regimens.rules.reading import CaseError

CYTOKINE_MOST_H = 24_000  # of the contract
SHARED = ("drug", "pk", "patient")
LAST = ("horizon_d", "last_period_d")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureRow:
    """A dose period of one regimen. Concentrations in ng/mL."""

    number: int
    from_d: float
    to_d: float
    cmax: float
    tmax_d: float
    cavg: float
    ctrough: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenExposure:
    name: str
    rows: tuple[ExposureRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposurePage:
    """`concentration`: free or total. `half_life_d` None: the PK is not linear and constant."""

    regimens: tuple[RegimenExposure, ...]
    charts: tuple[CurveChart, CurveChart]
    concentration: str
    half_life_d: float | None
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalCell:
    """`difference`: from the first regimen in its dose period of this number. None: it has none, or is the first.

    `laid`: the mean and its layers of a finished run, laid beside. None: there is none of what is on the page.
    """

    from_d: float
    to_d: float
    p: float
    difference: float | None
    laid: LayeredCell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalPage:
    """`rows`: by dose period, a cell a regimen; None: the regimen has no such period. `charts`: concentration, then
    tolerance. `folds`: of the first cytokine peak, by regimen and dose; empty: not asked for.
    """

    names: tuple[str, ...]
    rows: tuple[tuple[int, tuple[TypicalCell | None, ...]], ...]
    total: tuple[TypicalCell, ...]
    endpoint: str
    charts: tuple[CurveChart, ...]
    folds: tuple[tuple[str, tuple[float, ...]], ...]
    engine: str

    @property
    def points(self) -> dict[tuple[int, str], float]:
        """By dose period (0: all of them) and regimen, for a chart of a run."""
        numbered = [*self.rows, (0, self.total)]
        return {
            (number, name): cell.p
            for number, cells in numbered
            for name, cell in zip(self.names, cells, strict=True)
            if cell is not None
        }

    def beside(self, trial: TrialPage) -> "TypicalPage":
        """The same with a run's layers in each cell, never in place of the typical person."""
        laid = dict(trial.rows)
        rows = tuple((number, _laid(cells, laid[number])) for number, cells in self.rows)
        total = tuple(one for one in _laid(self.total, laid[0]) if one is not None)
        return replace(self, rows=rows, total=total)


def exposure_page(comparison: Mapping[str, Any]) -> ExposurePage | None:
    """None: there is more than a page computes. Raises CaseError where the contract refuses."""
    cases = [
        _taken(comparison, SHARED)
        | {"doses": one["doses"], "windows": edges_of(one["doses"], **_taken(comparison, LAST))}
        for one in comparison["regimens"]
    ]
    if is_too_large("exposure", cases):
        return None
    solved = [followed("exposure", case) for case in cases]
    given = solved[-1].answer
    series = _concentrations(comparison, [one.course for one in solved])
    return ExposurePage(
        regimens=tuple(
            RegimenExposure(name=regimen["name"], rows=_exposure_rows(one.answer))
            for regimen, one in zip(comparison["regimens"], solved, strict=True)
        ),
        charts=(curve_chart(series), curve_chart(series, log=True)),
        concentration=given["concentration"], half_life_d=given["half_life_d"], engine=given["engine"],
    )  # fmt: skip


def _exposure_rows(answer: Mapping[str, Any]) -> tuple[ExposureRow, ...]:
    return tuple(
        ExposureRow(
            number=number, from_d=one["from_d"], to_d=one["to_d"], cmax=one["cmax_ng_ml"], tmax_d=one["tmax_d"],
            cavg=one["cavg_ng_ml"], ctrough=one["ctrough_ng_ml"],
        )
        for number, one in enumerate(answer["windows"], start=1)
    )  # fmt: skip


def typical_page(comparison: Mapping[str, Any], *, folds: bool = False) -> TypicalPage | None:
    """None: there is no hazard, so nothing is told of CRS, or more than a page computes. Raises CaseError where the
    contract refuses. `folds`: of the first cytokine peak, which cost as much again, are asked for.
    """
    if not has_hazard(comparison):
        return None
    shared = _taken(comparison, (*SHARED, "hazard", *LAST))
    regimens = comparison["regimens"]
    cases = [shared | {"doses": one["doses"]} for one in regimens]
    if is_too_large("risk", cases):
        return None
    solved = [followed("risk", case) for case in cases]
    answers, courses = [one.answer for one in solved], [one.course for one in solved]
    most = max(len(one["periods"]) for one in answers)
    return TypicalPage(
        names=tuple(one["name"] for one in regimens),
        rows=tuple(
            (number + 1, tuple(_cell(answers, at, number) for at in range(len(answers)))) for number in range(most)
        ),
        total=tuple(_total(answers, at) for at in range(len(answers))),
        folds=tuple((one["name"], _folds(comparison, one)) for one in regimens) if folds else (),
        endpoint=answers[0]["endpoint"], engine=answers[0]["engine"],
        charts=(
            curve_chart(_concentrations(comparison, courses), log=True),
            curve_chart(_tolerances(comparison, courses), top=1.0),
        ),
    )  # fmt: skip


def _laid(cells: Sequence[TypicalCell | None], laid: Sequence[LayeredCell | None]) -> tuple[TypicalCell | None, ...]:
    return tuple(None if cell is None else replace(cell, laid=layers) for cell, layers in zip(cells, laid, strict=True))


def _taken(comparison: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: comparison[name] for name in names if name in comparison}


def _cell(answers: Sequence[Mapping[str, Any]], at: int, number: int) -> TypicalCell | None:
    periods = answers[at]["periods"]
    if number >= len(periods):
        return None
    first, one = answers[0]["periods"], periods[number]
    difference = one["p"] - first[number]["p"] if at and number < len(first) else None
    return TypicalCell(from_d=one["from_d"], to_d=one["to_d"], p=one["p"], difference=difference)


def _total(answers: Sequence[Mapping[str, Any]], at: int) -> TypicalCell:
    periods, p = answers[at]["periods"], answers[at]["p_total"]
    return TypicalCell(
        from_d=periods[0]["from_d"], to_d=periods[-1]["to_d"], p=p,
        difference=p - answers[0]["p_total"] if at else None,
    )  # fmt: skip


def _concentrations(comparison: Mapping[str, Any], courses: Sequence[Course]) -> list[Series]:
    return [
        Series(name=regimen["name"], times_d=course.times_d, values=course.ng_ml, doses_d=dose_times(regimen["doses"]))
        for regimen, course in zip(comparison["regimens"], courses, strict=True)
    ]


def _tolerances(comparison: Mapping[str, Any], courses: Sequence[Course]) -> list[Series]:
    return [
        Series(
            name=regimen["name"], times_d=course.times_d, values=course.tolerance, doses_d=dose_times(regimen["doses"])
        )
        for regimen, course in zip(comparison["regimens"], courses, strict=True)
    ]


def _folds(comparison: Mapping[str, Any], regimen: Mapping[str, Any]) -> tuple[float, ...]:
    """Peaks of the cytokine model over the first one: its scale and PK are its own. Empty: out of range."""
    weight = float(comparison.get("patient", {}).get("weight_kg") or 70)
    doses = [
        {"t_h": 24 * float(one["t_d"]), "ug": 1000 * float(one.get("mg") or float(one["mg_per_kg"]) * weight)}
        for one in regimen["doses"]
    ]
    horizon_h = min(max(one["t_h"] for one in doses) + 7 * 24, CYTOKINE_MOST_H)
    try:
        given = answered("cytokine", {"parameters": "VDV21", "doses": doses, "horizon_h": horizon_h})
    except CaseError:
        return ()
    return tuple(given["fold_of_first"])
