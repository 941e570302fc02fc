"""A record that is over, as it stood at each of its facts: what the conditions of a policy are held against. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from grading.rules.alerting.policy.looks import PlannedLooks, running_at
from grading.rules.course.events import CRS, ICANS, DoseGiven, Event, Observation, Parameters, in_order
from grading.rules.course.now import CourseNow, DrugGiven, GradedSet, NeuroSet, OpenEpisode, Running
from grading.rules.course.rises import Rise
from grading.rules.course.state import State
from grading.rules.course.timeline import step
from grading.rules.grades.danger import look_again_at
from regimens.rules.schedule import Kind

_KINDS = {CRS: Kind.VITALS, ICANS: Kind.NEURO}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFacts:
    """All of one record. `neuro`: by the id of its look; `baselines`: ICE as recorded for one, in order of time.

    `windows`: by the dose's root, when its window ends (None: not known). `planned`: likewise, the looks; without them
    nothing is due. `ended_at` None: nobody ended observation.
    """

    events: Sequence[Event]
    neuro: Mapping[str, NeuroSet] = field(default_factory=dict)
    drugs: Sequence[DrugGiven] = ()
    baselines: Sequence[tuple[datetime, int]] = ()
    windows: Mapping[str, datetime | None] = field(default_factory=dict)
    planned: Mapping[str, PlannedLooks] = field(default_factory=dict)
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """How the course stood from `at`, a fact, up to the next one."""

    at: datetime
    now: CourseNow


@dataclass(slots=True)
class _Seen:
    state: State = field(default_factory=State)
    sets: list[tuple[str, GradedSet]] = field(default_factory=list)
    neuro: list[NeuroSet] = field(default_factory=list)
    before_dose: int | None = None  # ICE of the last assessment before the first dose
    dose: tuple[datetime, str] | None = None
    looks: dict[Kind, list[datetime]] = field(default_factory=dict)
    last_at: datetime | None = None


def replayed(record: ReplayFacts, parameters: Parameters) -> tuple[tuple[Rise, ...], tuple[Moment, ...]]:
    """The rises, and how the course stood after each fact. What was due is part of it where the looks are planned."""
    seen, rises, moments = _Seen(), [], []
    for event in in_order(record.events):
        seen.state, outcome = step(seen.state, event, parameters)
        if outcome.rise is not None:
            rises.append(outcome.rise)
        if isinstance(event, DoseGiven):
            if seen.dose is None:
                scores = (one.ice for one in reversed(seen.neuro))
                seen.before_dose = next((ice for ice in scores if ice is not None), None)
            seen.dose = event.at, event.root
            seen.neuro = [one for one in seen.neuro if one.at >= event.at]
        if isinstance(event, Observation):
            seen.last_at = event.at
            seen.looks.setdefault(_KINDS[event.kind], []).append(event.at)
            if event.id in record.neuro:
                seen.neuro.append(record.neuro[event.id])
        if outcome.graded is not None:
            graded, observation = outcome.graded.graded, outcome.graded.observation
            one = GradedSet(at=observation.at, root=observation.root, at_least=graded.at_least, at_most=graded.at_most)
            seen.sets.append((observation.kind, one))
        moments.append(Moment(at=event.at, now=_now(seen, record, at=event.at)))
    if record.ended_at is not None:
        moments = [one for one in moments if one.at < record.ended_at]
        moments.append(Moment(at=record.ended_at, now=CourseNow()))
    return tuple(rises), tuple(moments)


def _now(seen: _Seen, record: ReplayFacts, *, at: datetime) -> CourseNow:
    if seen.state.died:
        return CourseNow()
    recorded = [ice for when, ice in record.baselines if when <= at]
    running = None
    if seen.dose is not None:
        root = seen.dose[1]
        running = Running(dose_root=root, window_ends_at=record.windows.get(root))
        if root in record.planned:
            running = running_at(
                record.planned[root], dose_root=root, window_ends_at=record.windows.get(root), looks=seen.looks,
                again=look_again_at(seen.state.danger), at=at,
            )  # fmt: skip
    return CourseNow(
        last_at=seen.last_at,
        episodes=tuple(_open(seen)),
        neuro=tuple(seen.neuro),
        icans_standing=seen.state.standing_grade(ICANS),
        ice_baseline=recorded[-1] if recorded else seen.before_dose,
        drugs=tuple(drug for drug in record.drugs if drug.at <= at),
        running=running,
    )


def _open(seen: _Seen) -> Iterable[OpenEpisode]:
    for kind in (CRS, ICANS):
        episode = seen.state.open_episode(kind)
        if episode is None:
            continue
        sets = tuple(one for of, one in seen.sets if of == kind and one.at >= episode.started_at)
        if sets:
            yield OpenEpisode(
                kind=kind, root=episode.root, started_at=episode.started_at,
                standing=seen.state.standing_grade(kind), sets=sets,
            )  # fmt: skip
