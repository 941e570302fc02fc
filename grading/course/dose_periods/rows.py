"""The sponsor's rows: each dose of a record with what its period showed."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from grading.course.checkpoints import Start
from grading.course.dose_periods.final_outcomes import NOT_GIVEN
from grading.course.dose_periods.looks_before import look_back
from grading.course.dose_periods.planned_doses import DosePlan, planned_doses
from grading.course.dose_periods.runs import runs_in
from grading.course.record import readings
from grading.course.record.facts import Record
from grading.course.record.plans import plans_for, window_for
from grading.models import DosePeriod, NeuroAssessment, Treatment, VitalSigns
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import Event, Treated
from grading.rules.course.periods.at_dose import LooksBefore
from grading.rules.course.periods.dosing import ENDED_BY, NEXT_DOSE
from grading.rules.course.periods.drugs import Given
from grading.rules.course.periods.outcome import carried_into, died_within, is_crs
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.periods.sets import Seen
from grading.rules.course.slots import tightens, write
from grading.rules.course.spans import Span, deny, run
from grading.rules.course.timeline import Outcome
from grading.rules.grades.graded import DEATH, Graded
from grading.rules.treatment.premedication import PREMEDICATION_WITHIN
from regimens.facts import Fact
from regimens.models import Disposition, Dose, DoseStatus
from regimens.rules.dose import total_mg
from regimens.rules.periods import DoseTimes, Period, periods
from regimens.rules.schedule import Kind


@dataclass(slots=True)
class Rows:
    """The rows of a record's doses, in order of time. A dose that was not given keeps a row without outcomes.

    `planned`: by the key of the dose.
    """

    every: list[tuple[Dose, PeriodRow]]
    given: list[tuple[Dose, PeriodRow]]
    planned: Mapping[UUID, DosePlan]

    def at(self, at: datetime) -> PeriodRow | None:
        """That of the period which holds this instant."""
        row = self._last(before=bisect_right(self.given, at, key=_start))
        return row if row is not None and (row.ended_at is None or at < row.ended_at) else None

    def running_before(self, at: datetime) -> PeriodRow | None:
        """That of the period which has begun before this instant and has not ended before it."""
        row = self._last(before=bisect_left(self.given, at, key=_start))
        return None if row is None or is_closed(row, at) else row

    def _last(self, *, before: int) -> PeriodRow | None:
        return self.given[before - 1][1] if before else None


def _start(given: tuple[Dose, PeriodRow]) -> datetime:
    return given[1].started_at


def is_closed(row: PeriodRow, since: datetime | None) -> bool:
    """Whether this period ended before: no set from `since` on is in it."""
    return since is not None and row.ended_at is not None and row.ended_at < since


def begin(record: Record, start: Start, stored: Mapping[UUID, DosePeriod]) -> Rows | None:
    """One row a dose, with what its period showed before `start`. None: a period that is to be stored is not."""
    by_root = {str(dose.root): dose for dose in record.doses}
    rows, planned = [], planned_doses(record.participant, record.doses, record.given)
    for period in periods(_times_of(dose) for dose in record.doses):
        dose = by_root[period.root]
        row = _begun(period, dose, record.dispositions)
        _plan(row, dose, record)
        _dosed(row, dose, planned[dose.pk])
        if period.started_at is not None and is_closed(row, start.at):
            if (known := stored.get(dose.pk)) is None:
                return None
            row.take(known, Seen, Given, LooksBefore)
        elif period.started_at is not None:
            known = None
            if start.at is not None and row.started_at < start.at:
                row.take(start.seen, Seen)
                known = stored.get(dose.pk)
            if known is None:
                look_back(row, record, dosed_at=row.started_at)
            else:  # what lies before its dose is not new
                row.take(known, LooksBefore)
        rows.append((dose, row))
    given = [(dose, row) for dose, row in rows if row.ended_by != NOT_GIVEN]
    return Rows(every=rows, given=given, planned=planned)


def observe(row: PeriodRow, event: Event, outcome: Outcome, fact: Fact | None) -> None:
    """One more event of this period: what the set showed (`fact`), its slot, and whether the plan tightens."""
    lowest, ice = row.ice_min, None
    if outcome.graded is not None and fact is not None:
        see(row, fact, outcome.graded.graded)
        row.fill(Kind.VITALS if isinstance(fact, VitalSigns) else Kind.NEURO, event.at)
        ice = readings.ice_score(fact) if isinstance(fact, NeuroAssessment) else None
    rise = outcome.rise
    rose = None if rise is None else (rise.kind, None if rise.provisional else rise.grade)
    treated = isinstance(event, Treated) and event.treats
    if tightens(row.plans.tightening, rose=rose, ice=ice, lowest_ice=lowest, treated=treated):
        row.tighten(event.at)


def see(row: PeriodRow, fact: Fact, graded: Graded) -> None:
    """One more set of this period."""
    if isinstance(fact, VitalSigns):
        row.see_vitals(readings.vitals_seen(fact), graded=graded)
    elif isinstance(fact, NeuroAssessment):
        row.see_neuro(
            ice=readings.ice_score(fact), capd=fact.capd_score, definite=graded.is_definite,
            seizure=readings.seizure_seen(fact),
        )  # fmt: skip


def finish(rows: Rows, record: Record, episodes: Collection[CourseEpisode]) -> None:
    """What is told of a period as a whole: its drugs, hours and outcome."""
    crs_before, runs = False, list(runs_in(record.treatments, record.treatment_ends))
    for dose, row in rows.given:
        if not is_closed(row, record.since):
            _treat(row, record.treatments)
        run(row, runs, started_at=row.started_at, ended_at=row.ended_at)
        deny(row)
        row.stay_for(list(_stays(record)))
        ends = [end.observed_at for end in record.dose_ends if end.dose.root == dose.root]
        row.dose_ended_at = min(ends, default=None)  # of two, the first, by which the window is counted too
        row.excused = _excused(record, row)
        own = [e for e in episodes if e.dose_root == str(dose.root)]
        row.conclude(own=own, carried=carried_into(episodes, row.started_at), crs_before=crs_before)
        if any(died_within(e, row.started_at, row.ended_at) for e in episodes):
            row.crs_peak = DEATH
        crs_before = crs_before or any(is_crs(e) for e in own)


def _plan(row: PeriodRow, dose: Dose, record: Record) -> None:
    """With the dose's window and what is planned in it."""
    ended = next((end.observed_at for end in record.dose_ends if end.dose.root == dose.root), None)
    window = window_for(dose, infusion_ended_at=ended)
    row.window_ends_at = None if window is None else window.ends_at
    row.plans = plans_for(dose.step, dosed_at=dose.observed_at, window=window)


def _dosed(row: PeriodRow, dose: Dose, planned: DosePlan) -> None:
    """With what was given, beside what was planned, and how long its risk is watched."""
    row.dose_status, row.dose_amount, row.dose_unit, row.dose_route = (
        dose.status, dose.amount, dose.unit or None, dose.route or None,
    )  # fmt: skip
    row.planned_dose, row.weighed_at = planned.dose, planned.weighed_at
    if row.ended_by != NOT_GIVEN:
        row.weight_kg = planned.weight_kg
        row.dose_total_mg = total_mg(dose.amount, dose.unit, weight_kg=planned.weight_kg)
        row.watch(
            started_at=row.started_at, ended_at=row.ended_at, ended_by=row.ended_by,
            window_h=dose.step.risk_window_h,
        )  # fmt: skip


def _excused(record: Record, row: PeriodRow) -> dict[str, list[str]]:
    """Due times of the period's slots that are excused, by kind."""
    due_times: dict[str, list[datetime]] = {}
    for reason in record.missed_observation_reasons:
        if row.started_at <= reason.due_at and (row.ended_at is None or reason.due_at < row.ended_at):
            due_times.setdefault(reason.observation_kind, []).append(reason.due_at)
    return {kind: write(times) for kind, times in due_times.items()}


def _times_of(dose: Dose) -> DoseTimes:
    return DoseTimes(
        root=str(dose.root),
        given_at=None if dose.status == DoseStatus.NOT_GIVEN else dose.observed_at,
        planned_at=dose.planned_at or dose.observed_at,
    )


def _begun(period: Period, dose: Dose, dispositions: list[Disposition]) -> PeriodRow:
    """The row with its bounds: the next dose, or the end of observation if that comes first."""
    if period.started_at is None:
        planned = dose.planned_at or dose.observed_at
        return PeriodRow(dose_number=period.number, started_at=planned, ended_by=NOT_GIVEN)
    row = PeriodRow(dose_number=period.number, started_at=period.started_at)
    row.ended_at, row.ended_by = period.ended_at, NEXT_DOSE if period.ended_at else ""
    for end in dispositions[:1]:
        row.stop(end.observed_at, ENDED_BY[end.kind])
    return row


def _treat(row: PeriodRow, treatments: list[Treatment]) -> None:
    """With the drugs of the period and of the hours before its dose."""
    since = row.started_at - PREMEDICATION_WITHIN
    row.treat(
        [
            readings.drug_given(treatment)
            for treatment in treatments
            if since <= treatment.observed_at and (row.ended_at is None or treatment.observed_at < row.ended_at)
        ]
    )


def _stays(record: Record) -> Iterator[tuple[str, Span]]:
    """Kind, arrival and leave of each stay: its recorded end, or the next stay, whichever is first."""
    latest_first = sorted(record.stay_ends, key=lambda end: end.observed_at, reverse=True)
    ends = {str(end.stay.root): end.observed_at for end in latest_first}  # of two, the first
    for place, stay in enumerate(record.stays):
        moved = record.stays[place + 1].observed_at if place + 1 < len(record.stays) else None
        known = [at for at in (ends.get(str(stay.root)), moved) if at is not None]
        yield stay.kind, Span(stay.observed_at, min(known, default=None))
