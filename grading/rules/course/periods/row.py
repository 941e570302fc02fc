"""What one dose period showed: the sponsor's row, folded from its facts.

Empty (None) means not known, never "normal" and never "no CRS".
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal

from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.final_outcome import Settled
from grading.rules.course.periods.at_dose import AtDose, LooksBefore, setting_at
from grading.rules.course.periods.dosing import Dosed
from grading.rules.course.periods.drugs import Given, GivenFlags, PeriodDrug
from grading.rules.course.periods.outcome import Carried, Concluded
from grading.rules.course.periods.sets import OXYGEN_NAME, Seen, VitalsSeen, greater
from grading.rules.course.slots import Slotted
from grading.rules.course.spans import Span, SupportHours, stayed
from grading.rules.grades.graded import Graded
from regimens.rules.elapsed import hours


@dataclass(kw_only=True)
class PeriodRow(Seen, Given, GivenFlags, Dosed, AtDose, Concluded, Settled, SupportHours, Slotted):
    """One dose period. The names are those of the projection table, but for `plans`, which are not kept.

    The names of the export are in exports/datasets/adcrsp/columns.py.
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
    release_deviation: str | None = None
    started_local: str | None = None
    ended_local: str | None = None
    dose_ended_local: str | None = None
    crs_onset_local: str | None = None
    crs_resolved_local: str | None = None
    study_day: int | None = None
    length_h: Decimal | None = None
    delay_h: Decimal | None = None
    temperature_max_h: Decimal | None = None
    fever_h: Decimal | None = None
    oxygen_max: str | None = None
    vitals_counted: int | None = None
    judged_at: datetime | None = None

    def take(self, other: object, *parts: type[Seen] | type[Given] | type[LooksBefore]) -> None:
        """These parts as `other` has them: what came before is not looked at again."""
        for part in parts:
            for one in fields(part):
                setattr(self, one.name, getattr(other, one.name))

    def see_vitals(self, seen: VitalsSeen, *, graded: Graded) -> None:
        """One more set in this period, with its grade. Of the gap before it the part in the inpatient window counts."""
        since = self.last_vitals_at or self.started_at
        if self.window_ends_at is not None and since < self.window_ends_at:
            self.longest_gap_h = greater(self.longest_gap_h, hours(min(seen.at, self.window_ends_at) - since))
        self.add_vitals(seen, graded=graded)
        self.crs_at_most = self.crs_sets_at_most

    def stop(self, at: datetime, ended_by: str) -> None:
        """Observation ended, and the period with it, unless the next dose came first."""
        if at >= self.started_at and (self.ended_at is None or at < self.ended_at):
            self.ended_at, self.ended_by = at, ended_by

    def stay_for(self, stays: Sequence[tuple[str, Span]]) -> None:
        """All stays of the participant, each "ward" or "icu": where the dose was given, and the hours of both."""
        spans = [span for _kind, span in stays]
        in_icu = [span for kind, span in stays if kind == "icu"]
        there = stayed(spans, known=bool(stays), started_at=self.started_at, ended_at=self.ended_at)
        icu = stayed(in_icu, known=bool(stays), started_at=self.started_at, ended_at=self.ended_at)
        self.hospital_h, self.hospital_from = there.hours, there.counts_from
        self.icu_h, self.icu_from = icu.hours, icu.counts_from
        self.setting = setting_at(self.started_at, [(span.start, span.end) for span in spans])

    def treat(self, drugs: Sequence[PeriodDrug]) -> None:
        """All drugs given inside this period and in the hours before its dose, in order of time."""
        self.add_up(drugs, dosed_at=self.started_at)

    def conclude(self, *, own: list[CourseEpisode], carried: Carried, crs_before: bool) -> None:
        """With all its sets and drugs there: what the slots and the episodes come to."""
        self.count_slots(stops_at=self.ended_at)
        self.vitals_counted = self.vitals_recorded if self.plans.vitals is None else self.vitals_on_time
        looked = bool(self.vitals_recorded or self.neuro_recorded)
        self.answer(self, looked=looked, dosed_at=self.started_at)
        hottest, level = self.temperature_max_at, self.oxygen_level_max
        self.temperature_max_h = None if hottest is None else hours(hottest - self.started_at)
        self.fever_h = None if self.fever_s is None else hours(timedelta(seconds=self.fever_s))
        self.oxygen_max = None if level is None else OXYGEN_NAME[level]
        self.conclude_from(self, own=own, carried=carried, crs_before=crs_before)
