"""What is called for while values are in danger: in every study, whatever its policy says, and without one. Pure."""

from collections.abc import Sequence

from grading.rules.alerting.conditions_due import DueCondition
from grading.rules.alerting.policy.thresholds import ConditionCode
from grading.rules.grades.danger import Run

KIND = "vitals"
URGENCY = 3  # with the calls and the lapse of grade 3 and above (decisions, Rulings 2)


def danger_conditions(runs: Sequence[Run]) -> tuple[DueCondition, ...]:
    """One for each set at which a run began, with what of it is still in danger; it holds until that is over."""
    by_root: dict[str, list[Run]] = {}
    for run in runs:
        by_root.setdefault(run.root, []).append(run)
    return tuple(
        DueCondition(
            code=ConditionCode.DANGER_VALUE, kind=KIND, anchor=root, grade=0, urgency=URGENCY,
            observed_at=max(run.at for run in begun),
            values={"since": begun[0].since.isoformat(), "newest": max(run.at for run in begun).isoformat()}
            | {run.field: run.text for run in begun},
        )
        for root, begun in by_root.items()
    )  # fmt: skip
