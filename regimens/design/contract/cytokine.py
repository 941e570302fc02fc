"""`cytokine`: how a first dose primes the next ones. Only the fold of the first peak means anything to a user."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from regimens.design import cytokine
from regimens.design.contract.posterior import seed
from regimens.design.contract.reading import (
    CaseError,
    Reader,
    boolean,
    choice,
    contradicts,
    listed,
    positive,
    read_object,
    record,
    whole_within,
    within,
)
from regimens.design.contract.shared import MOST_DOSES
from regimens.design.cytokine import SETS, CytokineDose, Priming

MOST_H = 24_000  # 1,000 days
MOST_UG = 1e8
MOST_PATIENTS, MOST_THRESHOLDS = 100_000, 50
PASS_US, PERSON_US = 80, 0.13  # of a step, as measured

dose = record({"t_h": within(0, MOST_H), "ug": within(0, MOST_UG, above=True)}, CytokineDose, needs=("t_h", "ug"))
CYTOKINE: dict[str, Reader] = {
    "parameters": choice(*SETS),
    "doses": listed(dose, MOST_DOSES),
    "horizon_h": within(0, MOST_H, above=True),
    "accumulate": boolean,
    "priming": choice("per_dose", "constant"),
    "cells_per_ul": positive,
    "patients": whole_within(1, MOST_PATIENTS),
    "seed": seed,
    "thresholds": listed(positive, MOST_THRESHOLDS),
}
OF_PEOPLE = ("patients", "seed", "thresholds")  # a risk needs all three, and only GER21 has people


@dataclass(frozen=True, kw_only=True)
class CytokineCase:
    parameters: str
    doses: tuple[CytokineDose, ...]
    horizon_h: float
    accumulate: bool = True
    priming: Priming = "per_dose"
    cells_per_ul: float | None = None
    patients: int | None = None
    seed: int | None = None
    thresholds: tuple[float, ...] | None = None


def needs_people(values: Mapping[str, object]) -> str | None:
    """What a risk lacks, once one of its fields is given."""
    given = [values.get(name) is not None for name in OF_PEOPLE]
    return next((name for name, is_given in zip(OF_PEOPLE, given, strict=True) if any(given) and not is_given), None)


def read_cytokine(fields: object) -> CytokineCase:
    case = CytokineCase(**read_object(fields, CYTOKINE, needs=("parameters", "doses", "horizon_h", needs_people)))
    if not any(dose.t_h < case.horizon_h for dose in case.doses):
        raise contradicts("horizon_h", "comes before the first dose")
    if case.parameters == "GER21" and case.cells_per_ul is not None:
        raise contradicts("cells_per_ul", "is of VDV21 alone")
    if case.parameters == "VDV21" and case.patients is not None:
        raise contradicts("patients", "are of GER21 alone: no variability between people was largest for VDV21")
    return case


def size_cytokine(case: CytokineCase) -> int:
    return case.patients or 0


def work_cytokine(case: CytokineCase) -> float:
    """Microseconds of CPU, about."""
    release = cytokine.release_of(case.parameters)
    steps = cytokine.steps_of(release, case.doses, case.horizon_h)
    passes = 1 if case.patients is None else 2  # of the typical person, and of the others
    return steps * (passes * PASS_US + (case.patients or 0) * PERSON_US)


def answer_cytokine(case: CytokineCase, *, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    release = cytokine.release_of(case.parameters, 10.0 if case.cells_per_ul is None else case.cells_per_ul)
    largest = cytokine.peaks(release, case.doses, case.horizon_h, accumulate=case.accumulate, priming=case.priming)[
        :, 0
    ]
    if not largest[0] > 0:
        raise CaseError("out_of_range", "the first dose releases nothing that others could be compared with", "doses")
    return {
        "peaks": [float(peak) for peak in largest],
        "fold_of_first": [float(peak / largest[0]) for peak in largest],
        "p_crs": _risks(case, release, progress),
    }


def _risks(
    case: CytokineCase, release: cytokine.CytokineRelease, progress: Callable[[int, int], None] | None
) -> list[dict[str, float]] | None:
    """None: nobody asked for a risk."""
    if case.patients is None or case.seed is None or case.thresholds is None:
        return None
    largest = cytokine.crs_risks(
        release,
        case.doses,
        case.horizon_h,
        case.thresholds,
        patients=case.patients,
        seed=case.seed,
        accumulate=case.accumulate,
        priming=case.priming,
        progress=progress or _nobody,
    )
    return [{"threshold": threshold, "p": p} for threshold, p in zip(case.thresholds, largest, strict=True)]


def _nobody(done: int, of: int) -> None:
    """Nobody wants to know."""
