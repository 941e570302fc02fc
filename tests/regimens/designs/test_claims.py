"""A run is one worker's, and goes on elsewhere when that one is gone."""

from datetime import timedelta

import pytest

from crsmonitor.audit.models import AuditEvent
from regimens.models import DesignProgress, DesignResult
from regimens.rules.runs import RunState
from regimens.runs import claims
from regimens.runs.claims import ATTEMPTS_MOST, CLOCKS, ENGINE_WAITS, LEASE, UNATTENDED, claim_next
from regimens.services.design_runs import cancel_run
from tests.builders import hour
from tests.regimens.designs.builders import design_of, run_row

pytestmark = pytest.mark.django_db
S, AT = RunState, hour(0)
MOMENT = timedelta(microseconds=1)


def taken(at=AT, engine="test"):
    return claim_next(engine=engine, at=at)


def state_of(run) -> tuple:
    progress = DesignProgress.objects.get(run=run)
    return S(progress.state), progress.done, progress.of


def test_the_run_that_waits_longest_is_taken_first_and_each_once(world):
    version = design_of(world)
    later, earlier = run_row(version, at=-80), run_row(version, at=-90)

    assert claims.waiting(at=AT)
    assert [taken().run, taken().run, taken()] == [earlier, later, None]
    assert not claims.waiting(at=AT)


@pytest.mark.parametrize(("waits", "unattended"), [(UNATTENDED - MOMENT, False), (UNATTENDED, True)])
def test_a_run_that_nobody_takes_for_a_minute_is_unattended(world, waits, unattended):
    run_row(design_of(world), at=0)

    assert claims.unattended(at=AT + waits) is unattended


def test_runs_behind_one_that_is_computed_wait_their_turn(world):
    version = design_of(world)
    for at in (-90, -80):
        run_row(version, at=at)
    claim = taken()

    assert not claims.unattended(at=AT + LEASE - MOMENT)
    assert claims.unattended(at=AT + LEASE)  # whoever computed it is gone, and nobody took the other for hours
    claims.renew(claim, done=1, of=2, at=AT + LEASE)
    assert not claims.unattended(at=AT + LEASE)


def test_a_run_that_a_worker_handed_back_is_attended_for_a_minute(world):
    run_row(design_of(world))
    claims.hand_back(taken())

    assert not claims.unattended(at=AT + UNATTENDED - MOMENT)
    assert claims.unattended(at=AT + UNATTENDED)


@pytest.mark.parametrize(("after", "free"), [(LEASE - MOMENT, False), (LEASE, True)])
def test_a_run_whose_worker_is_gone_is_free_at_the_end_of_its_lease(world, after, free):
    run = run_row(design_of(world))
    first = taken()

    assert claims.waiting(at=AT + after) is free
    second = taken(AT + after)

    assert (second is not None) is free
    assert claims.renew(first, done=1, of=2, at=AT + after) is not free
    assert DesignProgress.objects.get(run=run).attempts == 1 + free


@pytest.mark.parametrize(("ahead", "free"), [(CLOCKS, False), (CLOCKS + MOMENT, True)])
def test_a_claim_of_a_clock_that_was_put_back_since_binds_nobody(world, ahead, free):
    run_row(design_of(world))
    taken(AT + ahead)

    assert claims.waiting(at=AT) is free
    assert (taken() is not None) is free


def test_whatever_the_worker_of_before_says_changes_nothing(world):
    run = run_row(design_of(world))
    first = taken()
    second = taken(AT + LEASE)

    assert not claims.finish(first, "{}", cpu_s=1, done=5, at=AT + LEASE)
    assert not claims.fail(first, {"code": "run_broke", "values": {}}, at=AT + LEASE)
    claims.hand_back(first)
    claims.let_lapse(first, at=AT)

    assert state_of(run) == (S.RUNNING, 0, 0)
    assert claims.renew(second, done=3, of=5, at=AT + LEASE)
    assert state_of(run) == (S.RUNNING, 3, 5)


def test_a_result_is_kept_with_its_hash_in_the_trail(world):
    run = run_row(design_of(world))

    assert claims.finish(taken(), '{"a":1}', cpu_s=2.5, done=200, at=hour(1))

    assert state_of(run) == (S.DONE, 200, 200)
    kept = DesignResult.objects.get(run=run)
    sha256 = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"  # of {"a":1}, by sha256sum
    assert (kept.contents, kept.sha256, kept.cpu_s, kept.at) == ({"a": 1}, sha256, 2.5, hour(1))
    trail = AuditEvent.objects.get(table_name="design_run_done", subject=f"design:{run.design_id}")
    assert trail.after == {"run": str(run.pk), "sha256": sha256}


def test_of_a_cancelled_run_nothing_is_kept(world):
    run = run_row(design_of(world))
    claim = taken()
    cancel_run(run_id=run.pk, by=world.sponsor, at=AT)

    assert not claims.renew(claim, done=1, of=2, at=AT)
    assert not claims.finish(claim, "{}", cpu_s=1, done=2, at=AT)
    assert state_of(run)[0] is S.CANCELLED
    assert not DesignResult.objects.exists()
    assert taken(AT + LEASE) is None


def test_a_run_that_is_handed_back_waits_as_if_nobody_had_begun(world):
    run = run_row(design_of(world))
    claim = taken()
    claims.renew(claim, done=5, of=10, at=AT)

    claims.hand_back(claim)

    assert state_of(run) == (S.QUEUED, 0, 0)
    assert DesignProgress.objects.get(run=run).attempts == 0
    assert taken().run == run


def test_a_run_that_ends_its_workers_fails_and_says_so(world):
    run = run_row(design_of(world))
    for n in range(ATTEMPTS_MOST):
        claims.let_lapse(taken(AT + n * LEASE), at=AT + n * LEASE)

    assert taken(AT + ATTEMPTS_MOST * LEASE) is None

    assert state_of(run)[0] is S.FAILED
    assert DesignProgress.objects.get(run=run).problem == {"code": "run_ends_workers", "values": {}}
    assert AuditEvent.objects.get(table_name="design_run_failed").after["code"] == "run_ends_workers"


@pytest.mark.parametrize(("after", "state"), [(ENGINE_WAITS, S.QUEUED), (ENGINE_WAITS + MOMENT, S.FAILED)])
def test_a_run_of_another_engine_waits_for_a_worker_that_has_it_and_not_for_ever(world, after, state):
    run, own = run_row(design_of(world), engine="older"), run_row(design_of(world, "another"), at=-80)

    assert taken(hour(-90) + after).run == own

    assert state_of(run)[0] is state
    problem = DesignProgress.objects.get(run=run).problem
    assert problem == ({} if state is S.QUEUED else {
        "code": "engine_gone", "values": {"queued": "older", "there": "test"},
    })  # fmt: skip
