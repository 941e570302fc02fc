"""A posterior of a drug and its regimens in few words, for the tests of what learns and decides."""

import math
from collections.abc import Sequence
from functools import cache

from regimens.design.adaptive.points import Counts
from regimens.design.adaptive.posterior import Posterior, posterior
from regimens.design.adaptive.schedules import Molecule, Schedule, surface_of
from regimens.design.adaptive.surface import Belief, Prior, Surface
from regimens.design.doses import VirtualDose, periods_of
from regimens.design.parameters import HILL, I50_OVER_S50, drug
from regimens.design.people import typical

LI26 = Prior(Belief(0.0539, 1.0), Belief(math.log(0.0943), 1.0), Belief(-0.832, 0.5))
Pairs = tuple[tuple[float, float], ...]
FOUR: Pairs = ((0, 0.16), (7, 0.8), (14, 48), (21, 48))
EPCORITAMAB = drug("epcoritamab")


def schedule(pairs: Pairs, name: str = "a") -> Schedule:
    """Of day and mg, with a last period of 14 days."""
    doses = [VirtualDose(t_d=t, mg=mg) for t, mg in pairs]
    return Schedule(name=name, doses=doses, periods=periods_of([dose.t_d for dose in doses]))


def molecule() -> Molecule:
    person = typical(EPCORITAMAB)
    return Molecule(
        key="epcoritamab", drug=EPCORITAMAB, typical=person, blocks=[person], i50_over_s50=I50_OVER_S50, hill=HILL
    )


@cache
def surfaces(regimens: tuple[Pairs, ...], prior: Prior = LI26) -> tuple[Surface, list[slice]]:
    return surface_of(prior, molecule(), [schedule(pairs, str(at)) for at, pairs in enumerate(regimens)])


def learned(n: Sequence[int] = (), events: Sequence[int] = (), pairs: Pairs = FOUR) -> Posterior:
    """After so many of n had an event in the regimen's dose periods, from the first on."""
    surface, _ = surfaces((pairs,))
    return posterior(LI26, surface, Counts(tuple(range(len(n))), tuple(n), tuple(events)))
