"""Cytokine release with priming (CHE19), for explanation alone: its absolute scale is arbitrary. Time in hours.

dR/dt = Emax X^H/(EC50^H + X^H) * (1 - Imax AUC/(IC50/K^(n-1) + AUC)) - kdeg R, dAUC/dt = R, n the number of the dose.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy.special import ndtr

from regimens.design.doses import Array
from regimens.design.kinetics.grid import Pace, stretches
from regimens.design.randomness import normals

# Two transcriptions of CHE19: VDV21 (Van De Vyver, Clin Cancer Res 2021) and GER21 (Gerard, authors' code).
SETS = ("GER21", "VDV21")
CONSTANT_POWER = 6  # GER21's own code primes by K^6 at every dose, and its printed risks follow only so
CRS_SD = 0.1  # of the log of the threshold, in GER21's risk
AT_ONCE = 2_000
WHOLE = 2**32  # probabilities are added as whole numbers of this share: no order changes a sum
# Steps are in the unit of the times, here hours: 24 of what a Pace calls hours are one of them.
PACE = Pace(first_h=0.02 * 24, growth=0.1, most_h=4.0 * 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class CytokineRelease:
    """`scale`: from ug/L to X. `sd_log`: standard deviation of each parameter's log between people."""

    values: Mapping[str, float]
    sd_log: Mapping[str, float]
    infusion_h: float
    scale: float


class CytokineDose(NamedTuple):
    t_h: float
    ug: float


Priming = Literal["per_dose", "constant"]


def release_of(name: str, cells_per_ul: float = 10.0) -> CytokineRelease:
    """`cells_per_ul`: of VDV21, whose X is ug/mL times cells/uL."""
    if name == "VDV21":
        return CytokineRelease(
            values={
                "emax": 3590.0, "ec50": 10.0, "h": 1.0, "imax": 1.0, "ic50": 182.0, "kdeg": 0.18, "k": 2.83,
                "cl": 0.0125, "v": 3.1,
            },
            sd_log={},
            infusion_h=0.0,
            scale=cells_per_ul / 1000,
        )  # fmt: skip
    return CytokineRelease(
        values={
            "emax": 3.59e5, "ec50": 1e4, "h": 0.92, "imax": 0.995, "ic50": 1.82e4, "kdeg": 0.18, "k": 2.83,
            "cl": 1.36, "v": 3.40,
        },
        sd_log={"emax": 0.14, "h": 0.03, "ic50": 0.12, "kdeg": 0.13, "k": 0.36, "cl": 0.419},
        infusion_h=4.0,
        scale=1.0,
    )  # fmt: skip


def peaks(
    release: CytokineRelease,
    doses: Sequence[CytokineDose],
    horizon_h: float,
    *,
    accumulate: bool = True,
    priming: Priming = "per_dose",
    people: Mapping[str, Array] | None = None,
) -> Array:
    """The largest R after each dose and before the next, [dose, person]; of the typical person where none are given.

    Doses at one time are one; those at or after the horizon are left out.
    """
    v = {name: np.array([value]) for name, value in release.values.items()} if people is None else people
    with np.errstate(all="ignore"):
        return _Course(release, v, accumulate, priming).peaks(doses, horizon_h)


def steps_of(release: CytokineRelease, doses: Sequence[CytokineDose], horizon_h: float) -> int:
    """How many steps in time that takes."""
    given = {dose.t_h for dose in doses if dose.t_h < horizon_h}
    ends = {t + release.infusion_h for t in given}
    stops = sorted({*given, *(t for t in ends if t < horizon_h), horizon_h})
    return sum(len(stretch.steps_d) for stretch in stretches(stops, dict.fromkeys(stops, 0.0), PACE))


def drawn_people(release: CytokineRelease, seed: int, start: int, count: int) -> dict[str, Array]:
    """The people `start`, `start` + 1, ... with this seed."""
    people = {name: np.full(count, value) for name, value in release.values.items()}
    for name, sd in release.sd_log.items():
        people[name] = people[name] * np.exp(sd * normals(seed, f"cytokine/{name}", start, count))
    return people


def crs_risks(
    release: CytokineRelease,
    doses: Sequence[CytokineDose],
    horizon_h: float,
    thresholds: Sequence[float],
    *,
    patients: int,
    seed: int,
    accumulate: bool = True,
    priming: Priming = "per_dose",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> list[float]:
    """GER21: of each threshold the mean over people of Phi((ln max R - ln threshold) / 0.1)."""
    sums = [0] * len(thresholds)
    for start in range(0, patients, AT_ONCE):
        people = drawn_people(release, seed, start, min(AT_ONCE, patients - start))
        largest = peaks(release, doses, horizon_h, accumulate=accumulate, priming=priming, people=people)
        with np.errstate(all="ignore"):  # a largest R of 0 has no logarithm: it is minus infinity, and its risk 0
            logs = np.log(largest.max(axis=0))
        for place, threshold in enumerate(thresholds):
            chances = ndtr((logs - np.log(threshold)) / CRS_SD)
            sums[place] += int(np.rint(chances * WHOLE).astype(np.int64).sum())
        progress(min(start + AT_ONCE, patients), patients)
    return [total / (patients * WHOLE) for total in sums]


class _Course:
    def __init__(self, release: CytokineRelease, v: Mapping[str, Array], accumulate: bool, priming: Priming) -> None:
        self.v, self.release, self.accumulate, self.priming = v, release, accumulate, priming
        self.rate = v["cl"] / v["v"]
        nothing = np.zeros_like(self.rate)
        self.ug, self.inflow, self.released, self.area = nothing, 0.0, nothing, nothing
        self.half_inhibition = v["ic50"]
        self.ec50_h = v["ec50"] ** v["h"]

    def peaks(self, doses: Sequence[CytokineDose], horizon_h: float) -> Array:
        amounts: dict[float, float] = {}
        for dose in sorted(doses):
            if dose.t_h < horizon_h:
                amounts[dose.t_h] = amounts.get(dose.t_h, 0.0) + dose.ug
        lasts = self.release.infusion_h
        ends = {t + lasts: 0.0 for t in amounts} if lasts else {}
        for t, ug in amounts.items():
            if lasts:
                ends[t + lasts] += ug / lasts
        stops = sorted({*amounts, *(t for t in ends if t < horizon_h), horizon_h})
        largest: list[Array] = []
        for stretch in stretches(stops, dict.fromkeys(stops, 0.0), PACE):
            if stretch.from_d in ends:
                self.inflow -= ends[stretch.from_d]
            if stretch.from_d in amounts:
                self._dose(amounts[stretch.from_d], lasts, len(largest) + 1)
                largest.append(self.released)
            for h in stretch.steps_d:
                largest[-1] = np.maximum(largest[-1], self._step(h))
        return np.stack(largest)

    def _dose(self, ug: float, lasts: float, number: int) -> None:
        if lasts:
            self.inflow += ug / lasts
        else:
            self.ug = self.ug + ug
        if not self.accumulate:
            self.area = np.zeros_like(self.area)
        power = CONSTANT_POWER if self.priming == "constant" else number - 1
        self.half_inhibition = self.v["ic50"] / self.v["k"] ** power

    def _stimulus(self, ug: Array) -> Array:
        x = np.maximum(ug, 0) / self.v["v"] * self.release.scale
        raised = x ** self.v["h"]
        result: Array = self.v["emax"] * raised / (self.ec50_h + raised)
        return result

    def _slope(self, stimulus: Array, released: Array, area: Array) -> Array:
        uninhibited = 1 - self.v["imax"] * area / (self.half_inhibition + area)
        return stimulus * uninhibited - self.v["kdeg"] * released

    def _step(self, h: float) -> Array:
        """RK4 of R and its area; the drug exact. The largest R of the step, by the parabola through it."""
        left = np.exp(-self.rate * h / 2)
        enters = self.inflow * (1 - left) / self.rate
        middle = self.ug * left + enters
        end = middle * left + enters
        s0, sm, s1 = (self._stimulus(ug) for ug in (self.ug, middle, end))
        r, a = self.released, self.area
        k1 = self._slope(s0, r, a)
        r2 = r + h / 2 * k1
        k2 = self._slope(sm, r2, a + h / 2 * r)
        r3 = r + h / 2 * k2
        k3 = self._slope(sm, r3, a + h / 2 * r2)
        r4 = r + h * k3
        k4 = self._slope(s1, r4, a + h * r3)
        self.released = np.maximum(r + h / 6 * (k1 + 2 * (k2 + k3) + k4), 0)
        self.area = a + h / 6 * (r + 2 * (r2 + r3) + r4)
        self.ug = end
        at_middle = (r + self.released) / 2 + h / 8 * (k1 - self._slope(s1, self.released, self.area))
        return np.maximum(self.released, _top(r, at_middle, self.released))


def _top(start: Array, middle: Array, end: Array) -> Array:
    """The top of the parabola where it lies inside the step; else the middle."""
    bend = start - 2 * middle + end
    inside = (bend < 0) & (np.abs(end - start) < -2 * bend)
    result: Array = np.where(inside, middle - (end - start) ** 2 / np.where(inside, 8 * bend, 1.0), middle)
    return result
