"""One thing that was sent, as every door reads it, and the counts of the reconciliation report."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from grading.rules.intake.reasons import IntakeReason, Weight, has


class RowKind(StrEnum):
    """Which fact a row of the queue proposes. Of a set the parts come one by one, and of one instant are one row."""

    VITALS = "vitals"
    NEURO = "neuro"
    TREATMENT = "treatment"

    @property
    def is_set(self) -> bool:
        return self is not RowKind.TREATMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """One resource, or one line of a file.

    `place`: where in the import, from 0. `key`: hash of what it is known by at the sender (`key_of`); `digest`: of its
    content (`digest_of`). `subject`: USUBJID as it was sent, kept nowhere; None: it names nobody. `kind` None: nothing
    that is graded. `gives`: fields of the fact, as they are kept in JSON. `retracts`: it never was so.
    """

    place: int
    key: str
    digest: str
    subject: str | None = None
    kind: RowKind | None = None
    observed_at: datetime | None = None
    gives: Mapping[str, Any]
    retracts: bool = False
    reasons: tuple[IntakeReason, ...] = ()

    @property
    def is_rejected(self) -> bool:
        return has(self.reasons, Weight.REJECTS)


def key_of(*names: str) -> str:
    """SHA-256 of a name at the sender, such as system and value of an identifier: two parts never run into one."""
    return hashlib.sha256(json.dumps(names).encode()).hexdigest()


def digest_of(content: Any) -> str:
    """SHA-256 of content read from JSON or a line of a file: the same whatever the order of its names."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=_plain).encode()).hexdigest()


def _plain(value: Any) -> str:
    return str(value.normalize()) if isinstance(value, Decimal) and value.is_finite() else str(value)


COUNTS = ("received", "matched", "proposed", "held", "duplicate", "rejected", "retracted", "ignored")


def counts_of(outcomes: Iterable[str], *, matched: int) -> dict[str, int]:
    """The reconciliation report: what became of each adds up. `matched`: of how many the participant is known."""
    became = Counter(outcomes)
    return {"received": became.total(), "matched": matched} | {name: became[name] for name in COUNTS[2:]}
