"""A run is one worker's for the time of a lease, and whatever a worker of before still says changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet

from crsmonitor.audit.events import record_event
from regimens.models import DesignProgress, DesignResult, DesignRun
from regimens.rules.canonical import sha256_of
from regimens.rules.runs import RunState

LEASE = timedelta(seconds=10)  # renewed every half second; so long a killed worker's run lies still
ATTEMPTS_MOST = 3  # then the run itself is what ends workers
UNATTENDED = timedelta(minutes=1)  # of a run that nobody takes: a worker that is there looks every 5 s
ENGINE_WAITS = timedelta(minutes=10)  # for a worker of its engine, while workers are updated one after the other
CLOCKS = timedelta(minutes=2)  # as far as the clocks of machines may be apart
WORKER = "design_runs"  # how the trail names who did it


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on a run."""

    run: DesignRun
    by: UUID


def waiting(*, at: datetime) -> bool:
    """Whether a worker has something to do: a run that nobody has."""
    return _free(at).exists()


def unattended(*, at: datetime) -> bool:
    """Whether a run lies for a minute and nobody computes any: where a worker is at one, the others wait their turn."""
    since = at - UNATTENDED
    lies = _free(at).filter(Q(told_at=None) | Q(told_at__lte=since), run__queued_at__lte=since)
    computed = DesignProgress.objects.filter(state=RunState.RUNNING.value, claimed_until__gt=at)
    return lies.exists() and not computed.exists()


def claim_next(*, engine: str, at: datetime) -> Claim | None:
    """The run that waits longest and is of this engine, ours until the lease is over. None: none waits.

    One that ended its workers too often is failed here, and so is one of an engine that no worker has any more.
    """
    with transaction.atomic():
        rows = _free(at).select_for_update(skip_locked=True, of=("self",)).select_related("run")
        for progress in rows.order_by("run__queued_at", "run_id"):
            if progress.attempts >= ATTEMPTS_MOST:
                _end(progress, RunState.FAILED, at, problem={"code": "run_ends_workers", "values": {}})
            elif progress.run.engine != engine:
                if progress.run.queued_at + ENGINE_WAITS < at:
                    values = {"queued": progress.run.engine, "there": engine}
                    _end(progress, RunState.FAILED, at, problem={"code": "engine_gone", "values": values})
            else:
                return _take(progress, at)
    return None


def _free(at: datetime) -> QuerySet[DesignProgress]:
    """A time further ahead than a worker ever writes one is of a clock that was put back since: nobody waits for it."""
    over = Q(claimed_until__lte=at) | Q(claimed_until__gt=at + LEASE + CLOCKS)
    lapsed = Q(over, state=RunState.RUNNING.value)
    return DesignProgress.objects.filter(Q(state=RunState.QUEUED.value) | lapsed)


def _take(progress: DesignProgress, at: datetime) -> Claim:
    claim = Claim(progress.run, uuid4())
    DesignProgress.objects.filter(pk=progress.pk).update(
        state=RunState.RUNNING.value, claim=claim.by, claimed_until=at + LEASE, attempts=F("attempts") + 1,
        started_at=at, told_at=at, done=0, of=0,
    )  # fmt: skip
    return claim


def renew(claim: Claim, *, done: int, of: int, at: datetime) -> bool:
    """Say how far it is, and keep it. False: it is not ours any more: cancelled, or another worker has it."""
    return bool(_ours(claim).update(claimed_until=at + LEASE, told_at=at, done=done, of=of))


def hand_back(claim: Claim) -> None:
    """It waits again, as if this attempt had never been begun: the worker has to stop."""
    _ours(claim).update(
        state=RunState.QUEUED.value, claim=None, claimed_until=None, attempts=F("attempts") - 1, done=0, of=0
    )


def let_lapse(claim: Claim, *, at: datetime) -> None:
    """What computed it died: it is free at once, and the attempt counts."""
    _ours(claim).update(claimed_until=at)


def finish(claim: Claim, answer: str, *, cpu_s: float, done: int, at: datetime) -> bool:
    """Keep the result. False: it is not ours any more, and nothing is kept."""
    sha256 = sha256_of(answer)
    with transaction.atomic():
        progress = _ours(claim).select_for_update().first()
        if progress is None:
            return False
        DesignResult.objects.create(run=claim.run, answer=answer, sha256=sha256, at=at, cpu_s=cpu_s)
        progress.done = progress.of = max(done, progress.of)
        _end(progress, RunState.DONE, at)
        _record(claim.run, "design_run_done", sha256=sha256)
    return True


def fail(claim: Claim, problem: dict[str, Any], *, at: datetime) -> bool:
    """Its error in words: a code with values, and the field where one is to blame. False: not ours any more."""
    with transaction.atomic():
        progress = _ours(claim).select_for_update().first()
        if progress is None:
            return False
        _end(progress, RunState.FAILED, at, problem=problem)
    return True


def _ours(claim: Claim) -> QuerySet[DesignProgress]:
    return DesignProgress.objects.filter(run=claim.run, state=RunState.RUNNING.value, claim=claim.by)


def _end(progress: DesignProgress, state: RunState, at: datetime, *, problem: dict[str, Any] | None = None) -> None:
    progress.state, progress.ended_at, progress.problem = state.value, at, problem or {}
    progress.claim = progress.claimed_until = None
    progress.save(update_fields=["state", "ended_at", "problem", "claim", "claimed_until", "done", "of"])
    if problem is not None:
        _record(progress.run, "design_run_failed", code=problem["code"])


def _record(run: DesignRun, kind: str, **details: object) -> None:
    record_event(kind, by=WORKER, subject=f"design:{run.design_id}", run=str(run.pk), **details)
