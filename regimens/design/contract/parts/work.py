"""How many steps in time a case asks for, told before it is computed: the web process takes only what costs little."""

from collections.abc import Iterable, Sequence

from regimens.design.doses import DoseGiven, restarts_of
from regimens.design.kinetics import grid
from regimens.design.parameters import Drug

SOLUBLE_TARGET = 4  # a step of elranatamab in many people costs so many of another drug's
SURFACE = 4  # a step over all points of the posterior, beside what each person in it costs


def steps_of(
    drug: Drug, doses: Iterable[DoseGiven], stops_d: Sequence[float], pace: grid.Pace = grid.DEFAULT, *, people: int = 1
) -> int:
    """Steps from the first dose or stop to the last stop, as if of a drug whose steps are cheap."""
    last = max(stops_d)
    entering = restarts_of(drug, doses, last)
    steps = sum(len(one.steps_d) for one in grid.stretches([*stops_d, *entering], entering, pace))
    return steps * SOLUBLE_TARGET if drug.model == "soluble_target" and people > 1 else steps
