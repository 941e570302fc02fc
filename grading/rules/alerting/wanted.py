"""The alerts that a course calls for, of rises and of conditions alike. Pure.

What becomes of them, beside the alerts on file, is in reconcile.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.rules.alerting.conditions_due import DueCondition, stands
from grading.rules.alerting.policy.thresholds import ThresholdCode
from grading.rules.course.rises import Rise
from grading.rules.course.state import State

# The condition (empty: a grade rose), the kind, and the fact or slot it rests on; of a rise its grade and urgency too.
AlertKey = tuple[str, str, str, int | None, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContent:
    """What an alert says of what decides. `urgency` None: as its grade. The names are those of its columns."""

    observed_at: datetime
    urgency: int | None
    grade_before: int
    at_most: int
    reasons: tuple[Mapping[str, Any], ...]
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAlert:
    """An alert that the course calls for: of a grade that rose (`condition` empty), or of a condition that is due.

    `thresholds`: what is asked; none: the policy asks nothing here, so none is raised and one on file stays as it is.
    `quiet`: it was told before, and none is raised. `is_open`: what it tells of goes on, so that one that was over is
    opened again. `stands`: of what came to light late, whether it still holds; what does not pages nobody.
    `due`: what makes it hold from an instant on, or up to one (None: it holds). `began_at`: since when it was seen; an
    alert of what began later, up to `runs_until` (None: no end), tells of the same. None: no other alert does.
    """

    kind: str
    root: str
    grade: int
    content: AlertContent
    thresholds: tuple[str, ...]
    condition: str = ""
    quiet: bool = False
    is_open: bool = True
    late: bool = False
    stands: bool = True
    due: DueCondition | None = None
    began_at: datetime | None = None
    runs_until: datetime | None = None

    @property
    def key(self) -> AlertKey:
        return key_of(self.condition, self.kind, self.root, self.grade, self.content.urgency)

    @property
    def is_before_dosing(self) -> bool:
        return ThresholdCode.BEFORE_DOSING.value in self.thresholds

    def holds(self, at: datetime) -> bool:
        return self.due is None or self.due.holds(at)

    def keeps_standing(self, at: datetime) -> bool:
        """Whether an alert of it is not over."""
        return self.due is None or stands(self.due, at)


def key_of(condition: str, kind: str, root: str, grade: int, urgency: int | None) -> AlertKey:
    return (condition, kind, root, None, None) if condition else ("", kind, root, grade, urgency)


# --- Of a rise --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeRun:
    """From when to when an episode ran. `ended_at` None: it is open."""

    kind: str
    is_provisional: bool
    started_at: datetime
    ended_at: datetime | None


def of_rise(
    rise: Rise, thresholds: Iterable[str], *, state: State, episodes: Iterable[EpisodeRun], late: bool
) -> WantedAlert:
    """`thresholds`: what the policy asks at it. `state`: as the course stands now; `episodes`: all of the course.

    `late`: it came to light by something else than its own set. So did a fever that is found to have been before the
    first dose once that is given.
    """
    stands, graded = still_stands(rise, state), rise.graded
    began_at, runs_until = _run_of(rise, episodes)
    return WantedAlert(
        kind=rise.kind, root=rise.observation_root, grade=rise.grade, thresholds=tuple(map(str, thresholds)),
        content=AlertContent(
            observed_at=rise.at, urgency=rise.if_crs, grade_before=rise.before, at_most=graded.at_most,
            reasons=tuple({"code": r.code, "text": r.text, "values": dict(r.values)} for r in graded.reasons),
            missing=tuple(graded.missing), flags=tuple(graded.flags),
        ),
        quiet=rise.quiet, is_open=is_open(rise, state), late=late or (rise.before_dosing and not stands),
        stands=stands, began_at=began_at, runs_until=runs_until,
    )  # fmt: skip


def is_open(rise: Rise, state: State) -> bool:
    """Whether its episode goes on."""
    episode = state.open_provisional() if rise.provisional else state.open_episode(rise.kind)
    return episode is not None and episode.started_at <= rise.at


def still_stands(rise: Rise, state: State) -> bool:
    """Whether what it tells of still is so."""
    if rise.provisional:
        return is_open(rise, state)
    if rise.before_dosing and state.dose is not None:
        return False
    return state.standing_grade(rise.kind) >= rise.grade


def _run_of(rise: Rise, episodes: Iterable[EpisodeRun]) -> tuple[datetime | None, datetime | None]:
    """From it to the end of its episode. Before the first dose there is none, and a fever runs on."""
    if rise.before_dosing:
        return rise.at, None
    ends = [
        one.ended_at
        for one in episodes
        if (one.kind, one.is_provisional) == (rise.kind, bool(rise.provisional)) and one.started_at <= rise.at
    ]
    if not ends:
        return None, None
    ended = [end for end in ends if end is not None]
    return rise.at, max(ended) if len(ended) == len(ends) else None


# --- Of a condition ---------------------------------------------------------------------------------------------


def of_condition(due: DueCondition, *, late: bool) -> WantedAlert:
    """`late`: it came to light by an entry that is not the newest, or by none."""
    code = due.code.value
    return WantedAlert(
        kind=due.kind, root=due.anchor, grade=due.grade, condition=code, thresholds=(code,), late=late,
        content=AlertContent(
            observed_at=due.observed_at, urgency=due.urgency, grade_before=due.grade, at_most=max(due.grade, 0),
            reasons=({"code": code, "text": code.replace("_", " "), "values": dict(due.values)},),
        ),
        due=due, began_at=seen_since(due.values), runs_until=due.observed_at,
    )  # fmt: skip


def seen_since(values: Mapping[str, str]) -> datetime | None:
    """Since when a condition was seen in sets without a break, by the values that decide it. None: it is of no run."""
    since = values.get("since")
    return None if since is None else datetime.fromisoformat(since)
