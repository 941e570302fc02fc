"""The outcome of a dose period, of its episodes as they were computed. By final grades: final_outcome.py."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal

from grading.rules.course.episodes import CourseEpisode, worst
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.periods.sets import Seen, greater
from grading.rules.grades.graded import DEATH
from regimens.rules.elapsed import hours


@dataclass(frozen=True, slots=True)
class Carried:
    """What was open when the dose was given: CRS, and what a provisional episode could be (None: none was open)."""

    crs: bool = False
    provisional: int | None = None


def is_crs(episode: CourseEpisode) -> bool:
    return episode.kind == CRS and not episode.provisional


def carried_into(episodes: Collection[CourseEpisode], dosed_at: datetime) -> Carried:
    """What of earlier doses, or of before the first, was still open at this one."""
    still = [e for e in episodes if e.kind == CRS and e.started_at < dosed_at]
    still = [e for e in still if e.ended_at is None or e.ended_at > dosed_at]
    provisional = [e.at_most for e in still if e.provisional]
    return Carried(any(not e.provisional for e in still), max(provisional, default=None))


def died_within(episode: CourseEpisode, started_at: datetime, ended_at: datetime | None) -> bool:
    """Whether CRS, of this dose or an earlier one, killed in this period: told by no set."""
    died = episode.kind == CRS and episode.max_grade == DEATH
    return died and started_at <= episode.max_at and (ended_at is None or episode.max_at <= ended_at)


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

    def conclude_from(self, sets: Seen, *, own: list[CourseEpisode], carried: Carried, crs_before: bool) -> None:
        """The outcome columns, from the period's sets and the episodes that began in it, as if nobody had judged any.

        `carried`: what was still open at this dose. `crs_before`: CRS in an earlier period.
        A period whose sets were all indeterminate says nothing about CRS (convention): it stays None.
        Nothing stays of an earlier conclusion.
        """
        for one in fields(Concluded):
            setattr(self, one.name, one.default)
        self.crs_at_most, self.crs_peak = sets.crs_sets_at_most, sets.crs_sets_peak
        provisional = [e.at_most for e in own if e.kind == CRS and e.provisional]
        self.crs_provisional, self.crs_provisional_carried = max(provisional, default=None), carried.provisional
        self.crs_at_most = greater(self.crs_at_most, self.crs_provisional)
        crs = [e for e in own if e.kind == CRS and not e.provisional]
        icans = [e for e in own if e.kind == ICANS]
        if carried.crs or (sets.vitals_recorded and carried.provisional is None):
            self.crs_carried = carried.crs
        if crs or sets.crs_definite:
            self.crs_any, self.crs_episodes, self.crs_recurrent = bool(crs), len(crs), bool(crs) and crs_before
            self.crs_max_grade = max((e.max_grade for e in crs), default=0)
        if top := worst(crs):
            self.crs_onset_at, self.crs_max_at = crs[0].started_at, top.max_at
            self.crs_at_most = greater(self.crs_at_most, max(e.at_most for e in crs))
            ends = [e.ended_at for e in crs if e.ended_at is not None]
            self.crs_ongoing = len(ends) < len(crs)
            self.crs_resolved_at = None if self.crs_ongoing else max(ends)
            self.crs_duration_h = _duration(crs)
            self.crs_first_duration_h = _duration(crs[:1])
        if icans or sets.icans_definite:
            self.icans_any = bool(icans)
            self.icans_max_grade = max((e.max_grade for e in icans), default=0)
        if icans:
            self.icans_onset_at, self.icans_duration_h = icans[0].started_at, _duration(icans)


def _duration(episodes: Iterable[CourseEpisode]) -> Decimal | None:
    """Hours, all episodes together; None while one of them has no end."""
    total = timedelta()
    for episode in episodes:
        if episode.ended_at is None:
            return None
        total += episode.ended_at - episode.started_at
    return hours(total)
