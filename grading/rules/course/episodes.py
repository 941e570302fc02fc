"""One episode: how it begins, goes on and ends (S1, S4, S6-S8, S10, S11)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from grading.rules.course.events import Died, DoseGiven, Observation
from grading.rules.course.signs import CrsSigns
from grading.rules.grades.graded import DEATH, Graded

LATE_ONSET_AFTER = timedelta(days=14)  # S10
LATE_ONSET = "late_onset_over_14_days"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEpisode:
    """One episode. `ended_at` None: it goes on, or its end has not been observed for long enough.

    `provisional` is the flag that opened it where it is not CRS by definition, or "".
    `free_since`: since when it was observed free of all signs; None: not free. `axis_grade`: of a provisional one, the
    worst grade that its hypotension and hypoxia stood for at `max_at`, were it CRS; `at_most` is what it could be.
    """

    kind: str
    root: str
    started_at: datetime
    max_grade: int
    at_most: int
    max_at: datetime
    axis_grade: int = 0
    dose_root: str | None = None
    provisional: str = ""
    flags: tuple[str, ...] = ()
    treated: bool = False
    free_since: datetime | None = None
    ended_at: datetime | None = None


def key_of(episode: CourseEpisode) -> tuple[str, str, str]:
    """What an episode is known by: its kind, the root of its onset fact, and whether it is provisional."""
    return episode.kind, episode.root, episode.provisional


def worst(episodes: Sequence[CourseEpisode]) -> CourseEpisode | None:
    """The episode with the highest grade, the earliest of equals. None where there is none."""
    return max(episodes, key=lambda e: (e.max_grade, -e.started_at.timestamp()), default=None)


def begin(observation: Observation, graded: Graded, *, dose: DoseGiven | None) -> CourseEpisode:
    """S1, S6, S7: it starts at this set and belongs to the most recent dose."""
    return CourseEpisode(
        kind=observation.kind,
        root=observation.root,
        started_at=observation.at,
        max_grade=graded.at_least,
        at_most=graded.at_most,
        max_at=observation.at,
        dose_root=dose.root if dose else None,
        flags=_onset_flags(observation.at, dose),
    )


def fatal(death: Died, *, dose: DoseGiven | None) -> CourseEpisode:
    """S11: death due to a syndrome that nobody had seen before: it starts and ends there, at grade 5."""
    return CourseEpisode(
        kind=death.cause,
        root=death.root,
        started_at=death.at,
        ended_at=death.at,
        max_grade=DEATH,
        at_most=DEATH,
        max_at=death.at,
        dose_root=dose.root if dose else None,
        flags=_onset_flags(death.at, dose),
    )


def _onset_flags(at: datetime, dose: DoseGiven | None) -> tuple[str, ...]:
    return (LATE_ONSET,) if dose is not None and at - dose.at > LATE_ONSET_AFTER else ()


def go_on(
    episode: CourseEpisode,
    observation: Observation,
    graded: Graded,
    *,
    free: bool,
    present: bool,
    resolution: timedelta,
) -> CourseEpisode:
    """S4, S8: a finding prolongs it, a free look counts towards its end, a look with data missing does neither."""
    if graded.at_least > episode.max_grade:
        episode = replace(episode, max_grade=graded.at_least, max_at=observation.at)
    episode = replace(episode, at_most=max(episode.at_most, graded.at_most))
    if present:
        return replace(episode, free_since=None)
    if not free:
        return episode
    since = observation.at if episode.free_since is None else episode.free_since
    over = observation.at - since >= resolution
    return replace(episode, free_since=since, ended_at=since if over else None)


def with_axis(episode: CourseEpisode, observation: Observation, signs: CrsSigns) -> CourseEpisode:
    """A provisional episode has no grade: what it would be were it CRS is that of its axis."""
    episode = replace(episode, at_most=max(episode.at_most, signs.axis_most))
    if signs.axis_grade > episode.axis_grade:
        episode = replace(episode, axis_grade=signs.axis_grade, max_at=observation.at)
    return episode


def close_by_death(episode: CourseEpisode, death: Died) -> CourseEpisode:
    """S11: at grade 5 where the syndrome was its cause; any other death at the grade reached."""
    if episode.kind == death.cause and not episode.provisional:
        episode = replace(episode, max_grade=DEATH, at_most=DEATH, max_at=death.at)
    return replace(episode, ended_at=death.at)
