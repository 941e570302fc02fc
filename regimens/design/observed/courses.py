"""Doses as they were really given: the risk of each dose period, and what its outcomes leave of a prior. Pure.

Of a course the hazard at SMAX 1 is solved once, at the nodes of the prior; everything else interpolates it. A period
without an event weighs by its hazard alone, so that all of them are one column: the sum of their areas.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from regimens.design.adaptive.points import Counts, Points, log_of_event, points_for
from regimens.design.adaptive.posterior import Posterior
from regimens.design.adaptive.schedules import Molecule, Schedule, surface_of
from regimens.design.adaptive.surface import SMALLEST, Array, Belief, Prior, Surface
from regimens.design.contract.posterior import Learning, counts_of, driven_by, schedules_of
from regimens.design.contract.shared import PatientGiven, molecule_of
from regimens.design.doses import DosePeriod, VirtualDose
from regimens.design.people import typical


@dataclass(frozen=True, kw_only=True)
class GivenCourse:
    """One participant's doses, in days since the first, and the dose periods that are asked about.

    `weight_kg` None: as the drug's reference person.
    """

    doses: tuple[VirtualDose, ...]
    periods: tuple[DosePeriod, ...]
    weight_kg: float | None

    @property
    def key(self) -> str:
        """Two with the same have the same risk."""
        return repr((self.doses, self.periods, self.weight_kg))


def solved(case: Learning, course: GivenCourse) -> Surface:
    """The hazard of each period at SMAX 1, at the nodes of the prior. FloatingPointError where it has no value."""
    drug = molecule_of(case.drug, case.pk)
    patient = PatientGiven(weight_kg=course.weight_kg, age_y=case.patient.age_y, female=case.patient.female)
    person = typical(drug, patient)
    molecule = Molecule(
        key="", drug=drug, typical=person, blocks=[person], i50_over_s50=case.i50_over_s50, hill=case.hill
    )
    schedule = Schedule(name="", doses=course.doses, periods=course.periods)
    surface = Surface.of(case.prior._replace(ln_smax=Belief(0.0, 1.0)), molecule.areas(schedule))
    if not np.isfinite(surface.logs).all():
        raise FloatingPointError("a course has no solution")
    return surface


def probabilities(surface: Surface, draws: ArrayLike) -> Array:
    """Of at least one event: periods x draws. `draws`: rows of ln SMAX, ln S50, ln Kin."""
    ln_smax, ln_s50, ln_kin = np.asarray(draws, dtype=float).T
    p: Array = -np.expm1(-np.exp(ln_smax + surface.along(ln_s50, ln_kin)))
    return p


def learned_from(case: Learning, logs: Sequence[Array], events: Sequence[bool], *, with_data: bool) -> Posterior:
    """What these dose periods leave of the prior. `logs`: of each, at the nodes; `with_data`: the case's counts too.

    FloatingPointError where no point of the prior can be computed.
    """
    surface, known = _of_design(case) if with_data else (None, Counts())
    ln_s50, ln_kin = Surface.axes(case.prior)
    before = np.empty((0, len(ln_s50), len(ln_kin))) if surface is None else surface.logs[list(known.columns)]
    surface = Surface(ln_s50, ln_kin, np.concatenate([before, *_stacked(logs, events)]))
    had = sum(events)
    n = (*known.n, *(1,) * had, *(1,) * (had < len(events)))
    counts = Counts(tuple(range(len(n))), n, (*known.events, *(1,) * had, *(0,) * (had < len(events))))
    points = points_for(case.prior, surface, counts)
    return Posterior(points, _weights(points, counts))


def _of_design(case: Learning) -> tuple[Surface, Counts]:
    """The dose periods as planned there, and what the design itself was given of them."""
    schedules = schedules_of(case)
    surface, columns = surface_of(case.prior, driven_by(case), schedules)
    return surface, counts_of(case.data, schedules, columns)


def _stacked(logs: Sequence[Array], events: Sequence[bool]) -> Iterable[Array]:
    """A column for each event, then one for all that had none."""
    with_event = [one for one, event in zip(logs, events, strict=True) if event]
    without = [one for one, event in zip(logs, events, strict=True) if not event]
    if with_event:
        yield np.array(with_event)
    if without:
        yield np.log(np.maximum(sum(np.exp(one) for one in without), SMALLEST))[None]


def _weights(points: Points, counts: Counts) -> Array:
    """Column by column: there may be hundreds."""
    logs = points.log_prior.copy()
    for column, n, events in zip(*counts, strict=True):
        hazards = np.exp(points.logs[column][:, None] + points.ln_smax)
        if events:
            logs += events * log_of_event(hazards)
        if n > events:
            logs -= (n - events) * hazards
    weights = np.exp(logs - logs.max())
    result: Array = weights / weights.sum()
    return result


def parameters_of(prior: Prior, posterior: Posterior) -> dict[str, dict[str, list[float]]]:
    """Means and standard deviations of the logarithms, before and after."""
    return {
        name: {"prior": list(before), "posterior": list(now)}
        for name, before, now in zip(Prior._fields, prior, posterior.parameters(), strict=True)
    }
