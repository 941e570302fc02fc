"""Regimens as the posterior sees them: dose periods whose hazards the engine solves over S50 and Kin."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from regimens.design.adaptive.surface import Areas, Array, Belief, Prior, Surface
from regimens.design.concentrations import areas, value_ug_d_ml
from regimens.design.doses import DoseGiven, DosePeriod, edges_of
from regimens.design.hazard import HazardCurve
from regimens.design.kinetics import grid
from regimens.design.parameters import Drug
from regimens.design.people import People, Population, drawn

AT_ONCE = 8  # people solved together, each over all points
KEPT = 64  # regimens whose surfaces are kept, at most 100 kB each: the same ones are asked again and again


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A regimen: `name` is its own among those compared."""

    name: str
    doses: Sequence[DoseGiven]
    periods: Sequence[DosePeriod]

    @property
    def key(self) -> str:
        """Two with the same are the same, whatever their names and the order of their doses."""
        return repr((sorted(repr(dose) for dose in self.doses), list(self.periods)))

    def largest_mg(self, weight_kg: float) -> float:
        """The largest amount of one time; doses of one time add up."""
        given: dict[float, float] = {}
        for dose in self.doses:
            mg = (dose.mg or 0.0) + (dose.mg_per_kg or 0.0) * weight_kg
            given[dose.t_d] = given.get(dose.t_d, 0.0) + mg
        return max(given.values())


@dataclass(frozen=True, kw_only=True)
class Molecule:
    """Whose concentration drives the hazard, in whom, and what of the hazard is not learned.

    `key`: two with the same text are the same. `typical`: the person whose exposure a rung is worth. `blocks`: the
    people over whom a hazard is averaged.
    """

    key: str
    drug: Drug
    typical: People
    blocks: Sequence[People]
    i50_over_s50: float
    hill: float

    def areas(self, schedule: Schedule) -> Areas:
        """The cumulative hazard at SMAX 1 of each dose period: the mean over the people."""
        edges = edges_of(schedule.periods)
        count = sum(people.count for people in self.blocks)

        def solved(s50: Array, kin: Array) -> Array:
            curve = HazardCurve(
                s50=s50[:, None], kin=kin[:, None], i50=self.i50_over_s50 * s50[:, None], hill=self.hill
            )
            total = np.zeros((len(edges) - 1, len(s50)))
            for people in self.blocks:
                total += areas(self.drug, people, schedule.doses, edges, curve, grid.PREVIEW).sum(axis=-1)
            mean: Array = total.T / count
            return mean

        return solved

    def worth_ug_d_ml(self, schedule: Schedule, until_d: float) -> float:
        return _worth(_Asked(repr((self.key, schedule.key)), self, schedule), until_d)

    def surface(self, prior: Prior, schedule: Schedule) -> Surface:
        anywhere = prior._replace(ln_smax=Belief(0.0, 1.0))  # a surface is at SMAX 1, whatever is believed of it
        return _surface(_Asked(repr((self.key, schedule.key)), self, schedule), anywhere)


@dataclass(frozen=True)
class _Asked:
    """What is computed once: `key` says all that the result depends on."""

    key: str
    molecule: Molecule = field(compare=False)
    schedule: Schedule = field(compare=False)


@lru_cache(maxsize=KEPT)
def _surface(of: _Asked, prior: Prior) -> Surface:
    return Surface.of(prior, of.molecule.areas(of.schedule))


@lru_cache(maxsize=KEPT)
def _worth(of: _Asked, until_d: float) -> float:
    return value_ug_d_ml(of.molecule.drug, of.molecule.typical, of.schedule.doses, until_d)


def blocks_of(drug: Drug, person: People, population: Population, seed: int, count: int) -> list[People]:
    """The typical person for 1, else so many people of the population."""
    if count == 1:
        return [person]
    starts = range(0, count, AT_ONCE)
    return [drawn(drug, population, seed, start, min(AT_ONCE, count - start)) for start in starts]


def surface_of(prior: Prior, molecule: Molecule, schedules: Sequence[Schedule]) -> tuple[Surface, list[slice]]:
    """One surface for all dose periods, and which of its columns are each regimen's."""
    each = [molecule.surface(prior, schedule) for schedule in schedules]
    ends = np.cumsum([len(surface.logs) for surface in each]).tolist()
    columns = [slice(end - len(surface.logs), end) for end, surface in zip(ends, each, strict=True)]
    return Surface(each[0].ln_s50, each[0].ln_kin, np.concatenate([surface.logs for surface in each])), columns
