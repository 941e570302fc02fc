"""`operating`: what the rule, BOIN and 3+3 do in simulated trials whose truth is known."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from regimens.design.adaptive.comparators import MTD_CHOICE, Boin
from regimens.design.adaptive.decisions import Decided, EscalationRule
from regimens.design.adaptive.operating import (
    BoinDesign,
    ModelDesign,
    Progress,
    SimulatedTrial,
    Tally,
    ThreePlusThree,
    TrialDesign,
    Truth,
    tallies,
)
from regimens.design.adaptive.surface import Array
from regimens.design.contract.escalation import BY_RULE, LADDER, Climb, Grade3, check_ladder, learning_of
from regimens.design.contract.parts.molecule import hazard_of
from regimens.design.contract.posterior import (
    BEFORE_DATA,
    NEEDS,
    PEOPLE,
    Learning,
    Row,
    check_learning,
    driven_by,
    schedules_of,
)
from regimens.design.contract.reading import (
    CaseError,
    Reader,
    choice,
    contradicts,
    listed,
    probability,
    read_object,
    whole_within,
    within,
)
from regimens.design.contract.shared import HazardGiven, hazard

MOST_TRIALS = 5_000
MOST_COUNT = 10_000
MOST_KEPT = 20_000  # decisions: of trials alike so far the rule says the same
DESIGNS = ("model", "boin", "three_plus_three")


@dataclass(frozen=True, kw_only=True)
class Operating:
    learning: Learning
    ladder: tuple[str, ...]
    current: str
    truth: HazardGiven
    seed: int
    designs: tuple[str, ...]
    rule: EscalationRule = field(default_factory=EscalationRule)
    truth_grade3_share: float = 0.08
    cohort: int = 3
    most_participants: int = 30
    trials: int = 200
    boin_target: float = 0.25


some = whole_within(1, MOST_COUNT)
OWN: dict[str, Reader] = {
    "truth": hazard,
    "truth_grade3_share": probability,
    "cohort": some,
    "most_participants": some,
    "trials": whole_within(1, MOST_TRIALS),
    "seed": PEOPLE["seed"],
    "designs": listed(choice(*DESIGNS), len(DESIGNS)),
    "boin_target": within(0, 1, above=True, below=True),
}
WITHOUT_SEED = {name: reader for name, reader in PEOPLE.items() if name != "seed"}
FIELDS = BEFORE_DATA | WITHOUT_SEED | LADDER | BY_RULE | OWN
NEEDED = (*NEEDS, "ladder", "current", "truth", "seed", "designs")


def read_operating(fields: object) -> Operating:
    read = read_object(fields, FIELDS, needs=NEEDED)
    own = {name: read[name] for name in LADDER | BY_RULE | OWN if name in read}
    case = Operating(learning=learning_of(read), **own)
    check_learning(case.learning)
    check_ladder(case.learning, case.ladder, case.current)
    if case.cohort > case.most_participants:
        raise contradicts("cohort", "is more than most_participants")
    for place, name in enumerate(case.designs):
        if name in case.designs[:place]:
            raise contradicts(f"designs[{place}]", "is given twice")
    if Boin.of(case.boin_target).toxic >= 1:
        raise CaseError("out_of_range", "boin_target: 1.4 times it is below 1", "boin_target")
    return case


def size_operating(case: Operating) -> int:
    return case.trials


def answer_operating(case: Operating, progress: Progress = lambda _done, _of: None) -> dict[str, Any]:
    hazards = true_hazards(case)
    p_max = [float(-np.expm1(-one.max())) for one in hazards]
    over = [one > case.rule.grade2_above for one in p_max]
    truth = Truth(p=[-np.expm1(-one) for one in hazards], grade3_share=case.truth_grade3_share)
    kept = tallies(
        [MADE[name](case) for name in case.designs],
        truth,
        over,
        seed=case.seed,
        trials=case.trials,
        start=case.ladder.index(case.current),
        most=case.most_participants,
        progress=progress,
    )
    return {
        "truth": [
            {"name": name, "p_max": most, "p_any": float(-np.expm1(-one.sum()))}
            for name, most, one in zip(case.ladder, p_max, hazards, strict=True)
        ],
        "designs": [_characteristics(case, name, tally) for name, tally in zip(case.designs, kept, strict=True)],
    }


def true_hazards(case: Operating) -> list[Array]:
    """Of each rung, of each dose period."""
    driver = driven_by(case.learning)
    truth = hazard_of(driver.drug, case.truth)
    molecule = replace(driver, i50_over_s50=truth.i50 / truth.s50, hill=truth.hill)
    by_name = {schedule.name: schedule for schedule in schedules_of(case.learning)}
    return [
        truth.smax * molecule.areas(by_name[name])(np.array([truth.s50]), np.array([truth.kin]))[0]
        for name in case.ladder
    ]


def _model(case: Operating) -> ModelDesign:
    climb = Climb.of(case.learning, case.ladder, case.rule)
    known: dict[object, Decided] = {}

    def decide(course: SimulatedTrial, rung: int) -> Decided:
        key = (rung, course.grade3, tuple(course.n), tuple(map(tuple, course.events)))
        if key not in known:
            if len(known) >= MOST_KEPT:
                known.clear()
            rows = [
                Row(name, period, n, events)
                for name, n, by_period in zip(case.ladder, course.n, course.events, strict=True)
                for period, events in enumerate(by_period, 1)
            ]
            known[key], _ = climb.decided(rows, case.ladder[rung], Grade3(course.grade3, course.all_events))
        return known[key]

    return ModelDesign(rungs=climb.rungs, decide=decide, cohort=case.cohort)


MADE: dict[str, Callable[[Operating], TrialDesign]] = {
    "model": _model,
    "boin": lambda case: BoinDesign(boin=Boin.of(case.boin_target), cohort=case.cohort),
    "three_plus_three": lambda _case: ThreePlusThree(),
}


def _characteristics(case: Operating, name: str, tally: Tally) -> dict[str, Any]:
    """Shares of trials, means a trial with what 10, 50 and 90 % of the trials do not exceed, why trials ended, and the
    share of participants at a rung that is truly too toxic."""
    trials = tally.trials
    return {
        "design": name,
        "selected": [
            {"name": rung, "share": count / trials} for rung, count in zip(case.ladder, tally.selected, strict=True)
        ],
        "none": (trials - sum(tally.selected)) / trials,
        "participants": tally.participants / trials,
        "events": tally.events / trials,
        "grade3": tally.grade3 / trials,
        "over_share": tally.over / tally.participants if tally.participants else 0.0,
        "quantiles": {one: tally.quantiles(one) for one in ("participants", "events", "grade3", "over_share")},
        "ends": [{"because": end.value, "share": count / trials} for end, count in tally.ends.items()],
    } | ({"mtd_choice": MTD_CHOICE} if name == "boin" else {})
