"""A person decides on a row: accepted it is a fact as if typed, rejected it never is one, and both say who and why."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from crsmonitor.errors import AlreadyCorrected, InvalidInput
from grading.intake.facts import draft_of, end_of
from grading.intake.selectors import row_to_decide
from grading.models import IntakeRow, RowState, Treatment
from grading.models.observations import Indication
from grading.recording.record import Recorded, record
from grading.rules.intake.reasons import Weight, has, reason_of
from regimens.models import Participant

ACCEPTED = "accepted from the queue"
MOST = 300  # characters of a reason


@transaction.atomic
def accept(
    row_id: uuid.UUID, *, by: User, at: datetime, because: str = "", indication: str = "", automatic: bool = False
) -> Recorded:
    """Keep the fact of a row through the door of all facts, recorded by who accepts it.

    `because`: needed where something about it is to be asked; `indication`: of a treatment that came without one.
    Raises NotFound, Forbidden, AlreadyCorrected where somebody was first, and what `record` raises.
    """
    row = _held(row_id, by=by)
    reasons = [reason_of(one) for one in row.reasons]
    if has(reasons, Weight.HOLDS):
        raise InvalidInput("intake_cannot_accept")
    if has(reasons, Weight.ASKS) and not because.strip():
        raise InvalidInput.at("because", "say_why_accepted")
    row.because = because.strip()[:MOST]
    recorded = record(draft_of(row, _answers(row, indication)), by=by, at=at)
    if isinstance(recorded.fact, Treatment) and (end := end_of(row, recorded.fact)) is not None:
        record(end, by=by, at=at)
    _decide(row, RowState.ACCEPTED, by=by, at=at, reason=row.because or ACCEPTED, automatic=automatic)
    return recorded


@transaction.atomic
def reject(row_id: uuid.UUID, *, because: str, by: User, at: datetime) -> None:
    """It is no fact, and is asked about no more. Raises NotFound, Forbidden, AlreadyCorrected, InvalidInput."""
    row = _held(row_id, by=by)
    if not because.strip():
        raise InvalidInput.at("because", "say_why_rejected")
    row.because = because.strip()[:MOST]
    _decide(row, RowState.REJECTED, by=by, at=at, reason=row.because)


def _held(row_id: uuid.UUID, *, by: User) -> IntakeRow:
    """The row, held with its participant, in the order in which an import holds them."""
    seen = row_to_decide(by, row_id)
    list(Participant.objects.select_for_update(no_key=True).filter(pk=seen.participant_id).values_list("pk"))
    row = IntakeRow.objects.select_for_update(of=("self",)).filter(pk=seen.pk).first()
    if row is None or not row.is_waiting:
        raise AlreadyCorrected("intake_decided")
    return row


def _answers(row: IntakeRow, indication: str) -> Mapping[str, str]:
    """What the person adds. Raises InvalidInput where something is missing."""
    if row.kind != "treatment" or row.proposed.get("indication"):
        return {}
    if indication not in Indication.values:
        raise InvalidInput.at("indication", "unknown_indication")
    return {"indication": indication}


def _decide(row: IntakeRow, state: RowState, *, by: User, at: datetime, reason: str, automatic: bool = False) -> None:
    with acting(by=by, reason=reason):
        IntakeRow.objects.filter(pk=row.pk).update(
            state=state, decided_by=by, decided_at=at, because=row.because, automatic=automatic
        )
