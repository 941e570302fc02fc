"""What is signed, held against what the record says now: part of the verification of the audit trail."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from crsmonitor.audit.selectors import BrokenLink
from grading.models import DosePeriod
from grading.review.signatures.kinds import PERIOD, SIGNABLES
from regimens.models import Signature
from regimens.services.signing import seal_of, still_says


def record_of(signature: Signature) -> Any:
    """What was signed, as it is now. None: it is gone, as a dose period is whose dose was withdrawn."""
    if signature.kind == PERIOD.kind:
        periods = DosePeriod.objects.filter(participant=signature.participant_id, dose__root=signature.root)
        return periods.select_related("dose").first()
    return SIGNABLES[signature.kind].model._default_manager.filter(pk=signature.record).first()


def differing_signatures(at: datetime) -> Iterator[BrokenLink]:
    """Each that does not fit its own hash, and each that holds although its record says something else now."""
    for one in Signature.objects.select_related("void", "study").order_by("pk").iterator(chunk_size=200):
        chain = f"study:{one.study_id}" if one.participant_id is None else f"participant:{one.participant_id}"
        if one.hash != seal_of(one):
            yield BrokenLink(chain, 0, f"signature {one.pk}: it does not match its hash")
        elif getattr(one, "void", None) is None:
            record = record_of(one)
            if record is None or not still_says(one, SIGNABLES[one.kind], record):
                yield BrokenLink(chain, 0, f"signature {one.pk}: the {one.kind} is not what was signed")
