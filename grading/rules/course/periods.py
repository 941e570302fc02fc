"""What one dose period showed: the sponsor's row, folded from its facts.

Empty (None) means not known, never "normal" and never "no CRS".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from grading.rules.course.episodes import CourseEpisode, worst
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.final_outcome import Settled
from grading.rules.course.signs import count_vasopressors
from grading.rules.course.slots import Filled, Slotted
from grading.rules.course.spans import SupportHours
from grading.rules.drugs.names import TOCILIZUMAB
from grading.rules.grades.graded import Graded
from grading.rules.treatment.indication import is_premedication, is_prophylaxis, treats_syndrome
from grading.rules.treatment.premedication import PREMEDICATION_WITHIN
from grading.rules.treatment.steroids import dexamethasone_mg
from regimens.rules.elapsed import hours, two_decimals

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
PLAUSIBLE_FROM_C = Decimal(30)  # C10: below is missing


@dataclass(frozen=True, slots=True, kw_only=True)
class VitalsSeen:
    """The values of one set that the row keeps extremes of."""

    at: datetime
    temperature_c: Decimal | None
    sbp: Decimal | None
    dbp: Decimal | None
    mean_pressure: Decimal | None
    heart_rate: Decimal | None
    respiratory_rate: Decimal | None
    spo2: Decimal | None
    oxygen_device: str | None
    oxygen_flow_l_min: Decimal | None
    vasopressors: tuple[str, ...] | None
    fluid_bolus: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodDrug:
    at: datetime
    drug: str
    drug_class: str
    indication: str
    dose: Decimal | None
    unit: str


@dataclass(kw_only=True)
class Seen(Filled):
    """What the sets of a period showed: each set adds to it, whatever comes later."""

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
    sbp_min: Decimal | None = None
    dbp_min: Decimal | None = None
    mean_pressure_min: Decimal | None = None
    heart_rate_max: Decimal | None = None
    respiratory_rate_max: Decimal | None = None
    spo2_min: Decimal | None = None
    oxygen_level_max: int | None = None
    oxygen_flow_max_l_min: Decimal | None = None
    vasopressors_max: int | None = None
    vasopressin_given: bool | None = None
    bolus_given: bool | None = None
    ice_min: int | None = None
    capd_max: int | None = None


@dataclass(kw_only=True)
class Given:
    """The drugs of a period; totals are made of all of them."""

    tocilizumab_doses: int = 0
    tocilizumab_mg: Decimal | None = None
    tocilizumab_first_at: datetime | None = None
    tocilizumab_prophylaxis: bool = False
    steroid_dexamethasone_mg: Decimal | None = None
    steroid_first_at: datetime | None = None
    steroid_premedication: bool = False
    steroid_premedication_mg: Decimal | None = None
    other_anticytokine: bool = False


@dataclass(frozen=True, slots=True)
class Carried:
    """What was open when the dose was given: CRS, and what a provisional episode could be (None: none was open)."""

    crs: bool = False
    provisional: int | None = None


@dataclass(kw_only=True)
class Concluded:
    """The outcome of a period: of its episodes, and so of what comes after its end too."""

    crs_any: bool | None = None
    crs_carried: bool | None = None
    crs_episodes: int | None = None
    crs_recurrent: bool | None = None
    crs_max_grade: int | None = None
    crs_at_most: int | None = None
    crs_peak: int | None = None
    crs_provisional: int | None = None
    crs_provisional_carried: int | None = None
    crs_onset_at: datetime | None = None
    crs_max_at: datetime | None = None
    crs_resolved_at: datetime | None = None
    crs_duration_h: Decimal | None = None
    crs_first_duration_h: Decimal | None = None
    crs_ongoing: bool | None = None
    icans_any: bool | None = None
    icans_max_grade: int | None = None
    icans_onset_at: datetime | None = None
    icans_duration_h: Decimal | None = None


@dataclass(kw_only=True)
class PeriodRow(Seen, Given, Concluded, Settled, SupportHours, Slotted):
    """One dose period. The names are those of the projection table, but for `plans`, which are not kept.

    The names of the export are in exports/columns.py.
    """

    dose_number: int
    started_at: datetime
    ended_at: datetime | None = None
    ended_by: str = ""
    window_ends_at: datetime | None = None
    hospital_h: Decimal | None = None
    icu_h: Decimal | None = None
    hospital_from: datetime | None = None
    icu_from: datetime | None = None
    dose_ended_at: datetime | None = None
    release_deviation: str = ""
    started_local: str = ""
    ended_local: str = ""
    dose_ended_local: str = ""
    crs_onset_local: str = ""
    crs_resolved_local: str = ""
    study_day: int | None = None
    length_h: Decimal | None = None
    delay_h: Decimal | None = None
    is_restart: bool = False
    judged_at: datetime | None = None

    def take(self, other: object, *parts: type[Seen] | type[Given]) -> None:
        """These parts as `other` has them: what came before is not looked at again."""
        for part in parts:
            for one in fields(part):
                setattr(self, one.name, getattr(other, one.name))

    def see_vitals(self, seen: VitalsSeen, *, graded: Graded) -> None:
        """One more set in this period, with its grade. One with data missing raises the peak, and leaves no 0."""
        if self.window_ends_at is not None and seen.at <= self.window_ends_at:
            since = self.last_vitals_at or self.started_at
            self.longest_gap_h = _most(self.longest_gap_h, hours(seen.at - since))
        self.last_vitals_at = seen.at
        self.vitals_recorded += 1
        self.crs_definite += graded.is_definite
        self.crs_at_most = self.crs_sets_at_most = _most(self.crs_sets_at_most, graded.at_most)
        if graded.is_definite or graded.at_least > 0:
            self.crs_sets_peak = _most(self.crs_sets_peak, graded.at_least)
        hottest = PLAUSIBLE_FROM_C if self.temperature_max_c is None else self.temperature_max_c
        if seen.temperature_c is not None and seen.temperature_c > hottest:
            self.temperature_max_c, self.temperature_max_at = seen.temperature_c, seen.at
        self.sbp_min = _least(self.sbp_min, seen.sbp)
        self.dbp_min = _least(self.dbp_min, seen.dbp)
        self.mean_pressure_min = _least(self.mean_pressure_min, seen.mean_pressure)
        self.heart_rate_max = _most(self.heart_rate_max, seen.heart_rate)
        self.respiratory_rate_max = _most(self.respiratory_rate_max, seen.respiratory_rate)
        self.spo2_min = _least(self.spo2_min, seen.spo2)
        level = None if seen.oxygen_device is None else OXYGEN_LEVEL[seen.oxygen_device]
        self.oxygen_level_max = _most(self.oxygen_level_max, level)
        self.oxygen_flow_max_l_min = _most(self.oxygen_flow_max_l_min, seen.oxygen_flow_l_min)
        if seen.vasopressors is not None:
            count = count_vasopressors(seen.vasopressors)
            self.vasopressors_max = _most(self.vasopressors_max, count.besides_vasopressin)
            self.vasopressin_given = bool(self.vasopressin_given) or count.vasopressin
        if seen.fluid_bolus is not None:
            self.bolus_given = bool(self.bolus_given) or seen.fluid_bolus

    def see_neuro(self, *, ice: int | None, capd: int | None, definite: bool) -> None:
        self.neuro_recorded += 1
        self.ice_recorded += ice is not None
        self.icans_definite += definite
        self.ice_min = _least(self.ice_min, ice)
        self.capd_max = _most(self.capd_max, capd)

    def treat(self, drugs: Sequence[PeriodDrug]) -> None:
        """All drugs given inside this period and in the hours before its dose, in order of time."""
        inside = [d for d in drugs if d.at >= self.started_at]
        treating = [d for d in inside if treats_syndrome(d.indication)]
        toci = [d for d in treating if d.drug == TOCILIZUMAB]
        self.tocilizumab_doses = len(toci)
        self.tocilizumab_first_at = toci[0].at if toci else None
        self.tocilizumab_mg = _total(d.dose if d.unit == "mg" else None for d in toci)
        self.tocilizumab_prophylaxis = any(d.drug == TOCILIZUMAB and is_prophylaxis(d.indication) for d in inside)
        self.other_anticytokine = any(d.drug_class == "anticytokine" and d.drug != TOCILIZUMAB for d in treating)
        steroids = [d for d in treating if d.drug_class == "corticosteroid"]
        self.steroid_first_at = steroids[0].at if steroids else None
        self.steroid_dexamethasone_mg = _total(_dexamethasone_mg(d) for d in steroids)
        before = [
            d
            for d in drugs
            if d.drug_class == "corticosteroid"
            and is_premedication(d.indication)
            and self.started_at - PREMEDICATION_WITHIN <= d.at <= self.started_at
        ]
        self.steroid_premedication = bool(before)
        self.steroid_premedication_mg = _total(_dexamethasone_mg(d) for d in before)

    def conclude(self, *, own: list[CourseEpisode], carried: Carried, crs_before: bool) -> None:
        """The outcome columns, from the episodes that began in this period, as if nobody had judged any.

        `carried`: what was still open at this dose. `crs_before`: CRS in an earlier period.
        A period whose sets were all indeterminate says nothing about CRS (convention): it stays None.
        Nothing stays of an earlier conclusion.
        """
        for one in fields(Concluded):
            setattr(self, one.name, one.default)
        self.count_slots(stops_at=self.ended_at)
        self.crs_at_most, self.crs_peak = self.crs_sets_at_most, self.crs_sets_peak
        provisional = [e.at_most for e in own if e.kind == CRS and e.provisional]
        self.crs_provisional, self.crs_provisional_carried = max(provisional, default=None), carried.provisional
        self.crs_at_most = _most(self.crs_at_most, self.crs_provisional)
        crs = [e for e in own if e.kind == CRS and not e.provisional]
        icans = [e for e in own if e.kind == ICANS]
        if carried.crs or (self.vitals_recorded and carried.provisional is None):
            self.crs_carried = carried.crs
        if crs or self.crs_definite:
            self.crs_any, self.crs_episodes, self.crs_recurrent = bool(crs), len(crs), bool(crs) and crs_before
            self.crs_max_grade = max((e.max_grade for e in crs), default=0)
        if top := worst(crs):
            self.crs_onset_at, self.crs_max_at = crs[0].started_at, top.max_at
            self.crs_at_most = _most(self.crs_at_most, max(e.at_most for e in crs))
            ends = [e.ended_at for e in crs if e.ended_at is not None]
            self.crs_ongoing = len(ends) < len(crs)
            self.crs_resolved_at = None if self.crs_ongoing else max(ends)
            self.crs_duration_h = _duration(crs)
            self.crs_first_duration_h = _duration(crs[:1])
        if icans or self.icans_definite:
            self.icans_any = bool(icans)
            self.icans_max_grade = max((e.max_grade for e in icans), default=0)
        if icans:
            self.icans_onset_at, self.icans_duration_h = icans[0].started_at, _duration(icans)


def _dexamethasone_mg(given: PeriodDrug) -> Decimal | None:
    return dexamethasone_mg(given.drug, given.dose, given.unit)


def _total(doses: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None where there is nothing to add or one of them is not known: a part is not a total."""
    known = list(doses)
    if not known or any(dose is None for dose in known):
        return None
    return two_decimals(sum((dose for dose in known if dose is not None), Decimal(0)))


def _duration(episodes: Iterable[CourseEpisode]) -> Decimal | None:
    """Hours, all episodes together; None while one of them has no end."""
    total = timedelta()
    for episode in episodes:
        if episode.ended_at is None:
            return None
        total += episode.ended_at - episode.started_at
    return hours(total)


def _most(so_far: N | None, value: N | None) -> N | None:
    """The greater of two, where None is nobody looked."""
    if so_far is None or value is None:
        return value if so_far is None else so_far
    return max(so_far, value)


def _least(so_far: N | None, value: N | None) -> N | None:
    if so_far is None or value is None:
        return value if so_far is None else so_far
    return min(so_far, value)
