"""The fold, written down every so many sets: what is late or corrected is derived from the last one before it."""

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from crsmonitor.database import rows
from grading.course.memory import Memory, read_baseline, write_baseline
from grading.models import Checkpoint, CurrentState, DosePeriod
from grading.rules.course.events import Event
from grading.rules.course.periods.sets import Seen
from grading.rules.course.state import read_state, write_state
from grading.rules.grades.entry.numbers import exact
from regimens.facts import Fact
from regimens.models import Dose, DoseEnd

EVERY = 25  # sets between two: what is derived again at most, besides those after the fact
_LAST_BEFORE = "WHERE m.participant_id = $1 AND m.at < $2 ORDER BY m.at DESC LIMIT 1"
_SEEN = [one.name for one in fields(Seen)]
# What the board shows of the newest sets.
BOARD = (
    "vitals_at", "vitals", "neuro_at", "neuro", "crs_grade", "crs_at_least", "crs_at_most", "crs_flags", "icans_grade",
    "icans_at_least", "icans_at_most",
)  # fmt: skip


@dataclass(slots=True)
class Start:
    """Where a derivation begins: what all facts before `at` left. As it is, with none: before the first fact.

    `bears_on`: the latest time of which the fact for which it begins says anything, or said.
    """

    at: datetime | None = None
    memory: Memory = field(default_factory=Memory)
    seen: Seen = field(default_factory=Seen)  # of the period that runs
    board: dict[str, Any] = field(default_factory=dict)
    bears_on: datetime | None = None


def is_due(memory: Memory, event: Event) -> bool:
    """Whether a checkpoint lies before this event. Never between two of the same instant."""
    last = memory.state.last
    return has_enough(memory) and last is not None and event.at > last[0]


def has_enough(memory: Memory) -> bool:
    """Whether so many sets were seen that a checkpoint lies before the next later event."""
    return memory.observations is not None and memory.observations >= EVERY


def checkpoint(memory: Memory, seen: Seen | DosePeriod | None, board: CurrentState, *, at: datetime) -> Checkpoint:
    """What the facts before `at` left. `seen`: of the period that runs; None: none does."""
    fold = {
        "state": write_state(memory.state),
        "baseline": write_baseline(memory.baseline),
        "seen": None if seen is None else {name: _text(getattr(seen, name)) for name in _SEEN},
        "board": {name: _text(getattr(board, name)) for name in BOARD},
    }
    return Checkpoint(participant=board.participant, at=at, fold=fold)


def start_before(fact: Fact) -> Start:
    """The last checkpoint before anything that this fact bears on; one of the same instant may be there no more."""
    versions = [fact] if fact.supersedes_id is None else [fact, type(fact).objects.get(pk=fact.supersedes_id)]
    earliest, latest = min(map(_bears_from, versions)), max(one.observed_at for one in versions)
    kept = rows.find(Checkpoint, _LAST_BEFORE, [fact.participant_id, earliest])
    start = _read(kept[0]) if kept else Start()
    return replace(start, bears_on=latest)


def _bears_from(fact: Fact) -> datetime:
    """The earliest time of which this fact says anything."""
    if isinstance(fact, DoseEnd):  # ends the inpatient window, which is counted from the dose on
        dose = Dose.objects.standing().filter(root=fact.dose.root).first()
        return fact.observed_at if dose is None else min(fact.observed_at, dose.observed_at)
    return fact.observed_at


def _read(kept: Checkpoint) -> Start:
    fold = kept.fold
    memory = Memory(state=read_state(fold["state"]), baseline=read_baseline(fold["baseline"]))
    seen, board = _values(DosePeriod, fold["seen"] or {}), _values(CurrentState, fold["board"])
    return Start(at=kept.at, memory=memory, seen=Seen(**seen), board=board)


def _values(model: type[Any], texts: dict[str, Any]) -> dict[str, Any]:
    """What `_text` wrote of this model's columns."""
    return {name: model._meta.get_field(name).to_python(text) for name, text in texts.items()}


def _text(value: Any) -> Any:
    """As JSON, the same for the same value whichever way it came here."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return f"{exact(value):f}" if isinstance(value, Decimal) else value
