"""Where each period lies: in the calendar of its site, in its plan, and among the doses before and after it."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from grading.course.dose_periods.final_outcomes import NOT_GIVEN
from grading.course.dose_periods.local_times import localize_bounds
from grading.course.dose_periods.planned_doses import DosePlan
from grading.course.dose_periods.rows import Rows
from grading.course.record.facts import Record
from grading.rules.course.periods.dosing import phase_of
from grading.rules.course.periods.row import PeriodRow
from regimens.models import Dose, StepKind
from regimens.rules.elapsed import hours
from regimens.rules.transfers import site_at
from regimens.rules.wall_time import days_later


def place(record: Record, rows: Rows) -> None:
    zones, first, latest = zones_of(record), None, 0
    before: tuple[Dose, PeriodRow] | None = None  # the dose given last, unless it was a second part
    for dose, row in rows.every:
        row.phase = phase_of(is_target=dose.step.kind == StepKind.TARGET, is_restart=latest > dose.step.position)
        row.first_part_number = row.dose_number
        if row.ended_by == NOT_GIVEN:
            continue
        zone = zones[site_of(record, row)]
        localize_bounds(row, zone, is_bolus=dose.route == "SUBCUTANEOUS")
        day = row.started_at.astimezone(zone).date()
        first, latest = first or day, max(latest, dose.step.position)
        row.study_day = (day - first).days + 1
        row.length_h = None if row.ended_at is None else hours(row.ended_at - row.started_at)
        planned_at = dose.planned_at or _planned_start(rows.planned[dose.pk], zone)
        row.delay_h = None if planned_at is None else hours(row.started_at - planned_at)
        is_second = before is not None and _ends_split(before[0], dose)
        if is_second and before is not None:
            row.first_part_number = before[1].dose_number
        before = None if is_second else (dose, row)
    for (_dose, row), (_next, following) in pairwise(rows.given):
        row.next_delay_h = following.delay_h


def _planned_start(planned: DosePlan, zone: ZoneInfo) -> datetime | None:
    """The time of day of the dose before, so many days later on the clocks of the site. None: the plan names no day."""
    if planned.since is None or planned.days is None:
        return None
    return days_later(planned.since, planned.days, zone)


def _ends_split(before: Dose, dose: Dose) -> bool:
    """Whether these two are the parts of one dose: the first one was given, and then the other."""
    return before.step.split_with == dose.step.label and before.step.position < dose.step.position


def zones_of(record: Record) -> Mapping[int, ZoneInfo]:
    return {key: ZoneInfo(site.time_zone) for key, site in record.sites.items()}


def site_of(record: Record, row: PeriodRow) -> int:
    return site_at(record.moves, row.started_at, now=record.participant.site_id)
