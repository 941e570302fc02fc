"""The sponsor's rows: each dose of a record with what its period showed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from grading import readings
from grading.course.record import Record
from grading.rules import timeline
from grading.rules.grades import Graded
from grading.rules.periods import PREMEDICATION_WITHIN, PeriodRow, hours
from grading.rules.timeline import CRS
from regimens.models import Clock, Disposition, DispositionKind, Dose, DoseStatus
from regimens.rules.periods import DoseTimes, Period, periods

NOT_GIVEN = "NOT GIVEN"
_ENDED_BY = {  # PERENDC of the export
    DispositionKind.DEATH_CRS: "DEATH",
    DispositionKind.DEATH_ICANS: "DEATH",
    DispositionKind.DEATH_OTHER: "DEATH",
    DispositionKind.COMPLETED: "END OBSERVATION",
    DispositionKind.DISCONTINUED: "DISCONTINUED",
    DispositionKind.LOST: "LOST",
}


def dose_periods(record: Record, course: timeline.Course) -> list[tuple[Dose, PeriodRow]]:
    """One row a dose, in order of time. A dose that was not given keeps a row without outcomes."""
    by_root = {str(dose.root): dose for dose in record.doses}
    graded = {looked.look.id: looked.graded for looked in course.graded}
    rows: list[tuple[Dose, PeriodRow]] = []
    crs_before = False
    for period in periods(_times_of(dose) for dose in record.doses):
        dose = by_root[period.root]
        row = _begun(period, dose, record.dispositions)
        row.window_ends_at = _window_end(dose, record)
        if row.ended_by != NOT_GIVEN:
            _observe(row, record, graded)
            own = [e for e in course.episodes if e.dose_root == period.root]
            row.conclude(own=own, carried=_is_carried(course, row.started_at), crs_before=crs_before)
            crs_before = crs_before or any(_is_crs(e) for e in own)
        rows.append((dose, row))
    return rows


def given(rows: list[tuple[Dose, PeriodRow]]) -> list[tuple[Dose, PeriodRow]]:
    """Those whose dose was given."""
    return [(dose, row) for dose, row in rows if row.ended_by != NOT_GIVEN]


def _window_end(dose: Dose, record: Record) -> datetime | None:
    """End of the dose's inpatient window. None: it has none, or its clock has not started."""
    ends = [end.observed_at for end in record.dose_ends if end.dose.root == dose.root]
    start = (ends[0] if ends else None) if dose.step.inpatient_clock == Clock.INFUSION_END else dose.observed_at
    hours_in = dose.step.inpatient_h
    return None if start is None or hours_in is None else start + timedelta(hours=hours_in)


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
    row.ended_at, row.ended_by = period.ended_at, "NEXT DOSE" if period.ended_at else ""
    for end in dispositions[:1]:
        if end.observed_at >= period.started_at and (row.ended_at is None or end.observed_at < row.ended_at):
            row.ended_at, row.ended_by = end.observed_at, _ENDED_BY[DispositionKind(end.kind)]
    return row


def _is_crs(episode: timeline.Episode) -> bool:
    return episode.kind == CRS and not episode.provisional


def _is_carried(course: timeline.Course, dosed_at: datetime) -> bool:
    """Whether CRS of an earlier dose was still open at this one."""
    return any(
        _is_crs(e) and e.started_at < dosed_at and (e.ended_at is None or e.ended_at > dosed_at)
        for e in course.episodes
    )


def _observe(row: PeriodRow, record: Record, graded: dict[str, Graded]) -> None:
    def inside(at: datetime) -> bool:
        return row.started_at <= at and (row.ended_at is None or at < row.ended_at)

    for vitals in record.vitals:
        if inside(vitals.observed_at):
            grade = graded[str(vitals.id)]
            row.see_vitals(readings.vitals_seen(vitals), definite=grade.is_definite, at_most=grade.at_most)
    for neuro in record.neuro:
        if inside(neuro.observed_at):
            definite = graded[str(neuro.id)].is_definite
            row.see_neuro(ice=readings.ice_score(neuro), capd=neuro.capd_score, definite=definite)
    row.treat(
        [
            readings.drug_given(treatment)
            for treatment in record.treatments
            if inside(treatment.observed_at)
            or row.started_at - PREMEDICATION_WITHIN <= treatment.observed_at < row.started_at
        ]
    )
    row.hospital_h = _hours_in(record, row, kinds=("ward", "icu"))
    row.icu_h = _hours_in(record, row, kinds=("icu",))


def _hours_in(record: Record, row: PeriodRow, *, kinds: tuple[str, ...]) -> Decimal | None:
    """Overlap of the stays with the period; None while the period is open, or where no stay is on record."""
    if row.ended_at is None or not record.stays:
        return None
    total = timedelta()
    for kind, came, left in _stays(record):
        if kind in kinds and came < row.ended_at:
            # still there when the period ended, where nobody recorded a leave
            total += max(min(left or row.ended_at, row.ended_at) - max(came, row.started_at), timedelta())
    return hours(total)


def _stays(record: Record) -> Iterator[tuple[str, datetime, datetime | None]]:
    """Kind, arrival and leave of each stay: its recorded end, or the next stay, whichever is first."""
    ends = {str(end.stay.root): end.observed_at for end in record.stay_ends}
    for place, stay in enumerate(record.stays):
        moved = record.stays[place + 1].observed_at if place + 1 < len(record.stays) else None
        known = [at for at in (ends.get(str(stay.root)), moved) if at is not None]
        yield stay.kind, stay.observed_at, min(known, default=None)
