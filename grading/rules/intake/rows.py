"""Which parts of what was sent are one fact. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from grading.rules.intake.reasons import IntakeReason, reason
from grading.rules.intake.received import Received, RowKind


@dataclass(slots=True, kw_only=True)
class Proposal:
    """What one row will propose: of a set everything of one instant, so long as nothing is said twice."""

    participant: int
    kind: RowKind
    observed_at: datetime
    proposed: dict[str, Any] = field(default_factory=dict)
    reasons: list[IntakeReason] = field(default_factory=list)
    parts: list[Received] = field(default_factory=list)

    def takes(self, part: Received) -> bool:
        """Whether it may be part of the same row."""
        return all(self.proposed.get(name, value) == value for name, value in part.gives.items())

    def add(self, part: Received) -> None:
        self.proposed |= part.gives
        self.parts.append(part)
        self.say(*part.reasons)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of it once what nobody can have is dropped."""
        dropped = {one.values["field"] for one in self.reasons if one.code == "value_dropped"}
        return set(self.proposed) <= dropped

    def say(self, *reasons: IntakeReason) -> None:
        """Each thing once."""
        self.reasons.extend(one for one in reasons if one not in self.reasons)


def proposals(parts: Iterable[tuple[int, Received]]) -> list[Proposal]:
    """The rows of participants and what was sent of them, oldest first; each part has a kind and an instant.

    Where two parts of one instant give a field two values nobody here knows which holds: two rows, and each says so.
    """
    rows: list[Proposal] = []
    at: dict[tuple[int, RowKind, datetime], list[Proposal]] = {}
    for participant, part in parts:
        assert part.kind is not None
        assert part.observed_at is not None
        same = at.setdefault((participant, part.kind, part.observed_at), [])
        row = next((one for one in same if part.kind.is_set and one.takes(part)), None)
        if row is None:
            row = Proposal(participant=participant, kind=part.kind, observed_at=part.observed_at)
            if part.kind.is_set and same:
                for one in (*same, row):
                    one.say(reason("two_values", field=_first_other(same[0], part)))
            same.append(row)
            rows.append(row)
        row.add(part)
    return sorted(rows, key=lambda one: (one.observed_at, one.participant))


def _first_other(row: Proposal, part: Received) -> str:
    return next((name for name, value in part.gives.items() if row.proposed.get(name, value) != value), "")
