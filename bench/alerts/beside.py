"""Sets at a rate, with and without a run of the workbench that takes all of a core that it may have."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench.alerts.raising import participants, sets
from bench.alerts.receiving import Receiver
from bench.alerts.waiting import spread, tell, wait_for_all
from bench.engines import Engines

RATE, TURNS = 10, 2  # with a run of the workbench: a minute of it in all


def beside_a_run(running: Engines, world, receiver: Receiver, *, seconds: int) -> None:  # type: ignore[no-untyped-def]
    """Sets at a rate, in turn without and with a run that takes all of a core that it may have."""
    from django.utils import timezone

    from regimens.models import DesignProgress
    from regimens.services.design_runs import cancel_run, queue_run
    from tests.regimens.designs.builders import TRIAL, design_of

    design, taken = design_of(world).design_id, {False: [], True: []}  # type: ignore[var-annotated]
    fields = TRIAL | {"patients": 20_000, "draws": 1_000}  # five minutes, if nobody cancels it
    solved = 0
    with worker_of_runs(running):
        for turn in range(2 * TURNS):
            worlds, busy = participants(world, RATE * seconds), bool(turn % 2)
            if busy:
                run = queue_run(design_id=design, kind="trial", fields=fields, by=world.sponsor, at=timezone.now())
                progress = DesignProgress.objects.filter(run=run)
                wait_for_all(partial(_begun, progress), 1, "the run begins")
            taken[busy] += sets(worlds, receiver, RATE)[0]
            if busy:
                solved += progress.get().done
                state = cancel_run(run_id=run.pk, by=world.sponsor, at=timezone.now()).state
                assert state == "cancelled", f"the run was {state} before the sets were"
    alone, beside = spread(taken[False]), spread(taken[True])
    shown = [" / ".join(f"{ms:.1f}" for ms in three) for three in (alone, beside)]
    each = TURNS * seconds
    tell(
        f"{RATE} a second, {each} s each: alone {shown[0]}; beside a run ({solved:,} people solved) "
        f"{shown[1]}; p95 {beside[1] / alone[1]:.2f}x"
    )


def _begun(progress) -> int:  # type: ignore[no-untyped-def]
    return int(progress.get().done > 0)


@contextmanager
def worker_of_runs(running: Engines) -> Iterator[None]:
    celery = [sys.executable, "-W", "ignore", "-m", "celery", "--app", "crsmonitor", "--quiet", "worker", "--loglevel",
              "ERROR", "--without-gossip", "--without-mingle"]  # fmt: skip
    process = subprocess.Popen(
        [*celery, "--pool", "solo", "--queues", "designs", "--hostname", "designs@%h"], env=running.environment
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)
