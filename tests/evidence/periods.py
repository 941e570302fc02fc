"""Dose periods for tests of what is counted of them, without a database."""

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from grading.evidence.outcomes import OutcomePeriod
from grading.rules.evidence.dose_outcomes import DoseOutcome

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def period(participant: int, place: int, grade: int | None = 0, **changes: Any) -> OutcomePeriod:
    """Watched to its end for a week; `grade` of its CRS, 0: without, None: not known."""
    begun = START + timedelta(days=7 * place)
    outcomes = {
        name: DoseOutcome.UNDETERMINABLE
        if grade is None
        else DoseOutcome.EVENT
        if grade >= least
        else DoseOutcome.CLEAR
        for name, least in (("crs_any", 1), ("crs_grade2", 2))
    }
    values = {
        "dose": uuid.uuid4(), "participant": participant, "number": f"X-{participant:03}", "site": "TPE", "cohort": "",
        "regimen": 1, "step": f"STEP {place}", "place": place, "started_at": begun,
        "ended_at": begun + timedelta(days=7), "ended_by": "NEXT DOSE", "grade": grade,
        "onset_h": Decimal(20) if grade else None, "observed_h": Decimal(168), "sets": 20, "sets_without_doubt": 20,
        "rung": "", "infusion_h": None, "window_ends_at": None,
        "tocilizumab": False, "steroid": False, "dose_mg": Decimal(1), "weight_kg": Decimal(70),
    }  # fmt: skip
    return OutcomePeriod(**values | outcomes | changes)


def periods_at(place: int, *grades: int | None) -> list[OutcomePeriod]:
    """A participant each."""
    return [period(number, place, grade) for number, grade in enumerate(grades, 1)]
