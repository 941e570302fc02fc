"""One more fact that comes in order: the same answer as deriving everything again, at a constant cost."""

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo

from grading.course.board import show_due, show_episodes, show_floor, show_next_observations, show_observation
from grading.course.checkpoints import checkpoint, is_due
from grading.course.derive import (
    SHARED,
    Derived,
    episode_row,
    grade_row,
    parameters_of,
)
from grading.course.dose_periods.local_times import localize_outcome, stamp
from grading.course.dose_periods.rows import observe
from grading.course.dose_periods.runs import runs_since, runs_with
from grading.course.memory import Memory, keep, own_order
from grading.course.record import readings
from grading.course.record.facts import event_of
from grading.course.record.plans import plans_running
from grading.models import (
    Attribution,
    Checkpoint,
    CurrentState,
    DosePeriod,
    NeuroAssessment,
    Treatment,
    TreatmentEnd,
    VitalSigns,
)
from grading.rules.course import timeline
from grading.rules.course.episodes import CourseEpisode, key_of
from grading.rules.course.events import Event
from grading.rules.course.final_outcome import settle
from grading.rules.course.periods.row import PeriodRow
from grading.rules.course.spans import deny, run
from grading.rules.treatment.premedication import PREMEDICATION_WITHIN
from regimens.facts import Fact

_CARRIES = (VitalSigns, NeuroAssessment, Treatment, TreatmentEnd, Attribution)


def continue_with(fact: Fact, state: CurrentState, *, at: datetime) -> Derived | None:
    """What one more fact brings about, or None where only a derivation can tell.

    `state` is the participant's row as it stands; it is changed in place. Sets, assessments and treatments that
    come in order are nearly everything a ward writes; the rest (doses, late entries, corrections) is derived from
    the last checkpoint before it.
    """
    if not isinstance(fact, _CARRIES) or fact.supersedes_id is not None or state.ended or state._state.adding:
        return None
    if isinstance(fact, TreatmentEnd) and _stops_of_before(fact, state.period):
        return None  # the hours of an earlier period are known now
    participant, memory = state.participant, Memory.read(state.fold)
    event = event_of(fact, participant=participant, baseline=memory.baseline)
    outcome = timeline.Outcome()
    changed: list[CourseEpisode] = []
    reached: list[Checkpoint] = []
    if memory.observations is None:
        return None
    if event is not None:
        if not timeline.comes_in_order(memory.state, event) or measured_later(memory, event):
            return None
        if is_due(memory, event):
            reached, memory.observations = [checkpoint(memory, state.period, state, at=event.at)], 0
        before = {key_of(e): e for e in memory.state.open}
        memory.state, outcome = timeline.step(memory.state, event, parameters_of(participant))
        current = memory.state.dose.root if memory.state.dose else None
        changed = [e for e in outcome.episodes if _tells_more(e, before.get(key_of(e)))]
        if any(e.dose_root != current for e in changed):
            return None  # an episode of an earlier period changed: that period's row changes too
        _keep_own(memory, outcome.episodes, current)
    elif state.period is not None and fact.observed_at < state.period.started_at:
        return None  # bears on the outcome of an earlier period
    if isinstance(fact, VitalSigns | NeuroAssessment) and _at_dose(fact, state):
        return None  # a look at the minute of the dose is the last one before it too
    if outcome.graded is not None:
        memory.observations += 1
        show_observation(state, fact, outcome.graded)
    if outcome.floor is not None:
        show_floor(state, outcome.floor)
    if state.period is None:
        state.vitals_due_at = None  # nothing is planned; what is due is due to a value in danger
    period = _continue_period(fact, state, memory, event, outcome, at=at)
    show_next_observations(state, memory.state)
    show_episodes(state, memory.state)
    keep(memory, state)
    state.changed_at = at
    return Derived(
        grades=[grade_row(participant, outcome.graded)] if outcome.graded else [],
        episodes=[episode_row(participant, memory.assessments.final_of(e)) for e in changed],
        periods=[period] if period else [],
        state=state,
        rises=(outcome.rise,) if outcome.rise else (),
        checkpoints=reached,
        whole=False,
    )


def _at_dose(fact: Fact, state: CurrentState) -> bool:
    return state.period is not None and fact.observed_at == state.period.started_at


def measured_later(memory: Memory, event: Event) -> bool:
    """Whether a baseline was measured at this instant or since: it is not this event's."""
    return memory.baseline.at is not None and memory.baseline.at >= event.at


def _keep_own(memory: Memory, episodes: Iterable[CourseEpisode], dose_root: str | None) -> None:
    """The episodes of the running period, as they are now."""
    for episode in episodes:
        memory.own = [e for e in memory.own if key_of(e) != key_of(episode)]
        if dose_root is not None and episode.dose_root == dose_root:
            memory.own.append(episode)
    memory.own.sort(key=own_order)


# What of an episode is kept in its row; most sets only prolong how long it was observed free.
_KEPT = ("max_grade", "at_most", "axis_grade", "max_at", "ended_at", "flags")


def _tells_more(episode: CourseEpisode, before: CourseEpisode | None) -> bool:
    """Whether the stored row of this episode changes."""
    return before is None or any(getattr(episode, name) != getattr(before, name) for name in _KEPT)


_shared = attrgetter(*SHARED)


def _continue_period(
    fact: Fact,
    state: CurrentState,
    memory: Memory,
    event: Event | None,
    outcome: timeline.Outcome,
    *,
    at: datetime,
) -> DosePeriod | None:
    period = state.period
    if period is None or not (isinstance(fact, VitalSigns | NeuroAssessment | Treatment) or _stops(fact)):
        return None  # before the first dose, or nothing that its row tells
    row = PeriodRow(**dict(zip(SHARED, _shared(period), strict=True)), plans=plans_running(state, period))
    if isinstance(fact, Treatment):
        row.treat([readings.drug_given(one) for one in _treatments_of(period, fact)])
    if event is not None:
        observe(row, event, outcome, fact)
    if isinstance(fact, Treatment | TreatmentEnd):
        run(row, runs_with(fact, period.participant_id), started_at=row.started_at, ended_at=row.ended_at)
    deny(row)
    row.conclude(own=memory.own, carried=memory.carried, crs_before=memory.crs_before)
    settle(row, memory.bearing)
    participant = state.participant
    site = participant.site if participant.site_id == period.site_id else period.site
    localize_outcome(row, ZoneInfo(site.time_zone))
    show_due(state, row)
    period.__dict__.update(zip(SHARED, _shared(row), strict=True))
    period.changed_at = at
    stamp(period)
    return period


def _stops(fact: Fact) -> bool:
    """Whether it stops what the row counts the hours of."""
    return isinstance(fact, TreatmentEnd) and runs_since(fact) is not None


def _stops_of_before(fact: TreatmentEnd, period: DosePeriod | None) -> bool:
    """Whether what stopped ran in an earlier period too."""
    since = None if period is None else runs_since(fact)
    return since is not None and period is not None and since < period.started_at


def _treatments_of(period: DosePeriod, new: Treatment) -> list[Treatment]:
    """Those of the running period and of the hours before its dose, with the new one: totals are made of all."""
    since = period.started_at - PREMEDICATION_WITHIN
    kept = Treatment.objects.standing().filter(participant=period.participant_id, observed_at__gte=since)
    return sorted([*kept, new], key=lambda one: one.observed_at)
