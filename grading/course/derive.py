"""From the record to everything that is derived of it. Writes nothing."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from itertools import zip_longest
from uuid import UUID

from crsmonitor.database.rows import unsaved
from grading.course.board import show_due, show_episodes, show_floor, show_next_observations, show_observation
from grading.course.checkpoints import Start, checkpoint, is_due, start_before
from grading.course.dose_periods.final_outcomes import episode_of, remember
from grading.course.dose_periods.local_times import localize_outcome, stamp
from grading.course.dose_periods.naming import confirm, name
from grading.course.dose_periods.places import place, site_of, zones_of
from grading.course.dose_periods.releases import deviations_in, word_of
from grading.course.dose_periods.rows import Rows, begin, finish, observe
from grading.course.meeting import ahead, board_at_the_end, go_on_with, later, meets
from grading.course.memory import Memory, own_order
from grading.course.record.facts import Record, events_of, go_further, load
from grading.models import Checkpoint, CurrentState, DosePeriod, Episode, Grade
from grading.rules.course import timeline
from grading.rules.course.episodes import CourseEpisode, key_of
from grading.rules.course.events import CRS, Died, Event, Observation, Parameters, RunBegan, in_order
from grading.rules.course.final_outcome import EpisodeAssessments, FinalEpisode
from grading.rules.course.periods.outcome import carried_into
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.periods.settling import settle_rows
from grading.rules.course.rises import Rise
from grading.rules.grades.graded import VERSION
from regimens.facts import Fact
from regimens.models import Dose, Participant

Episodes = dict[tuple[str, str, str], CourseEpisode]


@dataclass(slots=True)
class Derived:
    """What the facts say, before it is written.

    `whole`: derived again, from `since` on (None: from the first fact) and before `until` (None: to the end; from there
    on all is as it is stored); otherwise only what one more fact brought. `grades`, `checkpoints` and `rises` are those
    of then, and `roots` the facts whose alerts these rises settle (None: all); episodes and periods are those of the
    whole course.
    """

    grades: list[Grade]
    episodes: list[Episode]
    periods: list[DosePeriod]
    state: CurrentState
    rises: tuple[Rise, ...]
    checkpoints: list[Checkpoint] = field(default_factory=list)
    whole: bool = True
    since: datetime | None = None
    until: datetime | None = None
    roots: frozenset[str] | None = None


def period_of(derived: Derived) -> DosePeriod | None:
    """That which the state names, as it was derived."""
    state = derived.state
    return next((one for one in derived.periods if one.pk == state.period_id), None) or state.period


def parameters_of(participant: Participant) -> Parameters:
    """The study's parameters as frozen into the participant's regimen version. A participant is there to be dosed."""
    return Parameters(resolution=timedelta(hours=participant.regimen.resolution_hours), awaits_dose=True)


def rederive(participant: Participant, *, at: datetime, fact: Fact | None = None) -> Derived:
    """Everything that all facts of a participant say. Writes nothing.

    With the `fact` that was just kept, only what it may have changed: from the last checkpoint before it on, and up to
    where the course is again what was stored.
    """
    start = Start() if fact is None else start_before(fact)
    looks = ahead(fact, start)
    record = load(participant, since=start.at, until=looks[0].at if looks else None)
    stored, episodes = _before(participant, start)
    rows = begin(record, start, stored)
    folded = None if rows is None else _fold(record, start, rows, episodes, looks)
    if rows is None or folded is None:
        return rederive(participant, at=at)
    finish(rows, record, folded.episodes.values())
    deviates = deviations_in(record.participant, record.given, record.releases, folded.episodes.values())
    for dose, row in rows.given:
        row.release_deviation = word_of(deviates.get(str(dose.root)))
    place(record, rows)
    assessments = _settle(record, folded, rows)
    roots = {event.root for event in folded.events if isinstance(event, Observation | Died | RunBegan)}
    return Derived(
        grades=[grade_row(participant, looked) for looked in folded.graded],
        episodes=[episode_row(participant, assessments.final_of(one)) for one in folded.episodes.values()],
        periods=[_period(record, dose, row, at=at) for dose, row in rows.every],
        state=_state_of(record, folded, rows, at=at),
        rises=tuple(folded.rises),
        checkpoints=folded.checkpoints,
        since=start.at,
        until=folded.until,
        roots=None if fact is None or (start.at is folded.until is None) else frozenset(roots | {str(fact.root)}),
    )


def _before(participant: Participant, start: Start) -> tuple[dict[UUID, DosePeriod], Episodes]:
    """The stored periods, and the episodes that had begun before `start`, as they were then where they were open."""
    if start.at is None:
        return {}, {}
    periods = {period.pk: period for period in DosePeriod.objects.filter(participant=participant)}
    begun = Episode.objects.filter(participant=participant, started_at__lt=start.at).order_by("started_at")
    episodes = {key_of(e): e for e in (*map(episode_of, begun), *start.memory.state.open)}
    return periods, episodes


@dataclass(slots=True)
class Folded:
    """What the facts from `Start` on brought about, and what they leave for the next one."""

    events: list[Event]
    memory: Memory
    board: CurrentState
    episodes: Episodes
    graded: list[timeline.GradedObservation] = field(default_factory=list)
    rises: list[Rise] = field(default_factory=list)
    checkpoints: list[Checkpoint] = field(default_factory=list)
    until: datetime | None = None


def _fold(record: Record, start: Start, rows: Rows, episodes: Episodes, looks: Sequence[Checkpoint]) -> Folded | None:
    """To the end of the record, or until it is again what was stored in one of `looks`. None: not all is stored that is
    needed then.
    """
    board = CurrentState(participant=record.participant, **start.board)
    folded, since = Folded([], start.memory, board, episodes), start.at
    _fold_stretch(folded, record, rows, since=since)
    for stored, following in zip_longest(looks, [one.at for one in looks[1:]]):
        if meets(stored, folded.memory, rows, board):
            kept = later(record.participant, stored.at)
            if kept is None or not go_on_with(kept, folded.memory, rows, episodes):
                return None
            folded.board, folded.until = board_at_the_end(kept, record.participant), stored.at
            break
        go_further(record, following)
        _fold_stretch(folded, record, rows, since=stored.at)
    return folded


def _fold_stretch(folded: Folded, record: Record, rows: Rows, *, since: datetime | None) -> None:
    """The events of the record from `since` on, as far as it goes."""
    memory, board, episodes = folded.memory, folded.board, folded.episodes
    events = in_order(events_of(record, baseline=memory.baseline, since=since))
    folded.events += events
    parameters, observations = (
        parameters_of(record.participant),
        {str(f.pk): f for f in (*record.vitals, *record.neuro)},
    )
    measured = deque(one for one in record.measurements if since is None or one.observed_at >= since)
    for event in events:
        if is_due(memory, event):
            while measured and measured[0].observed_at < event.at:
                memory.baseline.take(measured.popleft())
            running = rows.running_before(event.at)
            folded.checkpoints.append(checkpoint(memory, running, board, at=event.at))
            memory.observations = 0
        memory.state, outcome = timeline.step(memory.state, event, parameters)
        fact = None
        if outcome.graded is not None:
            fact, memory.observations = observations[outcome.graded.observation.id], (memory.observations or 0) + 1
            show_observation(board, fact, outcome.graded)
            folded.graded.append(outcome.graded)
        if outcome.floor is not None:
            show_floor(board, outcome.floor)
        if (row := rows.at(event.at)) is not None:
            observe(row, event, outcome, fact)
        if outcome.rise is not None:
            folded.rises.append(outcome.rise)
        episodes.update((key_of(episode), episode) for episode in outcome.episodes)
    for measurement in measured:
        memory.baseline.take(measurement)


def grade_row(participant: Participant, looked: timeline.GradedObservation) -> Grade:
    observation, graded = looked.observation, looked.graded
    return unsaved(
        Grade, fact_id=observation.id, root=observation.root, participant=participant, kind=observation.kind,
        observed_at=observation.at, grade=graded.grade, at_least=graded.at_least, at_most=graded.at_most,
        reasons=[{"code": r.code, "text": r.text, "values": dict(r.values)} for r in graded.reasons],
        missing=list(graded.missing), flags=list(graded.flags), rules_version=VERSION,
    )  # fmt: skip


def _settle(record: Record, folded: Folded, rows: Rows) -> EpisodeAssessments:
    """The final outcome of every period, and what the next fact needs for that of the running one."""
    episodes = folded.episodes.values()
    assessments, judged_at = record.judged.of(episodes)
    for _dose, row in rows.every:
        row.judged_at = judged_at
    bearing = settle_rows([(str(dose.root), row) for dose, row in rows.given], episodes, assessments)
    zones = zones_of(record)
    for _dose, row in rows.given:
        localize_outcome(row, zones[site_of(record, row)])
    remember(folded.memory, assessments, bearing)
    return assessments


def episode_row(participant: Participant, final: FinalEpisode) -> Episode:
    episode = final.episode
    return Episode(
        participant=participant, kind=episode.kind, root=episode.root, provisional=episode.provisional,
        started_at=episode.started_at, ended_at=episode.ended_at, max_grade=episode.max_grade,
        at_most=episode.at_most, axis_grade=episode.axis_grade, max_at=episode.max_at, dose_root=episode.dose_root,
        flags=list(episode.flags), final_grade=final.final.grade,
    )  # fmt: skip


SHARED = [f.name for f in fields(PeriodRow) if f.name != "plans"]


def _period(record: Record, dose: Dose, row: PeriodRow, *, at: datetime) -> DosePeriod:
    values = {name: getattr(row, name) for name in SHARED}
    site = site_of(record, row)
    period = DosePeriod(
        dose=dose, participant=record.participant, step=dose.step, site_id=site, changed_at=at, **values
    )  # fmt: skip
    name(period, record)
    confirm(period, record.dose_checks)
    stamp(period)
    return period


def _state_of(record: Record, folded: Folded, rows: Rows, *, at: datetime) -> CurrentState:
    """The board's row."""
    state, memory = folded.board, folded.memory
    state.changed_at = at
    stay = record.stays[-1] if record.stays else None
    if stay is not None and not any(end.stay.root == stay.root for end in record.stay_ends):
        state.ward, state.bed = stay.ward, stay.bed
    current = None
    if rows.given:
        dose, row = rows.given[-1]
        current = str(dose.root)
        memory.carried = carried_into(folded.episodes.values(), row.started_at)
        state.dose_number, state.step, state.dose_at, state.period_id = (
            row.dose_number,
            dose.step,
            row.started_at,
            dose.pk,
        )
        state.dose_ended_at = next((e.observed_at for e in record.dose_ends if e.dose.root == dose.root), None)
        show_due(state, row)
    show_episodes(state, memory.state)
    if record.dispositions:
        state.ended = record.dispositions[0].kind
    show_next_observations(state, memory.state)
    episodes = folded.episodes.values()
    own = [e for e in episodes if e.dose_root is not None and e.dose_root == current]
    memory.own = sorted(own, key=own_order)
    memory.crs_before = any(
        e.kind == CRS and not e.provisional and e.dose_root not in (None, current) for e in episodes
    )
    state.fold = memory.write()
    return state
