"""`trial`: a virtual population under each regimen, with three layers of not knowing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from regimens.design import trials
from regimens.design.contract.parts.molecule import dose_periods, hazard_of
from regimens.design.contract.parts.population import check_population, population
from regimens.design.contract.parts.work import steps_of
from regimens.design.contract.posterior import LI26, belief, needs_prior, seed
from regimens.design.contract.reading import (
    CaseError,
    Reader,
    contradicts,
    count,
    read_object,
    record,
    whole_within,
    within,
)
from regimens.design.contract.shared import (
    LAST,
    LAST_PERIOD_D,
    MOLECULE,
    NEEDS_MOLECULE,
    HazardGiven,
    NamedRegimen,
    OwnPk,
    check_molecule,
    check_regimens,
    hazard,
    molecule_of,
    needs_hazard,
    regimens,
)
from regimens.design.doses import edges_of
from regimens.design.people import Population
from regimens.design.trials import Layers, NormalPrior, NotVerified, Trial, TrialRegimen

MOST_PATIENTS, MOST_DRAWS, MOST_SIZE = 100_000, 1_000, 20_000_000
AGAIN_US, PERSON_US = 550, 0.045  # of a person: a dose period of the adaptive solver, and a step of ours, as measured

TRIAL: dict[str, Reader] = {
    **MOLECULE,
    "hazard": hazard,
    "regimens": regimens,
    **LAST,
    "patients": whole_within(1, MOST_PATIENTS),
    "seed": seed,
    "interval_pct": within(0, 100, above=True, below=True),
    "population": population,
    "draws": whole_within(0, MOST_DRAWS),
    "prior": record(dict.fromkeys(LI26, belief)),
    "n": count,
}


@dataclass(frozen=True, kw_only=True)
class TrialCase:
    """`prior`: by the names of LI26; what is absent is epcoritamab's."""

    regimens: tuple[NamedRegimen, ...]
    patients: int
    seed: int
    drug: str | None = None
    pk: OwnPk | None = None
    hazard: HazardGiven | None = None
    horizon_d: float | None = None
    last_period_d: float = LAST_PERIOD_D
    interval_pct: float = 90.0
    population: Population = field(default_factory=Population)
    draws: int = 0
    prior: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    n: int | None = None

    @property
    def size(self) -> int:
        return self.patients * len(self.regimens) * max(1, self.draws)


def needs_prior_for_draws(values: Mapping[str, object]) -> str | None:
    """Where parameters are drawn, a prior is needed as where they are learned."""
    return needs_prior(values) if values.get("draws") not in (None, 0) else None


def read_trial(fields: object) -> TrialCase:
    needs = (NEEDS_MOLECULE, needs_hazard, "regimens", "patients", "seed", needs_prior_for_draws)
    case = TrialCase(**read_object(fields, TRIAL, needs=needs))
    check_molecule(case.drug, case.pk)
    check_regimens(case.regimens, case.drug, case.pk, case.horizon_d)
    check_population(case.population)
    check_population_effects(case)
    if case.size > MOST_SIZE:
        raise CaseError("out_of_range", f"people x regimens x draws are at most {MOST_SIZE:,}", "patients")
    return case


def check_population_effects(case: TrialCase) -> None:
    """Raises CaseError for prophylaxis or CAR-T where no model knows what they do."""
    effects = molecule_of(case.drug, case.pk).effects if case.hazard is None else frozenset()
    whom = case.population
    if whom.prior_car_t_pct and "prior_car_t" not in effects:
        raise contradicts("population.prior_car_t_pct", "has no effect in the hazard of this molecule")
    if (whom.prophylaxis_one_pct or whom.prophylaxis_both_pct) and "prophylaxis" not in effects:
        raise contradicts("population.prophylaxis_pct", "has no effect in the hazard of this molecule")


def size_trial(case: TrialCase) -> int:
    return case.size


def work_trial(case: TrialCase) -> float:
    """Microseconds of CPU, about: of the adaptive solver, which takes most where regimens are many, and of ours."""
    drug, work = molecule_of(case.drug, case.pk), 0.0
    again = min(trials.VERIFIED, case.patients) * AGAIN_US * (2 if drug.model == "soluble_target" else 1)
    for one in case.regimens:
        edges = edges_of(dose_periods(one.doses, case.horizon_d, case.last_period_d))
        work += again * (len(edges) - 1)
        steps = steps_of(drug, one.doses, edges, people=case.patients)
        work += steps * case.patients * (1 + case.draws) * PERSON_US
    return work


def trial_of(case: TrialCase) -> Trial:
    drug = molecule_of(case.drug, case.pk)
    return Trial(
        drug=drug,
        hazard=hazard_of(drug, case.hazard),
        regimens=[TrialRegimen(name=one.name, doses=one.doses) for one in case.regimens],
        patients=case.patients,
        seed=case.seed,
        horizon_d=case.horizon_d,
        last_period_d=case.last_period_d,
        interval_pct=case.interval_pct,
        population=case.population,
        draws=case.draws,
        prior=NormalPrior(**LI26 | dict(case.prior)),
        n=case.n,
    )


def answer_trial(case: TrialCase, *, progress: Callable[[int, int], None] | None = None) -> dict[str, Any]:
    try:
        result = trials.run(trial_of(case), progress or _nobody)
    except NotVerified as error:
        detail = f"a second solver differs by {error.difference:.2g}, more than {trials.MOST_DIFFERENCE}"
        raise CaseError("not_verified", detail) from error
    return {
        "seed": case.seed,
        "patients": case.patients,
        "regimens": [
            {
                "name": regimen.name,
                "periods": [
                    {"from_d": start, "to_d": end, "mean": layers.mean, "patients": list(layers.patients or ())}
                    | _intervals(layers)
                    for (start, end), layers in regimen.periods
                ],
                "total": {"mean": regimen.total.mean} | _intervals(regimen.total),
            }
            for regimen in result.regimens
        ],
        "verified": {"patients": result.verified, "max_difference": result.max_difference},
    }


def _intervals(layers: Layers) -> dict[str, Any]:
    return {
        "mean_interval": None if layers.mean_interval is None else list(layers.mean_interval),
        "count_interval": None if layers.count_interval is None else list(layers.count_interval),
    }


def _nobody(done: int, of: int) -> None:
    """Nobody wants to know."""
