"""The times of a dose period on the clocks of its site, as the export writes them.

A site's zone is fixed from its first record on (regimens/models/trial.py), so the text is written once.
"""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from grading.models import DosePeriod
from grading.rules.course.periods.row import PeriodRow


def local(at: datetime | None, zone: tzinfo) -> str | None:
    """ISO 8601 with the offset of that instant, to the second: 2026-03-02T17:00:00+08:00. None: not known."""
    return None if at is None else at.astimezone(zone).isoformat(timespec="seconds")


def localize_bounds(row: PeriodRow, zone: ZoneInfo, *, is_bolus: bool) -> None:
    """`is_bolus`: given at once, so that without a recorded end it ended as it began."""
    row.started_local, row.ended_local = local(row.started_at, zone), local(row.ended_at, zone)
    row.dose_ended_local = local(row.dose_ended_at, zone) or (row.started_local if is_bolus else None)


def localize_outcome(row: PeriodRow | DosePeriod, zone: ZoneInfo) -> None:
    row.crs_onset_local, row.crs_resolved_local = (
        local(row.crs_final_onset_at, zone),
        local(row.crs_final_resolved_at, zone),
    )


def stamp(period: DosePeriod) -> None:
    """When anything that its row rests on changed last, but for its alerts, which the export adds."""
    times = (period.changed_at, period.judged_at, period.runs_recorded_at, period.weighed_at)
    period.modified_utc = local(max(at for at in times if at is not None), UTC) or ""
