"""A serious-event sheet as an answer, JSON or PDF. That it was taken is in the study's trail before it leaves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event
from grading.serious.facts import facts_of
from grading.serious.paper import paper_of
from grading.serious.selectors import reader_of, serious_episode
from grading.serious.sheet import EventSheet, sheet_of

TAKEN = "serious_event_sheet_taken"


def sheet_for(user: User, participant_id: int, kind: str, root: UUID, *, at: datetime) -> EventSheet:
    """As this user may read it. NotFound for a stranger, and of an episode without a sheet."""
    reader = reader_of(user, participant_id)
    episode = serious_episode(reader, kind, root)
    return sheet_of(facts_of(reader.participant, episode, at=at), reader.profile)


def as_json(event: EventSheet, *, by: User, at: datetime) -> dict[str, Any]:
    _record(event, by=by, form="json")
    return event.document(at=at)


def as_pdf(event: EventSheet, *, by: User, at: datetime) -> bytes:
    from grading.downtime.drawing import draw  # what draws takes a third of a second to read, in every process

    _record(event, by=by, form="pdf")
    return draw(paper_of(event, at=at), asian=settings.PAPER_FONT)


def _record(event: EventSheet, *, by: User, form: str) -> None:
    record_event(
        TAKEN, by=by, subject=f"study:{event.facts.participant.study_id}", sheet=event.key, form=form,
        profile=event.profile.value, sha256=event.sha256,
    )  # fmt: skip
