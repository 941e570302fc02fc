"""The final outcome of all periods of a participant, one after the other: what bears on each comes from before it."""

from collections.abc import Collection, Iterable

from grading.rules.course.episodes import CourseEpisode
from grading.rules.course.events import CRS
from grading.rules.course.final_outcome import (
    Bearing,
    EpisodeAssessments,
    Observed,
    crs_over,
    settle,
    touches,
)


def settle_rows(
    given: Iterable[tuple[str, Observed]], episodes: Collection[CourseEpisode], assessments: EpisodeAssessments
) -> Bearing | None:
    """Each period that was given, by the root of its dose, in order. Returns what bears on the last one."""
    bearing, crs_before = None, False
    finals = [assessments.final_of(episode) for episode in episodes]
    for root, row in given:
        own = [one for one in finals if one.episode.dose_root == root]
        before = [one for one in finals if one.episode.started_at < row.started_at and one.episode.dose_root != root]
        earlier = [one for one in before if touches(one.episode, row.started_at)]
        bearing = Bearing(
            own=own, earlier=earlier, crs_before=crs_before, crs_judged=assessments.are_of_crs,
            crs_over_at=crs_over(before),
        )  # fmt: skip
        settle(row, bearing)
        crs_before = crs_before or any(one.is_real for one in own if one.episode.kind == CRS)
    return bearing
