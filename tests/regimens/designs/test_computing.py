"""A run is computed in a process of its own, which is looked after: real processes, the cheapest kind."""

import json
import threading

import pytest
from django.utils import timezone

from regimens.design.contract import kinds
from regimens.models import DesignProgress, DesignResult
from regimens.rules.runs import RunState
from regimens.runs import computing
from regimens.services.design_runs import cancel_run, queue_run
from tests.builders import hour
from tests.regimens.designs.builders import BOIN, design_of

pytestmark = pytest.mark.django_db


def queued(world):
    version = design_of(world)
    return queue_run(design_id=version.design_id, kind="comparator", fields=BOIN, by=world.sponsor, at=hour(0))


def compute(stopping: threading.Event | None = None) -> bool:
    return computing.compute_next(
        engine=kinds.engine(), clock=timezone.now, stopping=stopping or threading.Event()
    )  # fmt: skip


@pytest.mark.long
def test_a_run_that_waits_is_computed_and_its_result_is_the_contract_s(world):
    run = queued(world)

    assert [compute(), compute()] == [True, False]

    assert DesignProgress.objects.get(run=run).state == RunState.DONE
    # Liu and Yuan 2015, table 1: target 0.25 has boundaries 0.197 and 0.298
    contents = DesignResult.objects.get(run=run).contents
    assert (round(contents["lambda_e"], 3), round(contents["lambda_d"], 3)) == (0.197, 0.298)
    assert contents["engine"] == run.engine


@pytest.mark.long
def test_a_run_cancelled_while_it_is_computed_leaves_nothing(world):
    run, looks = queued(world), []

    def cancelled_after_it_was_taken():
        looks.append(timezone.now())
        if len(looks) == 2:  # the first look takes it
            cancel_run(run_id=run.pk, by=world.investigator, at=hour(1))
        return looks[-1]

    assert computing.compute_next(
        engine=kinds.engine(), clock=cancelled_after_it_was_taken, stopping=threading.Event()
    )  # fmt: skip

    assert DesignProgress.objects.get(run=run).state == RunState.CANCELLED
    assert not DesignResult.objects.exists()


def test_a_worker_that_stops_hands_its_run_back(world):
    run, stopping = queued(world), threading.Event()
    stopping.set()

    assert compute(stopping)

    progress = DesignProgress.objects.get(run=run)
    assert (progress.state, progress.attempts) == (RunState.QUEUED, 0)


def test_one_run_at_a_time_a_machine(tmp_path):
    with computing.machine(tmp_path) as first, computing.machine(tmp_path) as second:
        assert (first, second) == (True, False)
    with computing.machine(tmp_path) as third:
        assert third


def test_the_process_that_computes_has_no_secret_and_what_others_leave_of_a_core(world, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    one = computing.begin(queued(world))
    try:
        with open(f"/proc/{one.process.pid}/environ", "rb") as environ, open(f"/proc/{one.process.pid}/stat") as stat:
            assert b"DATABASE_URL" not in environ.read()
            niceness = int(stat.read().rpartition(")")[2].split()[16])
    finally:
        one.stop()
    assert niceness >= computing.NICENESS


@pytest.mark.parametrize(
    ("order", "end"),
    [
        ({"kind": "comparator", "input": '{"design":"boin"}'}, ("missing_field", "target")),
        ({"kind": "comparator", "input": "{"}, ("run_broke", None)),
    ],
)
def test_what_went_wrong_is_said_by_its_code(world, order, end):
    run = queued(world)
    run.kind, run.input = order["kind"], order["input"]

    one = computing.begin(run)
    assert one.ended.wait(60)
    one.stop()

    assert (one.end["error"]["code"], one.end["error"]["field"]) == end


@pytest.mark.long
def test_the_same_input_gives_the_same_bytes_here_as_there(world):
    from regimens.runs.child import computed

    run = queued(world)
    compute()

    assert DesignResult.objects.get(run=run).answer == computed("comparator", json.dumps(BOIN), lambda done, of: None)
