"""`exposure` and `risk`: what one typical person has of a drug, and how likely CRS is in each dose period."""

import math
from dataclasses import dataclass, field
from typing import Any

from regimens.design.concentrations import Line, half_life_d, line
from regimens.design.contract.parts.molecule import dose_periods, hazard_of
from regimens.design.contract.parts.work import steps_of
from regimens.design.contract.reading import Reader, contradicts, listed, read_object
from regimens.design.contract.shared import (
    LAST,
    MOLECULE,
    MOST_PERIODS,
    MOST_WINDOWS,
    NEEDS_MOLECULE,
    DoseAt,
    HazardGiven,
    OwnPk,
    PatientGiven,
    check_doses,
    check_molecule,
    check_periods,
    check_spans,
    doses,
    hazard,
    molecule_of,
    needs_hazard,
    patient,
    span,
)
from regimens.design.doses import DosePeriod, edges_of
from regimens.design.people import typical

GIVEN: dict[str, Reader] = {**MOLECULE, "patient": patient}
EXPOSURE: dict[str, Reader] = {**GIVEN, "doses": doses, "windows": listed(span, MOST_WINDOWS)}
RISK: dict[str, Reader] = {**GIVEN, "hazard": hazard, "doses": doses, **LAST, "periods": listed(span, MOST_PERIODS)}

Spans = tuple[tuple[float, float], ...]
Solved = tuple[dict[str, Any], Line]  # an answer, and the course that it is read off


@dataclass(frozen=True, kw_only=True)
class ExposureCase:
    doses: tuple[DoseAt, ...]
    windows: Spans
    drug: str | None = None
    pk: OwnPk | None = None
    patient: PatientGiven = field(default_factory=PatientGiven)


@dataclass(frozen=True, kw_only=True)
class RiskCase:
    """`periods`: one's own, in place of the dose periods."""

    doses: tuple[DoseAt, ...]
    drug: str | None = None
    pk: OwnPk | None = None
    patient: PatientGiven = field(default_factory=PatientGiven)
    hazard: HazardGiven | None = None
    horizon_d: float | None = None
    last_period_d: float | None = None
    periods: Spans | None = None


def read_exposure(fields: object) -> ExposureCase:
    case = ExposureCase(**read_object(fields, EXPOSURE, needs=(NEEDS_MOLECULE, "doses", "windows")))
    check_molecule(case.drug, case.pk, case.patient)
    check_doses(case.doses, case.drug, case.pk)
    check_spans(case.windows, "windows")
    return case


def work_exposure(case: ExposureCase) -> int:
    edges = sorted({0.0} | {edge for window in case.windows for edge in window})
    return steps_of(molecule_of(case.drug, case.pk), case.doses, edges)


def answer_exposure(case: ExposureCase) -> dict[str, Any]:
    return solved_exposure(case)[0]


def solved_exposure(case: ExposureCase) -> Solved:
    drug = molecule_of(case.drug, case.pk)
    person = typical(drug, case.patient)
    stops = sorted({0.0} | {edge for window in case.windows for edge in window})
    whole = line(drug, person, case.doses, stops, windows=case.windows)
    answer = {
        "concentration": "free" if drug.free else "total",
        "half_life_d": half_life_d(drug, person),
        "windows": [
            {
                "from_d": one.from_d,
                "to_d": one.to_d,
                "cmax_ng_ml": one.cmax_ng_ml,
                "tmax_d": one.tmax_d,
                "cavg_ng_ml": one.cavg_ng_ml,
                "ctrough_ng_ml": one.ctrough_ng_ml,
            }
            for one in whole.exposures
        ],
    }
    return answer, whole


def read_risk(fields: object) -> RiskCase:
    case = RiskCase(**read_object(fields, RISK, needs=(NEEDS_MOLECULE, needs_hazard, "doses")))
    check_molecule(case.drug, case.pk, case.patient, case.hazard)
    check_doses(case.doses, case.drug, case.pk)
    if case.periods is None:
        check_periods(case.doses, case.horizon_d)
    elif case.horizon_d is not None or case.last_period_d is not None:
        raise contradicts("periods", "and horizon_d or last_period_d both say where periods end")
    else:
        check_spans(case.periods, "periods")
    return case


def work_risk(case: RiskCase) -> int:
    return steps_of(molecule_of(case.drug, case.pk), case.doses, edges_of(periods_of_case(case)))


def answer_risk(case: RiskCase) -> dict[str, Any]:
    return solved_risk(case)[0]


def solved_risk(case: RiskCase) -> Solved:
    drug = molecule_of(case.drug, case.pk)
    law = hazard_of(drug, case.hazard)
    person = typical(drug, case.patient, law)
    periods = periods_of_case(case)
    edges = edges_of(periods)
    whole = line(drug, person, case.doses, edges, person.curve(law))
    between = [float(area * law.smax * person.smax_times[0]) for area in whole.areas]
    place = {edge: at for at, edge in enumerate(edges)}

    def hazard_from(start: float, end: float) -> float:
        return math.fsum(between[place[start] : place[end]])

    answer = {
        "endpoint": law.endpoint,
        "periods": [
            {"from_d": start, "to_d": end, "hazard": hazard_from(start, end), "p": p_of(hazard_from(start, end))}
            for start, end in periods
        ],
        "p_total": p_of(hazard_from(edges[0], edges[-1])),
    }
    return answer, whole


def periods_of_case(case: RiskCase) -> list[DosePeriod]:
    """One's own, or those of the doses."""
    if case.periods is not None:
        return own_periods(case.periods)
    return dose_periods(case.doses, case.horizon_d, case.last_period_d)


def own_periods(spans: Spans) -> list[DosePeriod]:
    return [DosePeriod(*one) for one in spans]


def p_of(hazard: float) -> float:
    """The probability of at least one event."""
    return -math.expm1(-hazard)
