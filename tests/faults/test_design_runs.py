"""A run of the workbench goes on, whatever dies, and no alert waits for it: real workers, real computing."""

import os
import signal

import pytest
from django.core.management import call_command
from django.utils import timezone

from crsmonitor.embedded.processes import command_of
from regimens.models import DesignProgress, DesignResult, DesignRun
from regimens.rules.runs import RunState
from regimens.services.design_runs import cancel_run, queue_run
from tests.faults.rig.clusters import a_database_of_its_own, kill
from tests.faults.rig.stack import START, all_arrived, family, fever, unsent, until, ward
from tests.regimens.designs.builders import TRIAL, design_of

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
LARGEST = TRIAL | {"patients": 20_000, "draws": 1_000}  # five minutes: it is cancelled long before


def queued(world, fields=TRIAL) -> DesignRun:
    design = design_of(world).design_id
    return queue_run(design_id=design, kind="trial", fields=fields, by=world.sponsor, at=timezone.now())


def worker_of_runs(stack):
    return stack.celery(
        "worker", "--pool", "solo", "--queues", "designs", "--hostname", f"d{len(stack.processes)}@%h",
        "--without-gossip", "--without-mingle",
    )  # fmt: skip


def progress_of(run: DesignRun) -> DesignProgress:
    return DesignProgress.objects.get(run=run)


def state_is(run: DesignRun, state: RunState):
    return lambda: progress_of(run).state == state.value


def computing(worker) -> list[int]:
    """The processes that it has started, which compute."""
    return family(worker)[1:]


def have_ended(processes: list[int]):
    return lambda: not any(map(command_of, processes))


def test_a_run_of_a_worker_that_stops_or_is_killed_goes_on_elsewhere_with_the_same_bytes(stack, hook, capsys):
    world = ward(hook)
    run = queued(world)
    stopped = worker_of_runs(stack)
    stack.beat(), stack.worker()
    until(state_is(run, RunState.RUNNING), START, "a worker has taken it")

    os.killpg(stopped.pid, signal.SIGTERM)
    until(state_is(run, RunState.QUEUED), 5, "it is handed back")
    assert (progress_of(run).attempts, DesignResult.objects.count()) == (0, 0)
    stopped.wait()

    killed = worker_of_runs(stack)
    until(state_is(run, RunState.RUNNING), START, "another has taken it")
    until(lambda: computing(killed), START, "it is at work")
    computed_by = computing(killed)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    fever(world)
    until(have_ended(computed_by), 5, "what it computed with has died too")
    assert (progress_of(run).state, DesignResult.objects.count()) == ("running", 0)
    worker_of_runs(stack)
    took = until(lambda: progress_of(run).attempts == 2, 30, "it goes on elsewhere")
    until(state_is(run, RunState.DONE), START, "it is done")

    call_command("design_run", str(run.pk), "--again")
    assert "the same" in capsys.readouterr().out
    until(lambda: unsent() == 0, 20, "the alert of meanwhile has left")
    all_arrived(stack, hook)
    print(f"taken up {took:.1f} s after the death")


def test_a_run_outlives_broker_and_database_and_is_cancelled_within_2_s(stack, hook):
    with a_database_of_its_own(stack, stack.folder) as postgres:
        world, worker = ward(hook), worker_of_runs(stack)
        stack.worker(), stack.beat()
        stack.until_ready(2)
        run = queued(world, LARGEST)
        until(lambda: progress_of(run).done > 0, START, "it is computed")

        stack.kill_broker()
        fever(world)
        goes_on(run, "without a broker")
        stack.broker.start()
        kill(postgres)
        postgres.start()
        goes_on(run, "after the database was away")
        assert progress_of(run).attempts == 1  # the very same computing

        computed_by = computing(worker)
        assert computed_by
        cancel_run(run_id=run.pk, by=world.investigator, at=timezone.now())
        took = until(have_ended(computed_by), 2, "what computed it has ended")

        assert (progress_of(run).state, DesignResult.objects.count()) == ("cancelled", 0)
        until(lambda: unsent() == 0, 25, "the alert of meanwhile has left")
        all_arrived(stack, hook)
        print(f"cancelled within {took:.1f} s")


def goes_on(run: DesignRun, when: str) -> None:
    done = progress_of(run).done
    until(lambda: progress_of(run).done > done, 15, f"it goes on {when}")
