"""What the sets of a dose period showed: extremes and counts. None: nobody looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from grading.rules.course.signs import count_vasopressors
from grading.rules.course.slots import Filled
from grading.rules.grades.crs import FEVER_FROM_C
from grading.rules.grades.graded import Graded

N = TypeVar("N", int, Decimal)
# O2MAXN of the export: 0 air .. 6 invasive.
OXYGEN_LEVEL = {
    "room_air": 0,
    "nasal_cannula": 1,
    "blow_by": 1,
    "face_mask": 2,
    "venturi_mask": 3,
    "non_rebreather": 3,
    "high_flow_nasal_cannula": 4,
    "cpap": 5,
    "bipap": 5,
    "mechanical_ventilation": 6,
}
OXYGEN_NAME = (  # O2MAXC, by level
    "ROOM AIR",
    "LOW-FLOW NASAL CANNULA OR BLOW-BY",
    "SIMPLE FACE MASK",
    "VENTURI OR NON-REBREATHER MASK",
    "HIGH-FLOW NASAL CANNULA",
    "CPAP OR BIPAP",
    "INVASIVE MECHANICAL VENTILATION",
)
PLAUSIBLE_FROM_C = Decimal(30)  # C10: below is missing
# docs/sources/exports_columns.csv, FEVHRS: an interval between two fevers counts for no more, whoever slept between.
FEVER_INTERVAL_MOST = timedelta(hours=8)


def mean_pressure(sbp: Decimal, dbp: Decimal) -> Decimal:
    """In mmHg, computed from both pressures as (systolic + 2 x diastolic) / 3, to one decimal."""
    return ((sbp + 2 * dbp) / 3).quantize(Decimal("0.1"))


def mean_or_computed(
    entered: Decimal | None, *, sbp: Decimal | None, dbp: Decimal | None
) -> tuple[Decimal | None, bool]:
    """The mean pressure of a set, and whether it was made here of the other two. None: it cannot be."""
    if entered is None and sbp is not None and dbp is not None:
        return mean_pressure(sbp, dbp), True
    return entered, False


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsSeen:
    """The values of one set that the row keeps extremes of.

    `mean_pressure_computed`: it is made of the other two pressures. `imported`: it came from a device or a record.
    """

    at: datetime
    temperature_c: Decimal | None
    sbp: Decimal | None
    dbp: Decimal | None
    mean_pressure: Decimal | None
    mean_pressure_computed: bool = False
    heart_rate: Decimal | None
    respiratory_rate: Decimal | None
    spo2: Decimal | None
    oxygen_device: str | None
    oxygen_flow_l_min: Decimal | None
    vasopressors: tuple[str, ...] | None
    fluid_bolus: bool | None
    fio2_percent: Decimal | None = None
    imported: bool = False


@dataclass(kw_only=True)
class Seen(Filled):
    """What the sets of a period showed: each set adds to it, whatever comes later.

    `fever_s`: seconds between two readings of fever that follow each other; None: no temperature was read. `fever_at`:
    of the last reading, where it was one of fever. `imported_readings`: sets that came from a device or a record.
    """

    vitals_recorded: int = 0
    neuro_recorded: int = 0
    ice_recorded: int = 0
    crs_definite: int = 0
    icans_definite: int = 0
    crs_sets_at_most: int | None = None
    crs_sets_peak: int | None = None
    longest_gap_h: Decimal | None = None
    last_vitals_at: datetime | None = None
    temperature_max_c: Decimal | None = None
    temperature_max_at: datetime | None = None
    fever_s: int | None = None
    fever_at: datetime | None = None
    sbp_min: Decimal | None = None
    dbp_min: Decimal | None = None
    mean_pressure_min: Decimal | None = None
    mean_pressure_min_computed: bool | None = None
    heart_rate_max: Decimal | None = None
    respiratory_rate_max: Decimal | None = None
    spo2_min: Decimal | None = None
    oxygen_level_max: int | None = None
    oxygen_flow_max_l_min: Decimal | None = None
    fio2_max_percent: Decimal | None = None
    vasopressors_max: int | None = None
    vasopressin_given: bool | None = None
    bolus_given: bool | None = None
    ice_min: int | None = None
    capd_max: int | None = None
    seizure_seen: bool | None = None
    imported_readings: int = 0

    def add_vitals(self, seen: VitalsSeen, *, graded: Graded) -> None:
        """One more set, with its grade. One with data missing raises the peak, and leaves no 0."""
        self.last_vitals_at = seen.at
        self.vitals_recorded += 1
        self.crs_definite += graded.is_definite
        self.crs_sets_at_most = greater(self.crs_sets_at_most, graded.at_most)
        if graded.is_definite or graded.at_least > 0:
            self.crs_sets_peak = greater(self.crs_sets_peak, graded.at_least)
        self._add_temperature(seen)
        self.sbp_min = lesser(self.sbp_min, seen.sbp)
        self.dbp_min = lesser(self.dbp_min, seen.dbp)
        self._add_mean_pressure(seen)
        self.heart_rate_max = greater(self.heart_rate_max, seen.heart_rate)
        self.respiratory_rate_max = greater(self.respiratory_rate_max, seen.respiratory_rate)
        self.spo2_min = lesser(self.spo2_min, seen.spo2)
        level = None if seen.oxygen_device is None else OXYGEN_LEVEL[seen.oxygen_device]
        self.oxygen_level_max = greater(self.oxygen_level_max, level)
        self.oxygen_flow_max_l_min = greater(self.oxygen_flow_max_l_min, seen.oxygen_flow_l_min)
        self.fio2_max_percent = greater(self.fio2_max_percent, seen.fio2_percent)
        self.imported_readings += seen.imported
        if seen.vasopressors is not None:
            count = count_vasopressors(seen.vasopressors)
            self.vasopressors_max = greater(self.vasopressors_max, count.besides_vasopressin)
            self.vasopressin_given = bool(self.vasopressin_given) or count.vasopressin
        if seen.fluid_bolus is not None:
            self.bolus_given = bool(self.bolus_given) or seen.fluid_bolus

    def _add_temperature(self, seen: VitalsSeen) -> None:
        if seen.temperature_c is None or seen.temperature_c < PLAUSIBLE_FROM_C:
            return  # nobody knows whether the fever went on: the next reading says
        if self.temperature_max_c is None or seen.temperature_c > self.temperature_max_c:
            self.temperature_max_c, self.temperature_max_at = seen.temperature_c, seen.at
        self.fever_s = self.fever_s or 0
        fever = seen.temperature_c >= FEVER_FROM_C
        if fever and self.fever_at is not None:
            self.fever_s += int(min(seen.at - self.fever_at, FEVER_INTERVAL_MOST).total_seconds())
        self.fever_at = seen.at if fever else None

    def _add_mean_pressure(self, seen: VitalsSeen) -> None:
        """Of two that are equally low, the one that was measured."""
        mean, lowest = seen.mean_pressure, self.mean_pressure_min
        if mean is None:
            return
        if lowest is None or mean < lowest:
            self.mean_pressure_min, self.mean_pressure_min_computed = mean, seen.mean_pressure_computed
        elif mean == lowest:
            self.mean_pressure_min_computed = bool(self.mean_pressure_min_computed) and seen.mean_pressure_computed

    def see_neuro(self, *, ice: int | None, capd: int | None, definite: bool, seizure: bool | None = None) -> None:
        """One more neurological assessment. `definite`: its grade leaves no doubt. `seizure` None: nobody said."""
        self.neuro_recorded += 1
        self.ice_recorded += ice is not None
        self.icans_definite += definite
        self.ice_min = lesser(self.ice_min, ice)
        self.capd_max = greater(self.capd_max, capd)
        if seizure is not None:
            self.seizure_seen = bool(self.seizure_seen) or seizure


def greater(so_far: N | None, value: N | None) -> N | None:
    """The greater of two, where None is nobody looked."""
    if so_far is None or value is None:
        return value if so_far is None else so_far
    return max(so_far, value)


def lesser(so_far: N | None, value: N | None) -> N | None:
    """The lesser of two, where None is nobody looked."""
    if so_far is None or value is None:
        return value if so_far is None else so_far
    return min(so_far, value)
