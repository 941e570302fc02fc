"""The queue for whoever may look at it. Every question starts from who is asking."""

import uuid
from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from crsmonitor.accounts.models import User
from crsmonitor.accounts.roles import Act, roles_that_may
from crsmonitor.errors import Forbidden, NotFound
from grading.models import IntakeBatch, IntakeEntry, IntakeOutcome, IntakePolicy, IntakeRow, RowState
from grading.models.intake.queue import WAITING
from regimens.models import Membership, Participant, Study, Transfer
from regimens.selectors import memberships_of, participant_for, participants_for, studies_for

SHOWN = 200  # rows on a page


def participants_by_usubjid(user: User, subjects: Sequence[str]) -> dict[str, Participant]:
    """Those of whom this user may record something, by the identifier that every export knows them by.

    It has the site of enrolment, also after a transfer. One of somebody else's is not there, as is one of nobody.
    """
    wanted = set(subjects)
    moved = Transfer.objects.filter(participant=OuterRef("pk")).order_by("at")
    mine = participants_for(user, Act.RECORD).select_related("study", "site", "regimen").annotate(
        enrolled_at=Subquery(moved.values("from_site__code")[:1])
    )  # fmt: skip
    numbers = {subject.rpartition("-")[2] for subject in wanted}
    by_name: dict[str, Participant] = {}
    for one in mine.filter(number__in=_endings(wanted, numbers)):
        name = f"{one.study.code}-{one.enrolled_at or one.site.code}-{one.number}"
        if name in wanted:
            by_name[name] = one
    return by_name


def _endings(subjects: set[str], last: set[str]) -> set[str]:
    """What may be the number in them: a code and a number may themselves hold a hyphen."""
    return last | {subject[i + 1 :] for subject in subjects for i, one in enumerate(subject[:80]) if one == "-"}


def waiting_for(user: User) -> QuerySet[IntakeRow]:
    """What waits of the participants whose ward this user sees, grouped by participant, oldest first."""
    seen = IntakeRow.objects.filter(state__in=WAITING, participant__in=participants_for(user, Act.SEE_WARD))
    related = seen.select_related("participant__study", "participant__site", "batch__sent_by")
    return related.order_by("participant__study__code", "participant__number", "observed_at", "kind", "id")


def waiting_of(user: User, participant_id: int) -> QuerySet[IntakeRow]:
    """What waits of one participant and nothing is to be asked of, for who may record. NotFound, Forbidden."""
    participant_for(user, participant_id, Act.RECORD)
    rows = IntakeRow.objects.filter(participant=participant_id, state=RowState.PROPOSED.value)
    return rows.order_by("observed_at", "kind", "id")


def row_to_decide(user: User, row_id: uuid.UUID) -> IntakeRow:
    """For who may record of the participant. NotFound to a stranger, Forbidden for who may see it alone."""
    here = IntakeRow.objects.filter(pk=row_id)
    row = here.filter(participant__in=participants_for(user, Act.RECORD)).first()
    if row is not None:
        return row
    if here.filter(participant__in=participants_for(user, Act.SEE_WARD)).exists():
        raise Forbidden("role_forbids")
    raise NotFound("no_such_record")


def unplaced_for(user: User) -> QuerySet[IntakeEntry]:
    """What was held or rejected without a row, for who looks after the data, the newest first.

    Of those who may record where this data manager works: who it is of is kept nowhere. What came again since, and has
    a row now, is not among them.
    """
    mine = memberships_of(user).filter(role__in=roles_that_may(Act.DRAFT), study=OuterRef("study"))
    beside = mine.filter(Q(site=None) | Q(site=OuterRef("site")))
    anywhere = Q(site=None) & Exists(mine)
    senders = Membership.objects.filter(anywhere | Exists(beside), role__in=roles_that_may(Act.RECORD))
    placed = IntakeEntry.objects.filter(
        key=OuterRef("key"), row__isnull=False, batch__sent_by=OuterRef("batch__sent_by")
    )
    entries = IntakeEntry.objects.filter(
        ~Exists(placed), row=None, outcome__in=[IntakeOutcome.HELD.value, IntakeOutcome.REJECTED.value],
        batch__sent_by__in=senders.values("user"),
    )  # fmt: skip
    return entries.select_related("batch__sent_by").order_by("-batch__received_at", "batch", "place")


def batch_of(user: User, batch_id: uuid.UUID) -> IntakeBatch:
    """An import, for whoever sent it. NotFound for anybody else."""
    batch = IntakeBatch.objects.filter(pk=batch_id, sent_by=user).first()
    if batch is None:
        raise NotFound("no_such_record")
    return batch


def policies_for(user: User, code: str) -> tuple[Study, QuerySet[IntakePolicy]]:
    """The study and what was signed of its imports, newest first. NotFound for who does not look after it."""
    study = None if "\x00" in code else studies_for(user, Act.SEE_WARD).filter(code=code).first()
    if study is None:
        raise NotFound("no_such_study")
    signed = IntakePolicy.objects.filter(study=study).select_related("signed_by")
    return study, signed.order_by("-signed_at", "-pk")
