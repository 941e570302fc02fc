"""A band is laid over the doses really given, and its parameters are learned from their outcomes: kept."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from grading.evidence.outcomes import OutcomePeriod, Outcomes, outcomes
from grading.evidence.predicted.courses import ParticipantCourse, courses_of, given_course
from grading.evidence.predicted.rows import rows_of
from grading.models import EvidenceFit, PredictedCourse
from grading.rules.evidence.dose_outcomes import DoseOutcome
from grading.safety.scope import ReviewScope
from regimens.blinding import Profile
from regimens.models import PredictedBand, Study
from regimens.rules.canonical import hash_of
from regimens.rules.reading import CaseError
from regimens.services.designed import POSTERIOR, BandInput, band_input

if TYPE_CHECKING:  # numpy: only where something is computed
    from regimens.design.adaptive.posterior import Posterior
    from regimens.design.adaptive.surface import Array
    from regimens.design.contract.posterior import Learning

NOT_SOLVED, NOT_READ = "not_solved", "not_read"
LAST_PERIOD_D = 14.0  # of the contract, where a step has no risk window


def whole_scope(study: Study) -> ReviewScope:
    """Everybody, told everything: what is computed of it is given to each reader as far as it is theirs."""
    people = tuple(study.participants.order_by("pk").values_list("pk", flat=True))
    return ReviewScope(
        study=study, profile=Profile.OPEN, participants=people, cohort=None, cohorts=(), is_whole=True,
        sees_people=True, sees_staff=True,
    )  # fmt: skip


def of_band(periods: Iterable[OutcomePeriod], band: PredictedBand) -> list[OutcomePeriod]:
    """All doses of those who were given one under this version: what was given before it is in their blood."""
    every = list(periods)
    people = {one.participant for one in every if one.regimen == band.designed.regimen_id}
    return [one for one in every if one.participant in people]


def basis_of(periods: Iterable[OutcomePeriod], band: PredictedBand) -> str:
    """Of what a fit depends on: the doses of whoever is under this version, and their outcomes."""
    facts = [
        (str(one.dose), one.regimen == band.designed.regimen_id, one.outcome(band.endpoint), one.rung, one.ended_at,
         one.window_ends_at, one.started_at, one.dose_mg, one.infusion_h, one.weight_kg)
        for one in of_band(periods, band)
    ]  # fmt: skip
    return hash_of({"fit": 1, "periods": sorted(facts, key=lambda fact: fact[0])})


def last_period_d(band: PredictedBand) -> float:
    return float(band.fields.get("last_period_d", LAST_PERIOD_D))


def refit_where_behind(*, engine: str, at: datetime) -> int:
    """How many were computed anew: those whose facts, or whose engine, are others than they were made of."""
    kept = {band: (basis, made) for band, basis, made in EvidenceFit.objects.values_list("band", "basis", "engine")}
    frozen = PredictedBand.objects.select_related("designed__regimen__study", "designed__version").order_by("pk")
    done = 0
    for band in frozen:
        seen = outcomes(whole_scope(band.designed.regimen.study), cut=None, at=at)
        if kept.get(band.pk) != (basis_of(seen.periods, band), engine):
            refit(band, seen, engine=engine)
            done += 1
    return done


def refit(band: PredictedBand, seen: Outcomes, *, engine: str) -> EvidenceFit:
    """Of these outcomes of the whole study. A course that has not changed is not solved again."""
    case = learning_of(band)
    if case is None:
        return _unread(band, seen, engine=engine)
    kept = {one.participant_id: one for one in PredictedCourse.objects.filter(band=band)}
    courses = courses_of(of_band(seen.periods, band), last_period_d=last_period_d(band))
    rows = [_predicted(case, band, one, kept.get(one.participant), engine=engine) for one in courses]
    mine = [one for one in seen.periods if one.regimen == band.designed.regimen_id]
    after = _learned(case, band, courses, rows)
    if after is not None:
        _foretell(case, band, rows, after)
    prior, posterior = (by_dose(courses, rows, which) for which in ("prior", "posterior"))
    laid = rows_of(mine, band.endpoint, prior=prior, posterior=posterior)
    fit = EvidenceFit(
        band=band, basis=basis_of(seen.periods, band), engine=engine, rows=[asdict(one) for one in laid],
        problem=NOT_SOLVED if after is None else "", computed_at=seen.cut,
        parameters={} if after is None else _parameters(case, after),
    )  # fmt: skip
    _keep(fit, rows)
    return fit


def _unread(band: PredictedBand, seen: Outcomes, *, engine: str) -> EvidenceFit:
    mine = [one for one in seen.periods if one.regimen == band.designed.regimen_id]
    fit = EvidenceFit(
        band=band, basis=basis_of(seen.periods, band), engine=engine, problem=NOT_READ, computed_at=seen.cut,
        rows=[asdict(one) for one in rows_of(mine, band.endpoint, prior={}, posterior={})],
    )  # fmt: skip
    _keep(fit, [])
    return fit


def learning_of(band: PredictedBand) -> "Learning | None":
    """What the band was drawn from. None: it was read when it was frozen, and this version of the program cannot."""
    from regimens.design.contract.posterior import read_posterior

    given = band_input(band.designed.version.contents)
    try:
        return read_posterior(dict(given.learning)) if isinstance(given, BandInput) else None
    except CaseError:
        return None


def _predicted(
    case: "Learning", band: PredictedBand, course: ParticipantCourse, kept: PredictedCourse | None, *, engine: str
) -> PredictedCourse:
    basis = hash_of([course.basis, band.pk, engine])
    if kept is not None and kept.basis == basis:
        return kept
    row = PredictedCourse(
        band=band, participant_id=course.participant, basis=basis, periods=len(course.periods), problem=course.problem
    )
    if not row.problem:
        solve(case, band, course, row)
    return row


def solve(case: "Learning", band: PredictedBand, course: ParticipantCourse, row: PredictedCourse) -> None:
    """Its hazards, and what the frozen draws say of them; or why there are none."""
    from regimens.design.observed.courses import probabilities, solved
    from regimens.design.observed.packing import packed

    try:
        surface = solved(case, given_course(course))
    except ArithmeticError:
        row.problem = NOT_SOLVED
    else:
        row.logs, row.prior = packed(surface.logs), packed(probabilities(surface, band.draws))


def _learned(
    case: "Learning", band: PredictedBand, courses: Sequence[ParticipantCourse], rows: Sequence[PredictedCourse]
) -> "Posterior | None":
    """None: it has no solution."""
    from regimens.design.observed.courses import learned_from
    from regimens.design.observed.packing import surface_in

    logs: list[Array] = []
    events: list[bool] = []
    for course, row in zip(courses, rows, strict=True):
        surface = None if row.problem else surface_in(bytes(row.logs), case.prior)
        for place, one in enumerate(course.periods if surface is not None else ()):
            outcome = one.outcome(band.endpoint)
            if surface is not None and outcome.is_known and one.regimen == band.designed.regimen_id:
                logs.append(surface.logs[place])
                events.append(outcome is DoseOutcome.EVENT)
    try:
        return learned_from(case, logs, events, with_data=band.taken_from == POSTERIOR)
    except ArithmeticError:
        return None


def _foretell(case: "Learning", band: PredictedBand, rows: Iterable[PredictedCourse], after: "Posterior") -> None:
    from regimens.design.adaptive.band import drawn_of_posterior
    from regimens.design.observed.courses import probabilities
    from regimens.design.observed.packing import packed, surface_in

    draws = drawn_of_posterior(after, band.seed)
    for row in rows:
        if not row.problem:
            row.posterior = packed(probabilities(surface_in(bytes(row.logs), case.prior), draws))


def _parameters(case: "Learning", after: "Posterior") -> dict[str, dict[str, list[float]]]:
    from regimens.design.observed.courses import parameters_of

    return parameters_of(case.prior, after)


def by_dose(courses: Iterable[ParticipantCourse], rows: Iterable[PredictedCourse], which: str) -> "dict[UUID, Array]":
    """`which`: prior or posterior. Without those that have none."""
    from regimens.design.observed.packing import draws_in

    p: dict[UUID, Array] = {}
    for course, row in zip(courses, rows, strict=True):
        data = bytes(getattr(row, which))
        if data:
            p |= zip((one.dose for one in course.periods), draws_in(data, row.periods), strict=True)
    return p


@transaction.atomic
def _keep(fit: EvidenceFit, rows: Sequence[PredictedCourse]) -> None:
    """All of it, or nothing. Two that compute at once write the same."""
    stale = PredictedCourse.objects.filter(band=fit.band_id)
    stale.exclude(participant__in=[one.participant_id for one in rows]).delete()
    PredictedCourse.objects.bulk_create(
        [PredictedCourse(**{name: getattr(one, name) for name in _COLUMNS}) for one in rows], update_conflicts=True,
        unique_fields=["band", "participant"],
        update_fields=["basis", "periods", "logs", "prior", "posterior", "problem"], batch_size=100,
    )  # fmt: skip
    columns = ("basis", "engine", "parameters", "rows", "problem", "computed_at")
    EvidenceFit.objects.update_or_create(band=fit.band, defaults={name: getattr(fit, name) for name in columns})


_COLUMNS = ("band_id", "participant_id", "basis", "periods", "logs", "prior", "posterior", "problem")
