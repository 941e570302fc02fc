"""`posterior`: what counts of dose periods leave of a prior, and what they foretell for each regimen.

Its fields are those of everything that learns; `escalation` and its sisters add to them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from regimens.design.adaptive.points import Counts
from regimens.design.adaptive.posterior import INTERVAL, Posterior, posterior
from regimens.design.adaptive.schedules import Molecule, Schedule, blocks_of, surface_of
from regimens.design.adaptive.surface import Belief, Prior, Surface
from regimens.design.contract.parts.population import check_population, population
from regimens.design.contract.parts.work import SURFACE, steps_of
from regimens.design.contract.reading import (
    CaseError,
    Need,
    Reader,
    contradicts,
    count,
    listed,
    pair,
    read_object,
    record,
    text,
    whole_within,
    within,
)
from regimens.design.contract.shared import (
    LAST,
    LAST_PERIOD_D,
    MOLECULE,
    MOST_PERIODS,
    MOST_ROWS,
    NEEDS_MOLECULE,
    NamedRegimen,
    OwnPk,
    PatientGiven,
    check_molecule,
    check_regimens,
    hill,
    molecule_of,
    patient_of_size,
    regimens,
)
from regimens.design.doses import edges_of, periods_of
from regimens.design.kinetics import grid
from regimens.design.parameters import HILL, I50_OVER_S50, names
from regimens.design.people import Population, typical

LI26_DRUG = "epcoritamab"  # whose hazard was published, so that it has a prior
LI26 = {"ln_smax": (0.0539, 1.0), "ln_s50": (math.log(0.0943), 1.0), "ln_kin": (-0.832, 0.5)}
MOST_PK_PATIENTS = 1_000  # each is solved at all points of the surface
MOST_SEED = 2**63 - 1


class Row(NamedTuple):
    """Participants observed in a dose period, from 1, of a regimen, and those of them with at least one event."""

    regimen: str
    period: int
    n: int
    events: int


@dataclass(frozen=True, kw_only=True)
class Learning:
    """What is asked of everything that learns. `seed`: of the people, where there is more than one."""

    regimens: tuple[NamedRegimen, ...]
    prior: Prior
    drug: str | None = None
    pk: OwnPk | None = None
    patient: PatientGiven = field(default_factory=PatientGiven)
    horizon_d: float | None = None
    last_period_d: float = LAST_PERIOD_D
    i50_over_s50: float = I50_OVER_S50
    hill: float = HILL
    data: tuple[Row, ...] = ()
    pk_patients: int = 1
    population: Population = field(default_factory=Population)
    seed: int = 0


belief = pair(within(-30, 30), within(0, 5, above=True), "mean and standard deviation")
row = record(
    {"regimen": text, "period": whole_within(1, MOST_PERIODS), "n": count, "events": count}, Row, needs=Row._fields
)
seed = whole_within(0, MOST_SEED)
BEFORE_DATA: dict[str, Reader] = {
    **MOLECULE,
    "patient": patient_of_size,
    "regimens": regimens,
    **LAST,
    "prior": record(dict.fromkeys(LI26, belief)),
    "i50_over_s50": within(0, 1000, above=True),
    "hill": hill,
}
DATA: dict[str, Reader] = {"data": listed(row, MOST_ROWS, least=0)}
PEOPLE: dict[str, Reader] = {
    "pk_patients": whole_within(1, MOST_PK_PATIENTS),
    "population": population,
    "seed": seed,
}


def needs_prior(values: Mapping[str, object]) -> str | None:
    """Every molecule but the one whose hazard was published needs one, and all of it."""
    drug, given = values.get("drug"), values.get("prior")
    if drug == LI26_DRUG or (values.get("pk") is None and drug not in names()):
        return None
    if given is None:
        return "prior"
    parts = given if isinstance(given, Mapping) else LI26
    return next((f"prior.{name}" for name in LI26 if parts.get(name) is None), None)


def needs_seed(values: Mapping[str, object]) -> str | None:
    """People are drawn with one; the typical person is not."""
    many = values.get("pk_patients")
    return "seed" if isinstance(many, int) and many > 1 and values.get("seed") is None else None


NEEDS: tuple[Need, ...] = (NEEDS_MOLECULE, "regimens", needs_prior)


def read_posterior(fields: object) -> Learning:
    read = read_object(fields, BEFORE_DATA | DATA | PEOPLE, needs=(*NEEDS, "data", needs_seed))
    case = Learning(**with_prior(read))
    check_learning(case)
    return case


def with_prior(read: dict[str, Any]) -> dict[str, Any]:
    """The fields with a whole prior."""
    parts = LI26 | read.get("prior", {})
    return read | {"prior": Prior(*(Belief(*parts[name]) for name in LI26))}


def check_learning(case: Learning) -> None:
    """Raises CaseError for what contradicts, in the order of the fields."""
    check_molecule(case.drug, case.pk, case.patient)
    check_regimens(case.regimens, case.drug, case.pk, case.horizon_d)
    periods = {schedule.name: len(schedule.periods) for schedule in schedules_of(case)}
    for place, one in enumerate(case.data):
        if one.regimen not in periods:
            at = f"data[{place}].regimen"
            raise CaseError("unknown_value", f"{at} is the name of a regimen", at)
        if one.period > periods[one.regimen]:
            at = f"data[{place}].period"
            raise CaseError("out_of_range", f"{at} is from 1 to the regimen's {periods[one.regimen]} dose periods", at)
        if one.events > one.n:
            raise contradicts(f"data[{place}].events", "are more than n")
    check_population(case.population)
    for name, changes in {
        "prior_car_t_pct": case.population.prior_car_t_pct,
        "prophylaxis_pct": case.population.prophylaxis_one_pct + case.population.prophylaxis_both_pct,
        "frailty_sd": case.population.frailty_sd,
    }.items():
        if changes:
            raise contradicts(f"population.{name}", "belongs to the prior, which is of the people observed")


def schedules_of(case: Learning) -> list[Schedule]:
    return [
        Schedule(
            name=one.name,
            doses=one.doses,
            periods=periods_of([dose.t_d for dose in one.doses], case.horizon_d, case.last_period_d),
        )
        for one in case.regimens
    ]


def driven_by(case: Learning) -> Molecule:
    drug = molecule_of(case.drug, case.pk)
    person = typical(drug, case.patient)
    blocks = blocks_of(drug, person, case.population, case.seed, case.pk_patients)
    whole = (case.drug, case.pk, case.patient, case.population, case.seed, case.pk_patients)
    return Molecule(
        key=repr((whole, case.i50_over_s50, case.hill)),
        drug=drug,
        typical=person,
        blocks=blocks,
        i50_over_s50=case.i50_over_s50,
        hill=case.hill,
    )


def counts_of(rows: Sequence[Row], schedules: Sequence[Schedule], columns: Sequence[slice]) -> Counts:
    """Rows of one dose period add up: only the sums say something of its probability, whatever their order."""
    first = {schedule.name: part.start for schedule, part in zip(schedules, columns, strict=True)}
    sums: dict[int, tuple[int, int]] = {}
    for one in rows:
        column = first[one.regimen] + one.period - 1
        n, events = sums.get(column, (0, 0))
        sums[column] = (n + one.n, events + one.events)
    seen = sorted(column for column, (n, _) in sums.items() if n)
    return Counts(tuple(seen), tuple(sums[column][0] for column in seen), tuple(sums[column][1] for column in seen))


@dataclass(frozen=True, kw_only=True)
class Learned:
    """The posterior of a case, and which columns of its surface are each regimen's."""

    schedules: list[Schedule]
    molecule: Molecule
    surface: Surface
    columns: list[slice]
    posterior: Posterior


def learned_of(case: Learning) -> Learned:
    schedules, molecule = schedules_of(case), driven_by(case)
    surface, columns = surface_of(case.prior, molecule, schedules)
    after = posterior(case.prior, surface, counts_of(case.data, schedules, columns))
    return Learned(schedules=schedules, molecule=molecule, surface=surface, columns=columns, posterior=after)


def work_posterior(case: Learning) -> int:
    drug = molecule_of(case.drug, case.pk)
    people = case.pk_patients
    steps = (
        steps_of(drug, one.doses, edges_of(one.periods), grid.PREVIEW, people=people) for one in schedules_of(case)
    )
    return sum(steps) * (SURFACE + people)


def answer_posterior(case: Learning) -> dict[str, Any]:
    learned = learned_of(case)
    after, logs = learned.posterior, learned.posterior.points.logs
    means = after.means(logs).tolist()
    low, high = (after.quantiles(logs, one).tolist() for one in INTERVAL)
    return {
        "parameters": {
            name: {"prior": list(before), "posterior": list(now)}
            for name, before, now in zip(LI26, case.prior, after.parameters(), strict=True)
        },
        "regimens": [
            {
                "name": schedule.name,
                "periods": [
                    {"from_d": start, "to_d": end, "mean": means[at], "interval": [low[at], high[at]]}
                    for at, (start, end) in enumerate(schedule.periods, columns.start)
                ],
            }
            for schedule, columns in zip(learned.schedules, learned.columns, strict=True)
        ],
    }
