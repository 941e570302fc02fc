"""What the next set needs to know of the record before it, written beside the participant's current state."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from grading.course.record import Baseline
from grading.models import CurrentState
from grading.rules import timeline
from grading.rules.timeline import State


@dataclass(slots=True)
class Memory:
    """What `continue_with` needs besides the fold: the outcome columns of the running period depend on it."""

    state: State = field(default_factory=State)
    own: list[timeline.Episode] = field(default_factory=list)
    carried: bool = False
    crs_before: bool = False
    baseline: Baseline = field(default_factory=Baseline)

    def write(self) -> dict[str, Any]:
        return {
            "state": timeline.write_state(self.state),
            "own": [timeline.write_episode(e) for e in self.own],
            "carried": self.carried,
            "crs_before": self.crs_before,
            "baseline": [None if v is None else str(v) for v in (self.baseline.sbp, self.baseline.prompt_below)],
        }

    @classmethod
    def read(cls, data: dict[str, Any]) -> "Memory":
        if not data:
            return cls()
        sbp, prompt = (None if v is None else Decimal(v) for v in data["baseline"])
        return cls(
            state=timeline.read_state(data["state"]),
            own=[timeline.read_episode(e) for e in data["own"]],
            carried=data["carried"],
            crs_before=data["crs_before"],
            baseline=Baseline(sbp, prompt),
        )


def says_something(state: CurrentState) -> bool:
    """Whether any fact stands behind this row."""
    return state.fold != Memory().write() or bool(state.ward or state.bed or state.ended or state.period_id)
