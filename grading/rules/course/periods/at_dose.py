"""What was known when the dose was given: the weight, the last looks before it, and where the participant lay."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from grading.rules.course.periods.sets import PLAUSIBLE_FROM_C, VitalsSeen

# docs/sources/exports_columns.csv: TEMPBL, SBPBL and SPO2BL are the last valid reading in [-24 h, 0] of a dose.
BASELINE_WITHIN = timedelta(hours=24)
Timed = tuple[datetime, Decimal | int | None]  # a score, and since when
INPATIENT, OUTPATIENT = "INPATIENT", "OUTPATIENT"  # SETTING of the export


@dataclass(kw_only=True)
class LooksBefore:
    """The last valid reading of each in the 24 h up to the dose, and the last ICE of all. None: nobody looked."""

    temperature_before_c: Decimal | None = None
    sbp_before: Decimal | None = None
    spo2_before: Decimal | None = None
    ice_before: int | None = None

    def look_back(self, sets: Sequence[VitalsSeen], *, dosed_at: datetime, ice: int | None) -> None:
        """`sets` in order of time, whatever lies before or after; one at the minute of the dose is before it."""
        for seen in sets:
            if not dosed_at - BASELINE_WITHIN <= seen.at <= dosed_at:
                continue
            if seen.temperature_c is not None and seen.temperature_c >= PLAUSIBLE_FROM_C:
                self.temperature_before_c = seen.temperature_c
            self.sbp_before = self.sbp_before if seen.sbp is None else seen.sbp
            self.spo2_before = self.spo2_before if seen.spo2 is None else seen.spo2
        self.ice_before = ice


@dataclass(kw_only=True)
class AtDose(LooksBefore):
    """The rest that the dose itself says. `setting` None: no stay is on record, which is not "at home".

    `dose_total_mg` None: no weight for a dose by weight, or a rate. `first_part_number`: the dose that began this one,
    where it is the second part of a split dose; else its own number. `next_delay_h`: of the next dose given.
    """

    weight_kg: Decimal | None = None
    dose_total_mg: Decimal | None = None
    setting: str | None = None
    first_part_number: int | None = None
    next_delay_h: Decimal | None = None


def last_ice(assessed: Timed | None, entered: Timed | None) -> int | None:
    """The score of the last assessment with all items up to the dose, or a baseline that was entered since."""
    last = entered if entered is not None and (assessed is None or entered[0] > assessed[0]) else assessed
    return None if last is None or last[1] is None else int(last[1])


def setting_at(dosed_at: datetime, stays: Iterable[tuple[datetime, datetime | None]]) -> str | None:
    """SETTING. `stays`: arrival and leave, None while there; half-open, so that who has just left is not there."""
    known = list(stays)
    if not known:
        return None
    there = any(came <= dosed_at and (left is None or dosed_at < left) for came, left in known)
    return INPATIENT if there else OUTPATIENT
