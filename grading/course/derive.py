"""From the whole record to everything that is derived of it. Writes nothing."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from grading import readings
from grading.course.dose_periods import dose_periods, given
from grading.course.memory import Memory
from grading.course.record import Baseline, Record, events_of, load
from grading.models import CurrentState, DosePeriod, Episode, Grade, NeuroAssessment
from grading.rules import timeline
from grading.rules.grades import VERSION
from grading.rules.periods import PeriodRow
from grading.rules.timeline import CRS, ICANS, Parameters, Rise, State
from regimens.models import Dose, Participant


@dataclass(slots=True)
class Derived:
    """What the facts say, before it is written. `rises` are all rises of the course, or the one new one."""

    grades: list[Grade]
    episodes: list[Episode]
    periods: list[DosePeriod]
    state: CurrentState
    rises: tuple[Rise, ...]
    whole: bool = True


def parameters_of(participant: Participant) -> Parameters:
    """The study's parameters as frozen into the participant's regimen version."""
    return Parameters(resolution=timedelta(hours=participant.regimen.resolution_hours))


def rederive(participant: Participant, *, at: datetime) -> Derived:
    """Everything that all facts of a participant say. Writes nothing."""
    record = load(participant)
    course = timeline.derive(events_of(record), parameters_of(participant))
    rows = dose_periods(record, course)
    grades = [grade_row(participant, looked) for looked in course.graded]
    episodes = [episode_row(participant, episode) for episode in course.episodes]
    periods = [_period(participant, dose, row, at=at) for dose, row in rows]
    state = _state_of(record, course, given(rows), at=at)
    return Derived(grades=grades, episodes=episodes, periods=periods, state=state, rises=course.rises)


def grade_row(participant: Participant, looked: timeline.GradedLook) -> Grade:
    look, graded = looked.look, looked.graded
    return Grade(
        fact_id=look.id, root=look.root, participant=participant, kind=look.kind, observed_at=look.at,
        grade=graded.grade, at_least=graded.at_least, at_most=graded.at_most,
        reasons=[{"code": r.code, "text": r.text, "values": dict(r.values)} for r in graded.reasons],
        missing=list(graded.missing), flags=list(graded.flags), rules_version=VERSION,
    )  # fmt: skip


def episode_row(participant: Participant, episode: timeline.Episode) -> Episode:
    return Episode(
        participant=participant, kind=episode.kind, root=episode.root, provisional=episode.provisional,
        started_at=episode.started_at, ended_at=episode.ended_at, max_grade=episode.max_grade,
        at_most=episode.at_most, max_at=episode.max_at, dose_root=episode.dose_root, flags=list(episode.flags),
    )  # fmt: skip


SHARED = [f.name for f in fields(PeriodRow)]


def _period(participant: Participant, dose: Dose, row: PeriodRow, *, at: datetime) -> DosePeriod:
    values = {name: getattr(row, name) for name in SHARED}
    return DosePeriod(dose=dose, participant=participant, step=dose.step, changed_at=at, **values)


def _state_of(
    record: Record, course: timeline.Course, doses: list[tuple[Dose, PeriodRow]], *, at: datetime
) -> CurrentState:
    """The board's row; `doses`: those given, with their periods."""
    state = CurrentState(participant=record.participant, changed_at=at)
    stay = record.stays[-1] if record.stays else None
    if stay is not None and not any(end.stay.root == stay.root for end in record.stay_ends):
        state.ward, state.bed = stay.ward, stay.bed
    current, carried = None, False
    if doses:
        dose, row = doses[-1]
        current, carried = str(dose.root), bool(row.crs_carried)
        state.dose_number, state.step, state.dose_at, state.period_id = (
            row.dose_number,
            dose.step,
            row.started_at,
            dose.pk,
        )
        state.dose_ended_at = next((e.observed_at for e in record.dose_ends if e.dose.root == dose.root), None)
    if record.vitals:
        state.vitals_at, state.vitals = record.vitals[-1].observed_at, readings.shown(record.vitals[-1])
    if record.neuro:
        state.neuro_at, state.neuro = record.neuro[-1].observed_at, shown_neuro(record.neuro[-1])
    for looked in course.graded:
        show_grade(state, looked)
    show_episodes(state, course.state)
    if record.dispositions:
        state.ended = record.dispositions[0].kind
    baseline = Baseline()
    for measurement in record.measurements:
        baseline.take(measurement)
    memory = Memory(
        state=course.state,
        own=[e for e in course.episodes if e.dose_root is not None and e.dose_root == current],
        carried=carried,
        crs_before=any(
            e.kind == CRS and not e.provisional and e.dose_root not in (None, current) for e in course.episodes
        ),
        baseline=baseline,
    )
    state.fold = memory.write()
    return state


def shown_neuro(neuro: NeuroAssessment) -> dict[str, object]:
    return {"ice": readings.ice_score(neuro), "capd": neuro.capd_score, "consciousness": neuro.consciousness}


def show_grade(state: CurrentState, looked: timeline.GradedLook) -> None:
    graded, kind = looked.graded, looked.look.kind
    setattr(state, f"{kind}_grade", graded.grade)
    setattr(state, f"{kind}_at_least", graded.at_least)
    setattr(state, f"{kind}_at_most", graded.at_most)
    if kind == CRS:
        state.crs_flags = list(graded.flags)


def show_episodes(state: CurrentState, folded: State) -> None:
    for kind in (CRS, ICANS):
        episode = folded.open_episode(kind)
        setattr(state, f"{kind}_episode_since", episode.started_at if episode else None)
