"""The dose that begins a period: what was given, what was planned, and how long it is to be watched."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

# PERENDC of the export: the next dose, or by how observation ended.
NEXT_DOSE = "NEXT DOSE"
ENDED_BY = {
    "death_crs": "DEATH",
    "death_icans": "DEATH",
    "death_other": "DEATH",
    "completed": "END OBSERVATION",
    "discontinued": "DISCONTINUED",
    "lost": "LOST",
}


@dataclass(kw_only=True)
class Dosed:
    """`planned_dose` in the unit given; None: not known. `weighed_at`: when a weight up to it came in last.

    `risk_ends_at`: None where the step names no risk window. `risk_complete` and `censored` are of a period that is
    over; of one that is open, whoever reads compares with his own instant. `phase`: None, where it is of no plan.
    """

    dose_status: str = ""
    dose_amount: Decimal | None = None
    dose_unit: str | None = None
    dose_route: str | None = None
    planned_dose: Decimal | None = None
    weighed_at: datetime | None = None
    phase: str | None = None
    risk_ends_at: datetime | None = None
    risk_complete: bool | None = None
    censored: bool | None = None

    def watch(self, *, started_at: datetime, ended_at: datetime | None, ended_by: str, window_h: int | None) -> None:
        """Whether the risk window was seen through; a period cut short before its end is censored."""
        self.risk_ends_at = None if window_h is None else started_at + timedelta(hours=window_h)
        if self.risk_ends_at is not None and ended_at is not None:
            self.risk_complete = self.risk_ends_at <= ended_at
            self.censored = ended_by != NEXT_DOSE and not self.risk_complete
        elif ended_at is not None and ended_by == NEXT_DOSE:
            self.censored = False


def phase_of(*, is_target: bool, is_restart: bool) -> str:
    """APHASE. `is_restart`: a dose of a later step was given before, so that the escalation began again."""
    return "TREATMENT" if is_target else "RE-START" if is_restart else "STEP-UP"
