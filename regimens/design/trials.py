"""Virtual trials: the same people meet each regimen, and three layers of not knowing are kept apart.

Between people: `patients`. Not knowing the parameters: `mean_interval`, over sets of them drawn from the prior. Chance
in n people: `count_interval`, all three together.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr

from regimens.design import verifier
from regimens.design.concentrations import areas
from regimens.design.doses import LAST_PERIOD_D, Array, DoseGiven, DosePeriod, edges_of, periods_of
from regimens.design.hazard import HazardCurve
from regimens.design.kinetics import grid
from regimens.design.parameters import Drug, Hazard
from regimens.design.people import People, Population, drawn
from regimens.design.randomness import normals

AT_ONCE = 8_000  # people, or people times parameter sets, in one pass: memory stays flat
PEOPLE_WITH_DRAWS = 1_000  # of them where parameter sets are drawn
VERIFIED = 20
MOST_DIFFERENCE = 1e-3
SPREAD_PCT = (5, 50, 95)
# Probabilities are added as whole numbers of this share, so that no order of people or size of a block changes a sum.
WHOLE = 2**32 - 1

Progress = Callable[[int, int], None]
Sums = NDArray[np.int64]


class NotVerified(ValueError):
    """The fast solver and the adaptive one disagree in one of the people, or one of them failed (nan)."""

    def __init__(self, difference: float) -> None:
        super().__init__(f"the adaptive solver differs by {difference}")
        self.difference = difference


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalPrior:
    """Mean and standard deviation of each parameter's log."""

    ln_smax: tuple[float, float]
    ln_s50: tuple[float, float]
    ln_kin: tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRegimen:
    name: str
    doses: Sequence[DoseGiven]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`draws`: sets of parameters from `prior`, 0: none. `n`: participants whose number with an event is foretold."""

    drug: Drug
    hazard: Hazard
    regimens: Sequence[TrialRegimen]
    patients: int
    seed: int
    horizon_d: float | None = None
    last_period_d: float = LAST_PERIOD_D
    interval_pct: float = 90.0
    population: Population = field(default_factory=Population)
    draws: int = 0
    prior: NormalPrior | None = None
    n: int | None = None
    pace: grid.Pace = grid.DEFAULT


Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """Of the probability of at least one event. `patients`: None of a total."""

    mean: float
    patients: tuple[float, ...] | None
    mean_interval: Interval | None
    count_interval: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenResult:
    name: str
    periods: tuple[tuple[DosePeriod, Layers], ...]
    total: Layers


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """`max_difference`: the largest between the two solvers in a period's probability of those solved again."""

    regimens: tuple[RegimenResult, ...]
    verified: int
    max_difference: float


def size_of(trial: Trial) -> int:
    """People times regimens times sets of parameters."""
    return trial.patients * len(trial.regimens) * max(1, trial.draws)


def run(trial: Trial, progress: Progress = lambda done, total: None, at_once: int = AT_ONCE) -> TrialResult:
    """The whole trial. `progress(done, of)` is called after each block and may raise to stop it.

    `at_once`: how many are computed in one pass; it changes no byte of the result. Raises NotVerified.
    """
    work = _Work(trial, progress, at_once)
    results = tuple(work.regimen(regimen) for regimen in trial.regimens)
    return TrialResult(regimens=results, verified=work.verified, max_difference=work.difference)


class _Work:
    def __init__(self, trial: Trial, progress: Progress, at_once: int) -> None:
        self.trial, self.progress, self.at_once = trial, progress, at_once
        self.done = 0
        self.total = trial.patients * len(trial.regimens) * (1 + trial.draws)
        self.sets = _drawn_curves(trial)
        self.difference, self.verified = 0.0, min(VERIFIED, trial.patients)

    def regimen(self, regimen: TrialRegimen) -> RegimenResult:
        trial = self.trial
        periods = periods_of((dose.t_d for dose in regimen.doses), trial.horizon_d, trial.last_period_d)
        edges = edges_of(periods)
        chances = np.empty((len(periods) + 1, trial.patients), dtype=np.uint32)
        for start, people in self._blocks(self.at_once):
            hazards = areas(trial.drug, people, regimen.doses, edges, people.curve(trial.hazard), trial.pace)
            hazards *= trial.hazard.smax * people.smax_times
            chances[:, start : start + people.count] = _chances(hazards)
            self._advance(people.count)
        self._verify(regimen, edges, chances[:-1])
        sums = self._sums_of_sets(regimen, edges, len(periods) + 1) if self.sets is not None else None
        layers = [
            _layers(trial, chances[place], None if sums is None else sums[place], total=place == len(periods))
            for place in range(len(periods) + 1)
        ]
        return RegimenResult(name=regimen.name, periods=tuple(zip(periods, layers[:-1], strict=True)), total=layers[-1])

    def _blocks(self, size: int) -> Iterator[tuple[int, People]]:
        """So many of the people at a time, with the number of the first."""
        trial = self.trial
        for start in range(0, trial.patients, size):
            count = min(size, trial.patients - start)
            yield start, drawn(trial.drug, trial.population, trial.seed, start, count, trial.hazard)

    def _advance(self, count: int) -> None:
        self.done += count
        self.progress(self.done, self.total)

    def _sums_of_sets(self, regimen: TrialRegimen, edges: list[float], rows: int) -> Sums:
        """The sum of the people's probabilities in each period and over all, of every set of parameters."""
        trial, sets = self.trial, self.sets
        assert sets is not None
        sums: Sums = np.zeros((rows, trial.draws), dtype=np.int64)
        for _, people in self._blocks(min(self.at_once, PEOPLE_WITH_DRAWS)):
            several = max(1, self.at_once // people.count)
            for first in range(0, trial.draws, several):
                some = slice(first, first + several)
                smax, curve = sets.of(some, people)
                hazards = areas(trial.drug, people, regimen.doses, edges, curve, trial.pace)
                hazards *= smax * people.smax_times
                sums[:, some] += _chances(hazards).sum(axis=-1, dtype=np.int64)
                self._advance(people.count * hazards.shape[1])
        return sums

    def _verify(self, regimen: TrialRegimen, edges: list[float], chances: NDArray[np.uint32]) -> None:
        trial = self.trial
        for count in range(self.verified):
            person = count * trial.patients // self.verified
            people = drawn(trial.drug, trial.population, trial.seed, person, 1, trial.hazard)
            again = verifier.solve(trial.drug, people, 0, regimen.doses, edges, people.curve(trial.hazard))
            exact = -np.expm1(-again * trial.hazard.smax * people.smax_times[0])
            difference = float(np.abs(exact - chances[:, person] / WHOLE).max())
            if not difference <= MOST_DIFFERENCE:
                raise NotVerified(difference)
            self.difference = max(self.difference, difference)


@dataclass(frozen=True, slots=True)
class _Sets:
    """Sets of parameters, one value each."""

    hazard: Hazard
    smax: Array
    s50: Array
    kin: Array

    def of(self, some: slice, people: People) -> tuple[Array, HazardCurve]:
        """SMAX and curve of some of the sets, each a column against the people."""
        smax, s50, kin = (values[some, None] for values in (self.smax, self.s50, self.kin))
        i50 = s50 * (self.hazard.i50 / self.hazard.s50)
        if np.any(people.s50_times != 1):
            s50 = s50 * people.s50_times
        return smax, HazardCurve(s50=s50, kin=kin, i50=i50, hill=self.hazard.hill)


def _drawn_curves(trial: Trial) -> _Sets | None:
    if not trial.draws:
        return None
    assert trial.prior is not None
    values = [
        np.exp(mean + sd * normals(trial.seed, f"parameters/{name}", 0, trial.draws))
        for name, (mean, sd) in (
            ("ln_smax", trial.prior.ln_smax),
            ("ln_s50", trial.prior.ln_s50),
            ("ln_kin", trial.prior.ln_kin),
        )
    ]
    return _Sets(trial.hazard, *values)


def _chances(hazards: Array) -> NDArray[np.uint32]:
    """Of an event in each period, and in any of them as a last row. Raises NotVerified for what is no number."""
    with_total = np.concatenate([hazards, hazards.sum(axis=0, keepdims=True)])
    chances = -np.expm1(-with_total)
    if not np.isfinite(chances).all():
        raise NotVerified(float("nan"))
    whole: NDArray[np.uint32] = np.rint(chances * WHOLE).astype(np.uint32)
    return whole


def _layers(trial: Trial, chances: NDArray[np.uint32], sums: Sums | None, *, total: bool) -> Layers:
    mean = int(chances.sum(dtype=np.int64)) / (trial.patients * WHOLE)
    tail = (100 - trial.interval_pct) / 200
    means = np.array([mean]) if sums is None else sums / (trial.patients * WHOLE)
    return Layers(
        mean=mean,
        patients=None if total else _quantiles(chances / WHOLE, [pct / 100 for pct in SPREAD_PCT]),
        mean_interval=None if sums is None else _pair(means, tail),
        count_interval=None if trial.n is None else (counted(means, trial.n, tail), counted(means, trial.n, 1 - tail)),
    )


def _quantiles(values: Array, shares: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in np.quantile(values, shares))


def _pair(values: Array, tail: float) -> Interval:
    low, high = _quantiles(values, (tail, 1 - tail))
    return low, high


def counted(chances: Array, n: int, share: float) -> int:
    """The smallest count whose distribution function reaches `share`: n participants, each chance as likely."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if float(np.mean(bdtr(middle, n, chances))) >= share:
            high = middle
        else:
            low = middle + 1
    return low
