"""The next-dose gate. Pure: the standard library and other rules."""

from regimens.rules.gate.answer import HOLDING, Answer, Criterion, Decision, Standing
from regimens.rules.gate.case import NINE, Case, Given, State
from regimens.rules.gate.decide import decide, decide_case, longer_after

__all__ = [
    "HOLDING",
    "NINE",
    "Answer",
    "Case",
    "Criterion",
    "Decision",
    "Given",
    "Standing",
    "State",
    "decide",
    "decide_case",
    "longer_after",
]
