"""How far a run is moves by the table alone, in the services as in the database."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from crsmonitor.audit.acting import acting
from crsmonitor.audit.models import AuditEvent
from crsmonitor.errors import NotFound
from regimens.models import DesignProgress, DesignResult, Membership
from regimens.rules.runs import MOVES, RunState
from regimens.runs import claims
from regimens.selectors.designs import design_run_for, design_runs_for
from regimens.services.design_runs import cancel_run
from tests.builders import build_world, hour
from tests.regimens.designs.builders import design_of, run_row

pytestmark = pytest.mark.django_db
S = RunState


def columns(state: RunState) -> dict:
    """What else a row of this state has."""
    running = state is S.RUNNING
    return {
        "state": state.value,
        "claim": uuid.uuid4() if running else None,
        "claimed_until": hour(0) if running else None,
        "ended_at": hour(0) if not MOVES[state] else None,
        "problem": {"code": "computing_broke"} if state is S.FAILED else {},
    }


def brought_to(run, state: RunState) -> None:
    way = [] if state is S.QUEUED else [S.RUNNING] if state is S.RUNNING else [S.RUNNING, state]
    if state is S.DONE:
        DesignResult.objects.create(run=run, answer="{}", sha256="0" * 64, at=hour(0), cpu_s=1)
    for step in way:
        DesignProgress.objects.filter(run=run).update(**columns(step))


@pytest.mark.parametrize("state", RunState)
def test_the_database_lets_a_run_move_as_the_table_says_and_no_other_way(world, state):
    run = run_row(design_of(world))
    brought_to(run, state)

    reached, refusals = set(), []
    for to in RunState:
        try:
            with transaction.atomic():
                DesignProgress.objects.filter(run=run).update(**columns(to))
                reached.add(to)
                transaction.set_rollback(True)
        except DatabaseError as refused:
            refusals.append(str(refused))
    assert reached == MOVES[state] | ({state} if MOVES[state] else set())
    assert all("does not become" in refusal for refusal in refusals)


def test_a_run_begins_queued_and_is_never_deleted(world):
    run = run_row(design_of(world))

    with pytest.raises(DatabaseError, match=r"permission denied|DELETE refused"), transaction.atomic():
        connection.cursor().execute("DELETE FROM regimens_designprogress")
    for change in ("UPDATE regimens_designrun SET seed = 8", "DELETE FROM regimens_designrun"):
        with pytest.raises(DatabaseError, match=r"permission denied|is written once"), transaction.atomic():
            connection.cursor().execute(change)
    assert DesignProgress.objects.get(run=run).state == S.QUEUED


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "gone", "ended_at": hour(0)}, "does not become"),
        ({"ended_at": hour(0)}, "design_progress_ended_when"),
        ({"state": "cancelled"}, "design_progress_ended_when"),
        ({"state": "running"}, "design_progress_running_is_claimed"),
        ({"claim": uuid.uuid4(), "claimed_until": hour(0)}, "design_progress_running_is_claimed"),
        ({"state": "failed", "ended_at": hour(0)}, "design_progress_failed_says_why"),
        ({"problem": {"code": "x"}}, "design_progress_failed_says_why"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(world, change, constraint):
    run = run_row(design_of(world))

    with pytest.raises(DatabaseError, match=constraint), transaction.atomic():
        DesignProgress.objects.filter(run=run).update(**change)


@pytest.mark.parametrize("half", ["a result of a run that is not done", "done without a result"])
def test_a_run_is_done_exactly_when_its_result_is_there(world, half):
    run = run_row(design_of(world))

    with pytest.raises(DatabaseError, match="done and a result come together"), transaction.atomic():
        if half == "done without a result":
            brought_to(run, S.RUNNING)
            DesignProgress.objects.filter(run=run).update(**columns(S.DONE))
        else:
            DesignResult.objects.create(run=run, answer="{}", sha256="0" * 64, at=hour(0), cpu_s=1)
        connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("state", [S.QUEUED, S.RUNNING])
def test_whoever_may_design_cancels_a_run_once_and_the_trail_knows_who(world, state):
    run = run_row(design_of(world))
    brought_to(run, state)

    first = cancel_run(run_id=run.pk, by=world.sponsor, at=hour(1))
    again = cancel_run(run_id=run.pk, by=world.investigator, at=hour(2))

    assert (first.state, first.ended_at, first.ended_by) == ("cancelled", hour(1), world.sponsor)
    assert (again.ended_at, again.ended_by) == (hour(1), world.sponsor)
    events = AuditEvent.objects.filter(table_name="design_run_cancelled", subject=f"design:{run.design_id}")
    assert [one.after for one in events] == [{"run": str(run.pk)}]


@pytest.mark.parametrize("state", [S.DONE, S.FAILED])
def test_cancel_after_the_end_changes_nothing(world, state):
    run = run_row(design_of(world))
    brought_to(run, state)

    left = cancel_run(run_id=run.pk, by=world.sponsor, at=hour(1))

    assert (left.state, left.ended_at, left.ended_by) == (state.value, hour(0), None)
    assert not AuditEvent.objects.filter(table_name="design_run_cancelled").exists()


def test_a_nurse_and_a_stranger_find_no_run(world):
    run = run_row(design_of(world))

    assert list(design_runs_for(world.sponsor)) == [run]
    for user in (world.nurse, world.charge_nurse, build_world("AWAY").data_manager):
        assert not design_runs_for(user).exists()
        with pytest.raises(NotFound, match="no_such_run"):
            design_run_for(user, run.pk)
        with pytest.raises(NotFound, match="no_such_run"):
            cancel_run(run_id=run.pk, by=user, at=hour(1))


def test_when_who_queued_it_leaves_the_run_goes_on_and_a_colleague_cancels_it(world):
    version = design_of(world, by=world.sponsor)
    run = run_row(version)
    with acting(by="test", reason="left"):
        Membership.objects.filter(user=world.sponsor).update(ended_at=hour(-1))

    assert claims.claim_next(engine=run.engine, at=hour(0)).run == run
    with pytest.raises(NotFound):
        cancel_run(run_id=run.pk, by=world.sponsor, at=hour(1))
    assert cancel_run(run_id=run.pk, by=world.investigator, at=hour(1)).state == S.CANCELLED
