"""The final outcome of every period of a participant: of a derivation, and once somebody judged an episode."""

from dataclasses import fields
from typing import Any
from zoneinfo import ZoneInfo

from grading.course.dose_periods.local_times import localize_outcome, stamp
from grading.course.episode_assessments import assessed_episodes
from grading.course.memory import Memory
from grading.models import CurrentState, DosePeriod, Episode
from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.final_outcome import Bearing, EpisodeAssessments, Settled
from grading.rules.course.periods.settling import settle_rows

NOT_GIVEN = "NOT GIVEN"
_COLUMNS = [
    *(one.name for one in fields(Settled)),
    "judged_at",
    "crs_onset_local",
    "crs_resolved_local",
    "modified_utc",
]


def remember(memory: Memory, assessments: EpisodeAssessments, bearing: Bearing | None) -> None:
    """What the running period's next outcome needs of the assessments and of before its dose."""
    memory.assessments = assessments
    memory.earlier = [] if bearing is None else [one.episode for one in bearing.earlier]
    memory.crs_before_final = bearing is not None and bearing.crs_before
    memory.crs_over_at = None if bearing is None else bearing.crs_over_at


def settle_again(state: CurrentState) -> None:
    """Somebody judged an episode: what the tables hold is made to say so. No course is derived again for it."""
    rows = list(Episode.objects.filter(participant=state.participant).order_by("started_at", "pk"))
    periods = list(
        DosePeriod.objects.filter(participant=state.participant).select_related("dose", "site").order_by("dose_number")
    )
    episodes = [episode_of(row) for row in rows]
    assessments, judged_at = assessed_episodes(state.participant).of(episodes)
    for row, episode in zip(rows, episodes, strict=True):
        row.final_grade = assessments.final_of(episode).final.grade
    for period in periods:
        period.judged_at = judged_at
        stamp(period)
    given: list[tuple[str, Any]] = [
        (str(period.dose.root), period) for period in periods if period.ended_by != NOT_GIVEN
    ]
    bearing = settle_rows(given, episodes, assessments)
    for _root, period in given:
        localize_outcome(period, ZoneInfo(period.site.time_zone))
    Episode.objects.bulk_update(rows, ["final_grade"])
    DosePeriod.objects.bulk_update(periods, _COLUMNS)
    memory = Memory.read(state.fold)
    remember(memory, assessments, bearing)
    state.fold = memory.write()
    state.save(update_fields=["fold"])


def episode_of(row: Episode) -> CourseEpisode:
    return CourseEpisode(
        kind=row.kind, root=str(row.root), provisional=row.provisional, started_at=row.started_at,
        ended_at=row.ended_at, max_grade=row.max_grade, at_most=row.at_most, axis_grade=row.axis_grade,
        max_at=row.max_at, dose_root=None if row.dose_root is None else str(row.dose_root), flags=tuple(row.flags),
    )  # fmt: skip
