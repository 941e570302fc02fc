"""A study's dose periods laid over what was predicted when each of its designed versions came into force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.evidence.outcomes import OutcomePeriod, Outcomes
from grading.evidence.predicted.courses import ParticipantCourse, courses_of
from grading.evidence.predicted.fitting import basis_of, by_dose, last_period_d, learning_of, of_band, solve
from grading.evidence.predicted.rows import Foretold, PredictedRow, rows_of
from grading.models import EvidenceFit, PredictedCourse
from regimens.models import PredictedBand
from regimens.rules.canonical import hash_of

AT_ONCE = 20  # courses that a reader waits for: entered since the last computation, or as they were at a cut


@dataclass(frozen=True, slots=True, kw_only=True)
class BandEvidence:
    """Of one designed version. `rows`: of each rung and dose; `total`: of all of them.

    `computed_at` None: not yet. `is_behind`: facts or engine are others than then; None: the reader does not see the
    whole study, or asks of an earlier cut, and cannot tell. `parameters`: of the whole study at `computed_at`; empty:
    none, and `problem` says why, if it is not that nothing was computed. `waiting`: participants without a prediction
    so far.
    """

    regimen: int
    version: int
    taken_from: str
    endpoint: str
    engine: str
    frozen_at: datetime
    draws: int
    computed_at: datetime | None
    is_behind: bool | None
    problem: str
    parameters: dict[str, dict[str, list[float]]]
    waiting: int
    rows: tuple[PredictedRow, ...]
    total: PredictedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`bands`: in the order in which they were frozen. Empty: none was, or the reader is not told doses."""

    seen: Outcomes
    bands: tuple[BandEvidence, ...]


def evidence_of(seen: Outcomes, periods: Sequence[OutcomePeriod] | None = None) -> Evidence:
    """Of these outcomes, or of those `periods` of them that a reader chose."""
    if not seen.scope.tells_doses:
        return Evidence(seen=seen, bands=())
    frozen = PredictedBand.objects.filter(designed__regimen__study=seen.scope.study)
    chosen = seen.periods if periods is None else tuple(periods)
    return Evidence(
        seen=seen,
        bands=tuple(
            _of(band, seen, chosen) for band in frozen.select_related("designed__version", "fit").order_by("at", "pk")
        ),
    )


def _of(band: PredictedBand, seen: Outcomes, chosen: Sequence[OutcomePeriod]) -> BandEvidence:
    fit: EvidenceFit | None = getattr(band, "fit", None)
    later = fit is not None and fit.computed_at > seen.cut
    basis = basis_of(seen.periods, band)
    behind = None if later or not seen.scope.is_whole else fit is None or fit.basis != basis
    mine = [one for one in chosen if one.regimen == band.designed.regimen_id]
    whole = fit is not None and fit.basis == basis and len(mine) == sum(row["given"] for row in fit.rows[-1:])
    waiting = 0
    if whole and fit is not None:
        rows = [_row(one) for one in fit.rows]
    else:
        rows, waiting = _laid(band, seen, mine, fit, with_posterior=not later)
    return BandEvidence(
        regimen=band.designed.regimen_id, version=band.designed.version_id, taken_from=band.taken_from,
        endpoint=band.endpoint, engine=band.engine, frozen_at=band.at, draws=len(band.draws), waiting=waiting,
        computed_at=None if fit is None else fit.computed_at, is_behind=behind,
        problem="" if fit is None else fit.problem,
        parameters={} if fit is None or later else fit.parameters, rows=tuple(rows[:-1]), total=rows[-1],
    )  # fmt: skip


def _laid(
    band: PredictedBand, seen: Outcomes, mine: Sequence[OutcomePeriod], fit: EvidenceFit | None, *, with_posterior: bool
) -> tuple[list[PredictedRow], int]:
    """With what is kept of courses that are as they were; a few others are solved at once, without a posterior."""
    courses = courses_of(of_band(seen.periods, band), last_period_d=last_period_d(band))
    kept = {one.participant_id: one for one in PredictedCourse.objects.filter(band=band).defer("logs")}
    rows, waiting = [], 0
    others = [one for one in courses if not _is_kept(one, kept.get(one.participant), band, fit)]
    case = learning_of(band) if 0 < len(others) <= AT_ONCE else None
    for course in courses:
        row = kept.get(course.participant)
        if row is None or not _is_kept(course, row, band, fit):
            row = PredictedCourse(band=band, periods=len(course.periods), problem=course.problem)
            if case is not None and not row.problem:
                solve(case, band, course, row)
            waiting += case is None and not row.problem
        rows.append(row)
    prior = by_dose(courses, rows, "prior")
    posterior = by_dose(courses, rows, "posterior") if with_posterior else {}
    return rows_of(mine, band.endpoint, prior=prior, posterior=posterior), waiting


def _is_kept(
    course: ParticipantCourse, row: PredictedCourse | None, band: PredictedBand, fit: EvidenceFit | None
) -> bool:
    return row is not None and fit is not None and row.basis == hash_of([course.basis, band.pk, fit.engine])


def _row(content: dict[str, Any]) -> PredictedRow:
    """As it was kept."""
    laid = {name: None if content[name] is None else _foretold(content[name]) for name in ("prior", "posterior")}
    return PredictedRow(**content | laid)


def _foretold(content: dict[str, Any]) -> Foretold:
    low, high = content["interval"]
    least, most = content["mean_interval"]
    means = tuple(content["means"])
    return Foretold(**content | {"interval": (low, high), "mean_interval": (least, most), "means": means})
