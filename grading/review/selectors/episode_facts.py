"""What is on record of one episode, as its narrative and its page are made of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from grading.course.episode_assessments import DECIDING
from grading.course.record import readings
from grading.models import (
    About,
    Attribution,
    Episode,
    EventReport,
    Grade,
    NeuroAssessment,
    Treatment,
    VitalSigns,
)
from grading.review import narrative
from grading.review.selectors.assessments import newest_assessments
from grading.rules.course.limiting import SetBounds, is_limiting
from regimens.models import Dose

_VITALS = ("temperature_c", "sbp", "spo2")


def newest_report(episode: Episode) -> EventReport | None:
    """What holds of the episode as an event. None: nothing was said."""
    return EventReport.objects.standing().filter(**_about(episode)).order_by("-observed_at", "-recorded_at").first()


def _about(episode: Episode) -> dict[str, Any]:
    return {"participant": episode.participant_id, "kind": episode.kind, "about_root": episode.root}


def sets_of(episode: Episode) -> Sequence[Grade]:
    """The sets of the episode in order of time, with the one that ended it."""
    sets = Grade.objects.filter(
        participant=episode.participant_id, kind=episode.kind, observed_at__gte=episode.started_at
    )
    if episode.ended_at is not None:
        sets = sets.filter(observed_at__lte=episode.ended_at)
    return list(sets.order_by("observed_at", "fact_id"))


def episode_facts(episode: Episode) -> narrative.EpisodeFacts:
    """Of an episode that the reader was let see, with its participant and study loaded."""
    sets = sets_of(episode)
    ended_by = next((one.fact_id for one in sets if one.observed_at == episode.ended_at), None)
    onset = next((one.fact_id for one in sets if one.root == episode.root), episode.root)
    return narrative.EpisodeFacts(
        number=episode.participant.number,
        kind=episode.kind,
        onset_at=episode.started_at,
        onset_id=onset,
        provisional=bool(episode.provisional),
        ended_at=episode.ended_at,
        ended_by=ended_by,
        dose=_dose(episode),
        grades=_grades(episode, sets),
        treatments=_treatments(episode),
        attributions=_attributions(episode),
        assessments=_assessments(episode),
        report=_report(episode),
        limiting=limiting(episode, sets),
    )


def limiting(episode: Episode, sets: Sequence[Grade]) -> narrative.LimitingToxicity:
    """By the rule of the study."""
    grade, hours = episode.participant.study.limiting_rule
    graded = [SetBounds(at=one.observed_at, at_least=one.at_least, at_most=one.at_most) for one in sets]
    reaching = tuple(one.fact_id for one in sets if one.at_most >= grade)
    return narrative.LimitingToxicity(
        grade=grade,
        hours=Decimal(hours),
        met=is_limiting(graded, grade=grade, hours=hours, ended_at=episode.ended_at),
        facts=reaching,
    )


def _dose(episode: Episode) -> narrative.NarrativeDose | None:
    if episode.dose_root is None:
        return None
    dose = Dose.objects.standing().filter(root=episode.dose_root).select_related("step").first()
    if dose is None:
        return None
    period = episode.participant.dose_periods.filter(dose=dose).first()
    return narrative.NarrativeDose(
        id=dose.pk, at=dose.observed_at, number=0 if period is None else period.dose_number, step=dose.step.label,
        amount=dose.amount, unit=dose.unit or "",
    )  # fmt: skip


def _grades(episode: Episode, sets: Sequence[Grade]) -> list[narrative.GradeReached]:
    """Each set at which the certain grade was higher than at any before; the first whatever it was."""
    reached: list[Grade] = []
    for one in sets:
        if not reached or one.at_least > reached[-1].at_least:
            reached.append(one)
    inputs = _inputs(episode, [one.fact_id for one in reached])
    return [
        narrative.GradeReached(
            id=one.fact_id, at=one.observed_at, grade=one.at_least, inputs=inputs.get(one.fact_id, {})
        )
        for one in reached
    ]


def _inputs(episode: Episode, facts: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    if episode.kind == "crs":
        return {one.pk: _seen(one) for one in VitalSigns.objects.filter(pk__in=facts)}
    return {one.pk: _mind(one) for one in NeuroAssessment.objects.filter(pk__in=facts)}


def _seen(fact: VitalSigns) -> dict[str, Any]:
    """What was looked at. A list that somebody found empty, and what nobody looked at, is left out."""
    inputs: dict[str, Any] = {name: value for name in _VITALS if (value := getattr(fact, name)) is not None}
    if fact.pressure_unrecordable:
        inputs["pressure_unrecordable"] = True
    if fact.vasopressors:
        inputs["vasopressors"] = tuple(fact.vasopressors)
    if fact.oxygen_device is not None:
        inputs["oxygen_device"] = fact.oxygen_device
    return inputs


def _mind(fact: NeuroAssessment) -> dict[str, Any]:
    score = readings.ice_score(fact)
    inputs: dict[str, Any] = {} if score is None else {"ice": score}
    if fact.capd_score is not None:
        inputs["capd"] = fact.capd_score
    for name in ("consciousness", "seizure", "motor"):
        if getattr(fact, name) is not None:
            inputs[name] = getattr(fact, name)
    return inputs


def _treatments(episode: Episode) -> list[narrative.NarrativeDrug]:
    given = Treatment.objects.standing().filter(
        participant=episode.participant_id, indication=episode.kind, observed_at__gte=episode.started_at
    )
    if episode.ended_at is not None:
        given = given.filter(observed_at__lte=episode.ended_at)
    return [
        narrative.NarrativeDrug(id=one.pk, at=one.observed_at, drug=one.drug, amount=one.dose, unit=one.unit)
        for one in given.order_by("observed_at", "root")
    ]


def _attributions(episode: Episode) -> list[narrative.OtherCause]:
    others = Attribution.objects.standing().filter(participant=episode.participant_id)
    if episode.ended_at is not None:
        others = others.filter(observed_at__lte=episode.ended_at)
    return [
        narrative.OtherCause(id=one.pk, at=one.observed_at, sign=one.sign, cause=one.cause, until=one.until)
        for one in others.order_by("observed_at", "root")
        if one.until is None or one.until >= episode.started_at
    ]


def _assessments(episode: Episode) -> list[narrative.NarrativeAssessment]:
    newest = newest_assessments().filter(about=About.EPISODE.value, ledger__in=DECIDING, **_about(episode))
    return [
        narrative.NarrativeAssessment(
            id=one.pk,
            at=one.observed_at,
            ledger=one.ledger,
            grade=one.derived_grade if one.grade is None else one.grade,
            agrees=one.grade is None,
            because=one.because,
        )
        for one in sorted(newest, key=lambda one: (one.observed_at, one.ledger))
    ]


def _report(episode: Episode) -> narrative.EventReported | None:
    one = newest_report(episode)
    if one is None:
        return None
    return narrative.EventReported(
        id=one.pk,
        serious=one.serious,
        criteria=tuple(one.criteria),
        outcome=one.outcome,
        action=one.action,
        next_dose_delayed=one.next_dose_delayed,
    )
