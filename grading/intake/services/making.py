"""The rows that an import makes: of what is new, and of what was sent before and is sent otherwise now."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from grading.intake.services.earlier import Earlier, base_of, without
from grading.intake.services.on_file import CourseOnFile, on_file
from grading.models import IntakeBatch, IntakeOutcome, IntakeRow, RowState
from grading.rules.intake.reasons import IntakeReason, reason, waits_for_person
from grading.rules.intake.received import Received, RowKind
from grading.rules.intake.rows import Proposal, proposals
from regimens.models import Participant

Replaced = tuple[IntakeRow, IntakeRow]


@dataclass(slots=True, kw_only=True)
class Answer:
    """What became of one thing. `row`: what waits, or was accepted at once; None: it came to none."""

    part: Received
    outcome: IntakeOutcome
    reasons: list[IntakeReason]
    row: IntakeRow | None = None


@dataclass(slots=True)
class Intake:
    """One import while it is taken in."""

    people: dict[str, Participant]
    earlier: dict[str, Earlier]
    answers: dict[int, Answer] = field(default_factory=dict)
    fresh: list[tuple[int, Received]] = field(default_factory=list)
    changes: dict[uuid.UUID, list[tuple[Earlier, Received]]] = field(default_factory=dict)

    def close(self, part: Received, outcome: IntakeOutcome, *reasons: IntakeReason) -> None:
        self.answers[part.place] = Answer(part=part, outcome=outcome, reasons=[*part.reasons, *reasons])


def is_same(row: IntakeRow, person: Participant, part: Received) -> bool:
    return (row.participant_id, row.kind, row.observed_at) == (person.pk, part.kind, part.observed_at)


@dataclass(slots=True)
class Making:
    """Rows of one import, unsaved, and an answer for each thing that came to one."""

    intake: Intake
    batch: IntakeBatch

    def rows(self) -> tuple[list[IntakeRow], list[Replaced]]:
        """What is new, and with each row that takes the place of one that waited that one."""
        fresh, changed = proposals(self.intake.fresh), list(self.intake.changes.values())
        known = self._known([one.observed_at for one in fresh] + [one[0][0].row.observed_at for one in changed])
        rows = [row for one in fresh if (row := self._row(one, known)) is not None]
        replaced: list[Replaced] = []
        for changes in changed:
            row = self._changed(changes, known)
            rows.append(row)
            if changes[0][0].row.is_waiting:
                replaced.append((changes[0][0].row, row))
        return rows, replaced

    def _known(self, instants: Sequence) -> CourseOnFile:  # type: ignore[type-arg]
        if not instants:
            return CourseOnFile()
        return on_file({one.pk for one in self.intake.people.values()}, since=min(instants), until=max(instants))

    def _row(self, proposal: Proposal, known: CourseOnFile) -> IntakeRow | None:
        """None: nobody can have any of its values, or it has none that is understood here."""
        if proposal.is_empty:
            for part in proposal.parts:
                if part.gives:
                    self.intake.close(part, IntakeOutcome.REJECTED, reason("outside_human_range"))
                else:
                    self.intake.close(part, IntakeOutcome.HELD)
            return None
        before = [self.intake.earlier.get(part.key) for part in proposal.parts]
        if any(one is not None and one.row.state == RowState.REJECTED for one in before):
            proposal.say(reason("rejected_before"))
        proposal.say(*known.reasons(proposal.participant, proposal.kind, proposal.observed_at, root=None))
        row = IntakeRow(
            batch=self.batch, participant_id=proposal.participant, kind=proposal.kind.value,
            observed_at=proposal.observed_at, proposed=proposal.proposed,
        )  # fmt: skip
        return self._close(row, proposal.parts, proposal.reasons)

    def _changed(self, changes: list[tuple[Earlier, Received]], known: CourseOnFile) -> IntakeRow:
        """The earlier row without what these gave it, and with what they give now."""
        old, base = changes[0][0].row, base_of(changes[0][0].row)
        stays = [part for _, part in changes if not part.retracts and self._is_same(old, part)]
        proposed = without(old.proposed, [one.entry for one, _ in changes])
        for part in stays:
            proposed |= part.gives
        reasons = [*base.reasons, *(one for part in stays for one in part.reasons)]
        row = IntakeRow(
            batch=self.batch, participant_id=old.participant_id, kind=old.kind, observed_at=old.observed_at,
            proposed=proposed or old.proposed, supersedes=None if base.version is None else base.version.pk,
            withdraws=not proposed and base.version is not None,
        )  # fmt: skip
        if proposed:
            root = None if base.version is None else base.version.root
            reasons += known.reasons(old.participant_id, RowKind(old.kind), old.observed_at, root=root)
        elif base.version is None:
            reasons = [reason("retracted")]
        return self._close(row, [part for _, part in changes if part.place not in self.intake.answers], reasons)

    def _is_same(self, row: IntakeRow, part: Received) -> bool:
        return is_same(row, self.intake.people[part.subject or ""], part)

    def _close(self, row: IntakeRow, parts: Sequence[Received], reasons: Sequence[IntakeReason]) -> IntakeRow:
        """Its state, and the answer to each part."""
        if any(one.code == "retracted" for one in reasons):
            row.state, outcome = RowState.REPLACED, IntakeOutcome.RETRACTED
        elif waits_for_person(reasons):
            row.state, outcome = RowState.HELD, IntakeOutcome.HELD
        else:
            row.state, outcome = RowState.PROPOSED, IntakeOutcome.PROPOSED
        row.reasons = [one.plain() for one in reasons]
        for part in parts:
            own = [*part.reasons, *(one for one in reasons if one not in part.reasons and one.code != "value_dropped")]
            self.intake.answers[part.place] = Answer(part=part, outcome=outcome, reasons=own, row=row)
        return row
