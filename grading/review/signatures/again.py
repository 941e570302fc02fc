"""What is not signed where it is made: a dose period, and every record whose signature is void."""

import uuid
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.accounts.proof import Proof
from crsmonitor.errors import Forbidden, InvalidInput
from grading.review.signatures.selectors import subject_of
from regimens.models import Participant, Signature
from regimens.services.signing import sign


@transaction.atomic
def sign_record(
    kind: str, record: str, *, seen: str, by: User, at: datetime, proof: Proof, key: uuid.UUID
) -> Signature:  # fmt: skip
    """Sign it as it is now. `seen`: what stood on the page; nobody signs what they did not see.

    Raises NotFound, Forbidden, InvalidInput, KeyReused for a form that signed before.
    """
    subject = subject_of(by, kind, record, at=at)
    if subject.participant is not None:  # no fact comes between
        Participant.objects.select_for_update(no_key=True, of=("self",)).get(pk=subject.participant.pk)
        subject = subject_of(by, kind, record, at=at)
    if not subject.may_sign:
        raise Forbidden("role_forbids")
    if Signature.objects.filter(pk=key).exists():
        return sign(subject.signable, subject.record, by=by, at=at, proof=proof, key=key)  # which refuses it
    if subject.refusal:
        raise InvalidInput.at("password", subject.refusal)
    if subject.seen != seen:
        raise InvalidInput.at("password", "changed_while_signing")
    return sign(subject.signable, subject.record, by=by, at=at, proof=proof, key=key)
