"""An import comes in: what is new waits in the queue, what is known changes nothing, and each thing has an answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crsmonitor.accounts.models import User
from crsmonitor.audit.acting import acting
from grading.intake.selectors import participants_by_usubjid
from grading.intake.services.automatic import let_in
from grading.intake.services.earlier import earlier_of
from grading.intake.services.making import Answer, Intake, Making, is_same
from grading.models import IntakeBatch, IntakeEntry, IntakeOutcome, IntakeRow, RowState
from grading.rules.intake.fhir.medication import is_study_drug
from grading.rules.intake.reasons import Weight, has, reason
from grading.rules.intake.received import Received, RowKind, counts_of
from regimens.models import Participant


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """An import as its door read it. `origin`: what the sending system calls itself; `sha256`: of its bytes."""

    door: str
    origin: str
    sha256: str
    entries: Sequence[Received]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """An import that is kept, with an answer to each thing in the order in which they were sent."""

    batch: IntakeBatch
    answers: Sequence[Answer]
    accepted: int


def take_in(sent: Import, *, by: User, at: datetime) -> Reconciliation:
    """All of it or nothing. What the study lets in by itself is accepted afterwards, each fact by itself."""
    with transaction.atomic(), acting(by=by, reason=f"import by {sent.door}"):
        batch, answers, rows = _kept(sent, by=by, at=at)
    accepted = let_in(rows, door=sent.door, by=by, at=at)
    return Reconciliation(batch=batch, answers=answers, accepted=accepted)


def _kept(sent: Import, *, by: User, at: datetime) -> tuple[IntakeBatch, list[Answer], list[IntakeRow]]:
    people = participants_by_usubjid(by, [one.subject for one in sent.entries if one.subject is not None])
    keys = [one.pk for one in people.values()]
    # One import at a time of a participant: what came twice at once is then known the second time.
    list(Participant.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk").values_list("pk"))
    intake = Intake(people=people, earlier=earlier_of([one.key for one in sent.entries], keys))
    for part in _last_of_each(sent.entries, intake):
        _sort(part, intake)
    batch = IntakeBatch(door=sent.door, origin=sent.origin[:80], sha256=sent.sha256, sent_by=by, received_at=at)
    making = Making(intake, batch)
    rows, replaced = making.rows()
    answers = [intake.answers[one.place] for one in sent.entries]
    matched = sum(one.part.subject in people for one in answers)
    batch.counts = counts_of([one.outcome.value for one in answers], matched=matched)
    batch.save(force_insert=True)
    IntakeRow.objects.bulk_create(rows)
    for earlier, row in replaced:
        IntakeRow.objects.filter(pk=earlier.pk).update(state=RowState.REPLACED, replaced_by=row)
    IntakeEntry.objects.bulk_create([_entry(one, batch) for one in answers])
    return batch, answers, rows


def _last_of_each(entries: Iterable[Received], intake: Intake) -> list[Received]:
    """Of what came more than once in one import the last holds, unless it cannot be read."""
    last: dict[str, Received] = {}
    for part in entries:
        if part.is_rejected or (part.kind is None and not part.retracts):
            outcome = IntakeOutcome.REJECTED if part.is_rejected else IntakeOutcome.IGNORED
            intake.close(part, outcome)
            continue
        before = last.get(part.key)
        if before is not None and before.digest == part.digest:
            intake.close(part, IntakeOutcome.DUPLICATE)
            continue
        if before is not None:
            intake.close(before, IntakeOutcome.REJECTED, reason("sent_again_below"))
        last[part.key] = part
    return list(last.values())


def _sort(part: Received, intake: Intake) -> None:
    """Known, changed, or new."""
    person = intake.people.get(part.subject or "")
    earlier = intake.earlier.get(part.key)
    if person is None:
        return intake.close(part, IntakeOutcome.HELD, reason("unknown_participant"))
    if earlier is not None and earlier.entry.digest == part.digest:
        return intake.close(part, IntakeOutcome.DUPLICATE)
    if has(part.reasons, Weight.HOLDS):
        return intake.close(part, IntakeOutcome.HELD)  # by itself: what else its set says does not wait for it
    if part.kind is RowKind.TREATMENT and not part.retracts and is_study_drug(part.gives["drug"], person.regimen.drug):
        return intake.close(part, IntakeOutcome.HELD, reason("study_drug"))
    stands = earlier is not None and _stands(earlier.row)
    if part.retracts and not stands:
        return intake.close(part, IntakeOutcome.REJECTED, reason("nothing_to_retract"))
    if earlier is not None and stands:
        intake.changes.setdefault(earlier.row.pk, []).append((earlier, part))
        if part.retracts or is_same(earlier.row, person, part):
            return None
    intake.fresh.append((person.pk, part))
    return None


def _stands(row: IntakeRow) -> bool:
    """Whether there is something to change: it waits, or became a fact that its sender has not taken back."""
    return row.is_waiting or (row.state == RowState.ACCEPTED and not row.withdraws)


def _entry(answer: Answer, batch: IntakeBatch) -> IntakeEntry:
    part, row = answer.part, answer.row
    return IntakeEntry(
        batch=batch, place=part.place, key=part.key, digest=part.digest, outcome=answer.outcome.value,
        reasons=[one.plain() for one in answer.reasons], gives={} if row is None else dict(part.gives), row=row,
    )  # fmt: skip
