"""Facts of one participant, for whoever may see the ward."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act
from crsmonitor.errors import InvalidInput, NotFound
from grading.models import CorrectionImpact, Grade, NeuroAssessment
from grading.recording.kinds import KINDS
from grading.recording.neuro_banks import bank_differences
from regimens.facts import Fact
from regimens.models import Step
from regimens.selectors import participant_for


@dataclass(frozen=True, slots=True, kw_only=True)
class FactPage:
    """Standing facts, newest first. `next_id`: where the next page goes on; None at the end."""

    facts: Sequence[Fact]
    grades: dict[uuid.UUID, Grade]
    next_id: uuid.UUID | None


def changes_by(participant_id: int, fact_id: str) -> list[dict[str, Any]]:
    """What this fact of a participant who was let in made different of what was told before. Empty: nothing."""
    try:
        impact = CorrectionImpact.objects.filter(participant=participant_id, pk=uuid.UUID(fact_id)).first()
    except ValueError:  # an address that somebody typed
        return []
    return [] if impact is None else impact.changes


def facts_page(
    user: User, participant_id: int, model: type[Fact], *, limit: int, after: uuid.UUID | None = None
) -> FactPage:
    """The newest `limit` standing facts (older than the fact `after`). NotFound for a stranger."""
    participant_for(user, participant_id, Act.SEE_WARD)
    facts = _related(model).standing().filter(participant_id=participant_id)
    if after is not None:
        last = model.objects.filter(participant_id=participant_id, pk=after).first()
        if last is None:
            raise InvalidInput.at("after", "no_such_record")
        facts = facts.filter(Q(observed_at__lt=last.observed_at) | Q(observed_at=last.observed_at, id__lt=last.id))
    newest = list(facts.order_by("-observed_at", "-id")[: limit + 1])
    shown = newest[:limit]
    _add_differences(shown, participant_id)
    return FactPage(facts=shown, grades=_grades(shown), next_id=shown[-1].id if len(newest) > limit else None)


def fact_of(user: User, participant_id: int, model: type[Fact], fact_id: uuid.UUID) -> tuple[Fact, Grade | None]:
    """One version of a fact, standing or not, with its grade. NotFound for a stranger."""
    participant_for(user, participant_id, Act.SEE_WARD)
    fact = _related(model).filter(participant_id=participant_id, pk=fact_id).first()
    if fact is None:
        raise NotFound("no_such_record")
    _add_differences([fact], participant_id)
    return fact, _grades([fact]).get(fact.id)


def _add_differences(facts: Sequence[Fact], participant_id: int) -> None:
    """`bank_differs` of neuro assessments: none of a version that stands no more."""
    neuro = [fact for fact in facts if isinstance(fact, NeuroAssessment)]
    differences = bank_differences(participant_id) if neuro else {}
    for fact in neuro:
        fact.bank_differs = list(differences.get(fact.id, ()))  # type: ignore[attr-defined]


def step_at(user: User, participant_id: int, position: int) -> Step:
    """The step at this position of the participant's regimen, for who may record a dose of it."""
    participant = participant_for(user, participant_id, Act.RECORD)
    step = Step.objects.filter(regimen=participant.regimen, position=position).first()
    if step is None:
        raise InvalidInput.at("step", "not_a_step")
    return step


def ended_fact(user: User, participant_id: int, model: type[Fact], fact_id: uuid.UUID, *, field: str) -> Fact:
    """The participant's own dose, stay or treatment that an end names, for who may record that end."""
    participant_for(user, participant_id, Act.RECORD)
    fact = model.objects.filter(participant_id=participant_id, pk=fact_id, withdrawn=False).first()
    if fact is None:
        raise InvalidInput.at(field, "no_such_record")
    return fact


def _related(model: type[Fact]):  # type: ignore[no-untyped-def]
    return model.objects.select_related("recorded_by", "tablet", *(["step"] if KINDS[model].of_step else []))


def _grades(facts: Sequence[Fact]) -> dict[uuid.UUID, Grade]:
    return Grade.objects.in_bulk([fact.id for fact in facts])
