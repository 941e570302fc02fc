"""What a study lets in without a person: only what nothing is to be asked of, each fact by itself, oldest first."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import OuterRef, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.accounts.roles import Act
from crsmonitor.audit.acting import acting
from crsmonitor.errors import DomainError, InvalidInput, NotFound
from grading.intake.services.deciding import accept
from grading.models import IntakeDoor, IntakePolicy, IntakeRow, RowState
from grading.review.signatures.kinds import IMPORTS
from grading.rules.intake.reasons import reason
from regimens.models import Participant, Study
from regimens.selectors import studies_for
from regimens.services.signing import sign

MOST_AT_ONCE = 200  # facts of one import: each derives a course again, and a request has an end


def let_in(rows: Sequence[IntakeRow], *, door: str, by: User, at: datetime) -> int:
    """How many were accepted. What is refused is held, and says why; beyond MOST_AT_ONCE it waits for a person."""
    open_to = _open_to(door, {row.participant_id for row in rows})
    waiting = [row for row in rows if row.state == RowState.PROPOSED and row.participant_id in open_to]
    accepted = 0
    for row in sorted(waiting, key=lambda one: one.observed_at):
        if accepted == MOST_AT_ONCE:
            break
        try:
            accept(row.pk, by=by, at=at, automatic=True)
            accepted += 1
        except DomainError as error:
            _hold(row, error, by=by)
    return accepted


def _open_to(door: str, participants: Collection[int]) -> set[int]:
    """Those whose study's newest word lets this door in."""
    signed = IntakePolicy.objects.filter(study=OuterRef("study")).order_by("-signed_at", "-pk")
    known = Participant.objects.filter(pk__in=participants).annotate(doors=Subquery(signed.values("automatic")[:1]))
    return {pk for pk, doors in known.values_list("pk", "doors") if doors is not None and door in doors}


def _hold(row: IntakeRow, error: DomainError, *, by: User) -> None:
    reasons = [*row.reasons, reason("not_kept", code=error.message.code).plain()]
    with acting(by=by, reason="not let in"):
        IntakeRow.objects.filter(pk=row.pk).update(state=RowState.HELD, reasons=reasons)


def sign_policy(
    study: Study, *, doors: Iterable[str], because: str, by: User, at: datetime, proof: Proof
) -> IntakePolicy:
    """Through which doors this study lets in by itself, from now on. Signed: `proof` says by what.

    Raises NotFound to a stranger and to who does not approve, InvalidInput.
    """
    if not studies_for(by, Act.APPROVE).filter(pk=study.pk).exists():
        raise NotFound("no_such_study")
    if not because.strip():
        raise InvalidInput.at("because", "say_why_automatic")
    chosen = sorted(set(doors))
    if not set(chosen) <= set(IntakeDoor.values):
        raise InvalidInput.at("automatic", "one_of", choices=", ".join(IntakeDoor.values))
    with acting(by=by, reason=because.strip()[:300]):
        made = IntakePolicy.objects.create(
            study=study, automatic=chosen, because=because.strip()[:300], signed_by=by, signed_at=at
        )
        sign(IMPORTS, made, by=by, at=at, proof=proof)
    return made
