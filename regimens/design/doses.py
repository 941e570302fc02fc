"""Doses of a virtual person, and the periods that they open. Elapsed days since the first dose."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from regimens.design.parameters import Drug
from regimens.design.units import days

Array = NDArray[np.float64]
LAST_PERIOD_D = 14.0
# Of the drugs that are injected and stay for weeks, from below: after how long a dose is in the blood, how long it
# lasts there, and what share of the time since the last one the course may be taken to be smooth over.
ENTERS_D, LEAVES_D, SETTLED = 1.0, 5.0, 0.1


class DoseGiven(Protocol):
    """Exactly one of `mg` and `mg_per_kg`. `infusion_h` None: as long as the drug's infusions take."""

    @property
    def t_d(self) -> float: ...
    @property
    def mg(self) -> float | None: ...
    @property
    def mg_per_kg(self) -> float | None: ...
    @property
    def infusion_h(self) -> float | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualDose:
    """A dose as the numerics need it."""

    t_d: float
    mg: float | None = None
    mg_per_kg: float | None = None
    infusion_h: float | None = None


@dataclass(frozen=True, slots=True)
class Intake:
    """What enters at one instant: an amount at once (`rate` False), or from now on so much more or less a day."""

    t_d: float
    mg: float
    mg_per_kg: float
    rate: bool

    def of(self, weight_kg: Array) -> Array:
        return self.mg + self.mg_per_kg * weight_kg


class DosePeriod(NamedTuple):
    """[start, end) in days."""

    from_d: float
    to_d: float


def intakes(drug: Drug, doses: Iterable[DoseGiven]) -> list[Intake]:
    """Sorted by time; doses at one instant add up. The order in which doses are listed changes nothing."""
    parts: list[Intake] = []
    for dose in doses:
        hours = drug.infusion_h if dose.infusion_h is None else dose.infusion_h
        mg, mg_per_kg = dose.mg or 0.0, dose.mg_per_kg or 0.0
        if drug.subcutaneous or hours == 0:
            parts.append(Intake(dose.t_d, mg, mg_per_kg, rate=False))
        else:
            lasts = days(hours)
            parts.append(Intake(dose.t_d, mg / lasts, mg_per_kg / lasts, rate=True))
            parts.append(Intake(dose.t_d + lasts, -mg / lasts, -mg_per_kg / lasts, rate=True))
    parts.sort(key=lambda part: (part.t_d, part.rate, part.mg, part.mg_per_kg))
    return parts


def restarts_of(drug: Drug, doses: Iterable[DoseGiven], until_d: float) -> dict[float, float]:
    """When something enters before the end, and since how long before it steps may be as large as if they had grown.

    What an injection adds to is smooth for as long as what is in the blood takes to double, wherever the scales of the
    hazard lie. By typical weights: all people have the same steps. 0 where it enters at once, and for a molecule of
    one's own, which may have left in hours.
    """
    lasts = drug.subcutaneous and drug.model != "linear"
    restarts: dict[float, float] = {}
    before_mg, last = 0.0, 0.0
    for one in intakes(drug, doses):
        if one.t_d >= until_d:
            break
        mg = float(one.of(np.array(drug.weight_kg)))
        since = one.t_d - last
        before_mg *= math.exp(-since / LEAVES_D)
        if one.t_d not in restarts:
            restarts[one.t_d] = min(ENTERS_D * before_mg / mg, SETTLED * since) if lasts else 0.0
        before_mg, last = before_mg + mg, one.t_d
    return restarts


def periods_of(
    dose_times_d: Iterable[float], horizon_d: float | None = None, last_period_d: float = LAST_PERIOD_D
) -> list[DosePeriod]:
    """A period from each distinct dose time to the next; the last ends at the horizon, or so long after its dose.

    Doses at or after the horizon open none.
    """
    times = sorted({float(t) for t in dose_times_d if horizon_d is None or t < horizon_d})
    if not times:
        return []
    end = times[-1] + last_period_d if horizon_d is None else horizon_d
    return [DosePeriod(*pair) for pair in zip(times, [*times[1:], end], strict=True)]


def edges_of(periods: Sequence[DosePeriod]) -> list[float]:
    """Where periods begin or end, each once."""
    return sorted({edge for period in periods for edge in period})
