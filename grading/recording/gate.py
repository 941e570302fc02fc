"""Answers to what the gate asks of people."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from grading.recording.record import Recorded, record
from regimens.models import Measurement


@transaction.atomic
def answer_gate(answers: Sequence[Measurement], *, by: User, at: datetime) -> list[Recorded]:
    """Keep all of them or none. Raises what `record` raises."""
    return [record(answer, by=by, at=at) for answer in answers]
