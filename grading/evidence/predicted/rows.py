"""A count of dose periods laid over its prediction: of each dose of each rung, and of all of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from grading.evidence.outcomes import OutcomePeriod
from grading.rules.evidence.dose_outcomes import DoseOutcome

if TYPE_CHECKING:  # numpy: only where something is computed
    from regimens.design.adaptive.surface import Array

Probabilities = Mapping[UUID, "Array"]  # of a dose, by its key: one a draw


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """Of `n` dose periods with an outcome and a prediction, `events` had CRS.

    `interval`: 5 to 95 % of the count; `mean_interval`: 95 % of their mean probability. `bits` None: no draw allows
    such a count. `direction`: `more`, `fewer` or `as` was foretold. `means`: of each draw, their mean probability.
    """

    n: int
    events: int
    expected: float
    interval: tuple[int, int]
    mean: float
    mean_interval: tuple[float, float]
    means: tuple[float, ...]
    u: float
    bits: float | None
    direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictedRow:
    """Dose periods of one dose of one rung. `place` 0: of all. `unpredicted`: of the known, those without a prediction.

    `prior`: by the draws that were frozen; `posterior`: by what the outcomes left of them. None: nothing to lay over.
    """

    rung: str
    place: int
    given: int
    known: int
    open: int
    undeterminable: int
    events: int
    unpredicted: int
    prior: Foretold | None
    posterior: Foretold | None


def rows_of(
    periods: Iterable[OutcomePeriod], endpoint: str, *, prior: Probabilities, posterior: Probabilities
) -> list[PredictedRow]:
    """In the order of rungs and doses; the last row is of all, and the only one where there is none."""
    each: dict[tuple[str, int], list[OutcomePeriod]] = {}
    every = list(periods)
    for one in every:
        each.setdefault((one.rung, one.place), []).append(one)
    groups = [*sorted(each.items()), (("", 0), every)]
    return [_row(key, group, endpoint, prior, posterior) for key, group in groups]


def _row(
    key: tuple[str, int], group: Sequence[OutcomePeriod], endpoint: str, prior: Probabilities, posterior: Probabilities
) -> PredictedRow:
    seen = [(one, one.outcome(endpoint)) for one in group]
    known = [(one, outcome) for one, outcome in seen if outcome.is_known]
    return PredictedRow(
        rung=key[0], place=key[1], given=len(group), known=len(known),
        open=sum(outcome is DoseOutcome.OPEN for _one, outcome in seen),
        undeterminable=sum(outcome is DoseOutcome.UNDETERMINABLE for _one, outcome in seen),
        events=sum(outcome is DoseOutcome.EVENT for _one, outcome in seen),
        unpredicted=sum(one.dose not in prior for one, _outcome in known), prior=_foretold(known, prior),
        posterior=_foretold(known, posterior),
    )  # fmt: skip


def _foretold(known: Sequence[tuple[OutcomePeriod, DoseOutcome]], by_dose: Probabilities) -> Foretold | None:
    mine = [(by_dose[one.dose], outcome) for one, outcome in known if one.dose in by_dose]
    if not mine:
        return None
    from regimens.design.observed.counts import laid_over

    n, events = len(mine), sum(outcome is DoseOutcome.EVENT for _p, outcome in mine)
    of, means, mean_interval = laid_over([p for p, _outcome in mine], events)
    return Foretold(
        n=n, events=events, expected=of.expected, interval=of.interval, mean=of.expected / n,
        mean_interval=mean_interval, means=means, u=of.u, bits=of.bits, direction=of.direction,
    )  # fmt: skip
