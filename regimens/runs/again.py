"""A stored run is computed again, in a process as the first time, and held against what was kept byte by byte."""

from collections.abc import Iterator
from dataclasses import dataclass

from crsmonitor.audit.models import AuditEvent
from regimens.models import DesignResult, DesignRun
from regimens.rules.canonical import sha256_of
from regimens.runs.computing import begin
from regimens.runs.inputs import digest_of


@dataclass(frozen=True, slots=True)
class Recomputed:
    """`byte`: the first that differs; None: none does. `engine`: what is here, if it is another than the run's.

    `problem`: what the engine said in place of an answer; empty: it answered.
    """

    byte: int | None
    engine: str | None
    problem: str = ""

    @property
    def is_same(self) -> bool:
        return self.byte is None and not self.problem


def recompute(result: DesignResult, *, engine: str) -> Recomputed:
    """`engine`: the version that is here."""
    run = result.run
    other = None if run.engine == engine else engine
    computing = begin(run)
    try:
        computing.ended.wait()
    finally:
        computing.stop()
    end = computing.end or {"error": {"code": "ended without a word"}}
    if "answer" not in end:
        return Recomputed(None, other, str(end["error"]["code"]))
    return Recomputed(first_difference(result.answer.encode(), end["answer"].encode()), other)


def first_difference(kept: bytes, again: bytes) -> int | None:
    """The place of the first byte that is not the same. None: there is none."""
    if kept == again:
        return None
    shorter = min(len(kept), len(again))
    return next((at for at in range(shorter) if kept[at] != again[at]), shorter)


def not_as_kept(result: DesignResult) -> Iterator[str]:
    """What of a stored run is not as it was written: its input by its digest, its result by its hash and the trail."""
    run = result.run
    if digest_of(run.kind, run.input, run.engine) != run.digest:
        yield "its input is not that of its digest"
    if sha256_of(result.answer) != result.sha256:
        yield "its result is not that of its SHA-256"
    if _in_trail(run) != result.sha256:
        yield "the audit trail knows another result"


def _in_trail(run: DesignRun) -> str | None:
    events = AuditEvent.objects.filter(subject=f"design:{run.design_id}", table_name="design_run_done")
    event = events.filter(after__run=str(run.pk)).first()
    return None if event is None or event.after is None else str(event.after["sha256"])
