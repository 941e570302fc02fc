"""The facts that a row of the queue proposes, unsaved."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField

from crsmonitor.errors import AlreadyCorrected
from grading.models import IntakeRow, NeuroAssessment, Treatment, TreatmentEnd, VitalSigns
from grading.rules.intake.received import RowKind
from regimens.facts import Fact, Source

MODELS: Mapping[RowKind, type[Fact]] = {
    RowKind.VITALS: VitalSigns,
    RowKind.NEURO: NeuroAssessment,
    RowKind.TREATMENT: Treatment,
}
ENDED_AT = "ended_at"  # of a treatment: an end fact of its own
CORRECTED = "corrected by its source"


def draft_of(row: IntakeRow, answers: Mapping[str, str]) -> Fact:
    """The fact of a row, with what the person who accepts it adds. Raises AlreadyCorrected."""
    model = MODELS[RowKind(row.kind)]
    values = {name: value for name, value in (row.proposed | dict(answers)).items() if name != ENDED_AT}
    draft = model(
        id=row.pk, participant_id=row.participant_id, observed_at=row.observed_at, source=Source.IMPORT,
        reason=row.because, **{name: _value(model, name, value) for name, value in values.items()},
    )  # fmt: skip
    if row.supersedes is not None:
        draft.supersedes = standing(model, row)
        draft.withdrawn = row.withdraws
        draft.reason = row.because or CORRECTED
    return draft


def end_of(row: IntakeRow, treatment: Treatment) -> TreatmentEnd | None:
    """The end that came with a treatment. None: none came, or it is on file."""
    ended_at = row.proposed.get(ENDED_AT)
    ends = TreatmentEnd.objects.standing().filter(treatment__root=treatment.root)
    if ended_at is None or row.withdraws or ends.exists():
        return None
    return TreatmentEnd(
        id=uuid.uuid5(row.pk, ENDED_AT), participant_id=row.participant_id,
        observed_at=datetime.fromisoformat(ended_at), source=Source.IMPORT, treatment=treatment, reason=row.because,
    )  # fmt: skip


def standing(model: type[Fact], row: IntakeRow) -> Fact:
    """The version that a row corrects, as long as nobody else has. Raises AlreadyCorrected."""
    version = model.objects.filter(pk=str(row.supersedes), participant=row.participant_id).first()
    if version is None or version.withdrawn or model.objects.filter(supersedes=version).exists():
        raise AlreadyCorrected("corrected_first")
    return version


def _value(model: type[Fact], name: str, value: Any) -> Any:
    field = model._meta.get_field(name)
    return Decimal(value) if isinstance(field, DecimalField) and value is not None else value
