"""What the gate answers: a decision, the step it is about, and every criterion with its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from regimens.rules.gate.texts import TEXTS
from regimens.rules.gate.to_do import AFTER, DISCONTINUE, WAIT, ToDo


class Decision(StrEnum):
    """What is proposed. An investigator decides."""

    GO = "go"
    HOLD = "hold"
    RESTART = "restart"
    STOP = "stop"


class Standing(StrEnum):
    """Whether a criterion is met. UNKNOWN holds as NOT_MET does."""

    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


HOLDING = (Standing.NOT_MET, Standing.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion. `sentence` is the key of its words in TEXTS, `values` what stands in it.

    `from_h`: the hour from which it is met by the clock alone, None where no clock decides it.
    """

    code: str
    state: Standing
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    source: str
    from_h: Decimal | None = None

    @property
    def text(self) -> str:
        return TEXTS[self.sentence].format(**self.values)

    @property
    def to_do(self) -> ToDo | None:
        """The one thing that lifts it. None: it holds nothing."""
        if self.state not in HOLDING:
            return None
        return ToDo(code=WAIT if self.from_h is not None else AFTER[self.sentence], values=self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`step`: to give now, or next once the hold is lifted; None for stop, or where the plan has no further dose.

    `earliest_h`: the first hour at which every clock is satisfied; None where no clock will lift the hold.
    `inpatient_hours`: of observation after that step; None where none is named, or how long is not known.
    """

    decision: Decision
    step: str | None
    earliest_h: Decimal | None
    inpatient_hours: Decimal | None
    criteria: tuple[Criterion, ...]

    @property
    def to_do(self) -> ToDo | None:
        """The first thing to do about a hold; waiting only where nothing else is left. None: nothing holds."""
        to_dos = [one.to_do for one in self.criteria if one.to_do is not None]
        order = (DISCONTINUE,) if self.decision is Decision.STOP else ()
        return min(to_dos, key=lambda one: (one.code not in order, one.code == WAIT), default=None)


def plain(number: Decimal | int | None) -> str:
    """48 rather than 48.00; at most two decimals, as nobody waits for seconds."""
    text = f"{round(Decimal(number or 0), 2):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
