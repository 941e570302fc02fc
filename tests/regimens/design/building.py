"""Regimens and risks in few words, for the tests of the design workbench."""

import numpy as np

from regimens.design.concentrations import areas
from regimens.design.doses import Array, VirtualDose, edges_of, periods_of
from regimens.design.kinetics.grid import DEFAULT, Pace
from regimens.design.parameters import Drug, Hazard, drug
from regimens.design.people import People, typical

LI26_HORIZON_D = 61.0


def doses(*pairs: tuple[float, float], **more: float) -> list[VirtualDose]:
    """Pairs of day and mg."""
    return [VirtualDose(t_d=t, mg=mg, **more) for t, mg in pairs]


def weekly(*pairs: tuple[float, float], mg: float = 48.0, until_d: float = LI26_HORIZON_D) -> list[VirtualDose]:
    """The doses listed, then so much every week."""
    last = pairs[-1][0]
    more = [(last + 7 * n, mg) for n in range(1, 10) if last + 7 * n < until_d]
    return doses(*pairs, *more)


def hazards(
    of: Drug,
    people: People,
    given: list[VirtualDose],
    hazard: Hazard | None = None,
    pace: Pace = DEFAULT,
    **last: float,
) -> Array:
    """The cumulative hazard of each dose period, of each of the people."""
    law = hazard or of.hazard
    assert law is not None
    edges = edges_of(periods_of([dose.t_d for dose in given], **last))
    return areas(of, people, given, edges, people.curve(law), pace) * law.smax * people.smax_times


def risks_pct(name: str, given: list[VirtualDose], person: object = None, **last: float) -> list[float]:
    """Of the typical person: each dose period's probability in per cent, and at last that of any."""
    of = drug(name)
    hazard = hazards(of, typical(of, person, of.hazard), given, **last)[:, 0]
    return [float(-np.expm1(-value) * 100) for value in (*hazard, hazard.sum())]
