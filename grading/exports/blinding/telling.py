"""An event that tells what a study is blinded for, in its trail, and a message to whoever keeps the study blinded."""

from django.db import transaction
from django.db.models import QuerySet

from crsmonitor.accounts.models import User
from crsmonitor.audit.events import record_event
from crsmonitor.audit.models import AuditEvent
from grading.alerting.delivery import outbox
from grading.models import BlindingManager, UnblindingNote
from regimens.blinding import Profile, unblinds
from regimens.models import Membership, Study

UNBLINDED, UNBLINDED_KEY = "unblinded_pull", "unblinded_key"


def managers_of(study: Study) -> QuerySet[BlindingManager]:
    """Those who are told now: whose account is open, and who still have a part in the study."""
    members = Membership.objects.filter(study=study, ended_at=None).values("user")
    named = BlindingManager.objects.filter(
        study=study, ended_at=None, person__is_active=True, person__in=members
    )  # fmt: skip
    return named.select_related("person", "named_by").order_by("named_at", "pk")


def record_unblinding(study: Study, profile: Profile, *, by: User, what: str, of_a_key: bool = False) -> None:
    """Nothing where it tells nothing of that kind. `by`: the program, or who made the key for it."""
    if not unblinds(study, profile):
        return
    kind, subject = UNBLINDED_KEY if of_a_key else UNBLINDED, f"study:{study.pk}"
    with transaction.atomic():
        record_event(kind, by=by, subject=subject, what=what, profile=profile, name=by.username)
        _tell(study, AuditEvent.objects.filter(subject=subject, table_name=kind).latest("seq"), what=what, by=by)


def _tell(study: Study, event: AuditEvent, *, what: str, by: User) -> None:
    """One message an hour of the same program and the same thing: one that is pulled each minute fills no mailbox."""
    people = [one.person for one in managers_of(study) if one.person.email]
    once = f"unblinding:{study.pk}:{event.table_name}:{by.pk}:{what}:{event.at:%Y%m%dT%H}"
    rows = [
        UnblindingNote(
            key=f"{once}:{person.pk}", study=study, recipient=person, of_a_key=event.table_name == UNBLINDED_KEY,
            queued_at=event.at, next_try_at=event.at,
        )
        for person in people
    ]  # fmt: skip
    if rows:
        outbox.leave(rows)
