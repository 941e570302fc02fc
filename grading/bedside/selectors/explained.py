"""Why stored grades are what they are: of many participants at once, in as many queries however many they are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, UUIDField

from crsmonitor.database.question import OneOf, Question
from grading.bedside.selectors.history import (
    Explained,
    History,
    baselines_of,
    history_from,
    of_these,
    runs_by_participant,
    why_of,
)
from grading.bedside.selectors.ward import BoardGrade, BoardRow
from grading.course.record.masks import Masks
from grading.models import Alert, Episode, Grade, NeuroAssessment, Treatment, VitalSigns
from grading.rules.course.events import CRS, ICANS
from regimens.models import Participant


def _with_keys(model: type[Any], keys: list[UUID]) -> Any:
    return model.objects.filter(OneOf("pk", keys, UUIDField()))


Set = VitalSigns | NeuroAssessment
Newest = Mapping[tuple[int, str], Explained]  # by participant and kind


_SETS: dict[type[Any], Question[Any]] = {
    model: Question(partial(_with_keys, model)) for model in (VitalSigns, NeuroAssessment)
}
_NEWEST = Question[Grade](
    lambda participants: Grade.objects.filter(
        of_these(participants),
        observed_at__in=[F(f"participant__current_state__{name}") for name in ("vitals_at", "neuro_at")],
    )
)
_BEHIND = Question[Grade](
    lambda participants, roots: Grade.objects.filter(of_these(participants), OneOf("root", roots, UUIDField()))
)
_TREATMENTS = Question[Treatment](
    lambda participants: Treatment.objects.standing().filter(of_these(participants))
)  # fmt: skip
_EPISODES = Question[Episode](lambda participants: Episode.objects.filter(of_these(participants), kind=CRS))


def explain(grades: Iterable[Grade], sets: Iterable[Set] | None = None) -> list[Explained]:
    """Each grade whose set stands; its participant must be loaded, with the regimen. `sets` None: they are read."""
    grades = list(grades)
    facts = _sets_of(grades) if sets is None else {one.pk: one for one in sets}
    histories = _histories_of({grade.participant_id: grade.participant for grade in grades})
    return [
        Explained(grade=grade, fact=fact, why=why_of(fact, grade, history), history=history)
        for grade in grades
        if (fact := facts.get(grade.fact_id)) is not None and (history := histories[grade.participant_id])
    ]


def _sets_of(grades: Sequence[Grade]) -> dict[UUID, Set]:
    facts: dict[UUID, Set] = {}
    for model, kind in ((VitalSigns, CRS), (NeuroAssessment, ICANS)):
        if ids := [grade.fact_id for grade in grades if grade.kind == kind]:
            facts |= {one.pk: one for one in _SETS[model].all(keys=ids)}
    return facts


def newest_of(rows: Sequence[BoardRow]) -> Newest:
    """The grades that a board shows, as far as they are still those that its rows say."""
    grades = _NEWEST.all(participants=[row.participant.pk for row in rows])
    shown = {(row.participant.pk, one.kind): one for row in rows for one in (row.crs, row.icans) if one is not None}
    newest = {
        (grade.participant_id, grade.kind): grade
        for grade in grades
        if _says(shown.get((grade.participant_id, grade.kind)), grade)
    }
    graded = explain(_of(newest.values(), [row.participant for row in rows]))
    return {(one.grade.participant_id, one.grade.kind): one for one in graded}


def _of(grades: Iterable[Grade], participants: Iterable[Participant]) -> Iterator[Grade]:
    """With the participant that is loaded already."""
    by_id = {participant.pk: participant for participant in participants}
    for grade in grades:
        grade.participant = by_id[grade.participant_id]
        yield grade


def _says(shown: BoardGrade | None, grade: Grade) -> bool:
    bounds = (grade.observed_at, grade.grade, grade.at_least, grade.at_most)
    return shown is not None and bounds == (shown.at, shown.grade, shown.at_least, shown.at_most)


def grades_behind(alerts: Sequence[Alert]) -> dict[UUID, Explained]:
    """By alert: the grade of its set, while that is what the alert says. A death, or a withdrawn set, has none."""
    grades = _BEHIND.all(
        participants={alert.participant_id for alert in alerts}, roots={alert.fact_root for alert in alerts}
    )
    explained = explain(_of(grades, [alert.participant for alert in alerts]))
    by_root = {(one.grade.root, one.grade.kind): one for one in explained}
    return {
        alert.pk: one
        for alert in alerts
        if (one := by_root.get((alert.fact_root, alert.kind))) is not None
        and (one.grade.at_least, one.grade.at_most) == (max(alert.grade, 0), alert.at_most)
    }


def _histories_of(participants: Mapping[int, Participant]) -> dict[int, History]:
    def by_participant(facts: Iterable[Any]) -> dict[int, list[Any]]:
        groups: dict[int, list[Any]] = defaultdict(list)
        for fact in facts:
            groups[fact.participant_id].append(fact)
        return groups

    mine = list(participants)
    treatments = by_participant(_TREATMENTS.all(participants=mine))
    episodes = by_participant(_EPISODES.all(participants=mine))
    baselines = by_participant(baselines_of(mine))
    masks = {study_id: Masks(study_id) for study_id in {one.study_id for one in participants.values()}}
    runs = runs_by_participant(one for some in treatments.values() for one in some)
    return {
        pk: history_from(
            participant,
            treatments=treatments[pk],
            episodes=episodes[pk],
            baselines=baselines[pk],
            runs=runs[pk],
            masks=masks[participant.study_id],
        )
        for pk, participant in participants.items()
    }
