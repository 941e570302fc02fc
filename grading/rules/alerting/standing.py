"""What becomes of alerts on file while an episode goes on, and once it is over. Pure.

Asked after reconcile.py, when the drugs that were given before have answered the alerts raised now: nothing that stands
is called for by nobody, and what is over waits for nobody. services/applying.py does what is decided here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from grading.rules.alerting.lifecycle import WAITING
from grading.rules.alerting.reconcile import AlertOnFile
from grading.rules.alerting.wanted import EpisodeRun
from grading.rules.course.events import CRS, ICANS
from grading.rules.course.state import State
from grading.rules.grades.graded import DEATH


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    """Nobody was paged for what stands: this alert takes the first step of the escalation."""

    alert: AlertOnFile


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeOver:
    """Its episode is over, and so is the alert."""

    alert: AlertOnFile


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingCourse:
    """What stands: of open episodes the grade, by kind, and since when a provisional one runs (None: none does)."""

    grades: Mapping[str, int] = field(default_factory=dict)
    provisional_since: datetime | None = None

    def __bool__(self) -> bool:
        return any(self.grades.values()) or self.provisional_since is not None

    @classmethod
    def of(cls, state: State) -> "StandingCourse":
        provisional = state.open_provisional()
        return cls(
            grades={kind: state.standing_grade(kind) for kind in (CRS, ICANS) if state.open_episode(kind)},
            provisional_since=None if provisional is None else provisional.started_at,
        )


def escalations(on_file: Iterable[AlertOnFile], course: StandingCourse) -> tuple[Escalate, ...]:
    """Of each kind that stands, the newest alert where none of its grade or above was paged or answered.

    A late rise to a grade that has fallen since pages nobody by itself; where the alert of the grade that is left was
    withdrawn for it, or where a later correction makes that grade stand, it is the one that has to be answered.
    """
    rises = sorted((one for one in on_file if not one.condition and one.stands), key=_by_time)
    groups = [[one for one in rises if one.kind == kind and one.grade >= grade > 0]
              for kind, grade in course.grades.items()]  # fmt: skip
    since = course.provisional_since
    if since is not None:
        groups.append([one for one in rises if one.grade < 0 and one.content.observed_at >= since])
    unpaged = [group for group in groups if group and all(one.state in WAITING and not one.is_called for one in group)]
    return tuple(Escalate(alert=group[-1]) for group in unpaged)


def ended(
    on_file: Iterable[AlertOnFile], episodes: Iterable[EpisodeRun], *, fever_is_over: bool
) -> tuple[EpisodeOver, ...]:
    """Those whose episode is over. A death is told at the end of its episode: it is over when somebody has answered.

    `fever_is_over`: of before the first dose, which is of no episode.
    """
    over = [one for one in episodes if one.ended_at is not None]
    standing = sorted((one for one in on_file if one.stands and one.grade != DEATH), key=_by_time)
    return tuple(
        EpisodeOver(alert=one)
        for one in standing
        if (fever_is_over if one.is_before_dosing else any(_is_of(one, episode) for episode in over))
    )


def _is_of(alert: AlertOnFile, episode: EpisodeRun) -> bool:
    alike = (episode.kind, episode.is_provisional) == (alert.kind, alert.grade < 0)
    ended_at = episode.ended_at
    return alike and ended_at is not None and episode.started_at <= alert.content.observed_at <= ended_at


def _by_time(alert: AlertOnFile) -> tuple[datetime, str]:
    return alert.content.observed_at, str(alert.id)
