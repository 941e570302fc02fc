"""A stored run gives the same bytes again, or it is said which differs."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from regimens.design.contract import kinds
from regimens.models import DesignRun
from regimens.runs import claims, computing
from regimens.runs.again import first_difference
from regimens.services.design_runs import queue_run
from tests.builders import hour
from tests.regimens.designs.builders import BOIN, design_of, run_row

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def output_of(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


@pytest.fixture
def run(world) -> DesignRun:
    version = design_of(world)
    queued = queue_run(design_id=version.design_id, kind="comparator", fields=BOIN, by=world.sponsor, at=hour(0))
    computing.compute_next(engine=kinds.engine(), clock=timezone.now, stopping=threading.Event())
    return queued


def other_run(version, *, engine: str, answer: str) -> DesignRun:
    """Done, with an answer that nobody computed. Its digest is of no input."""
    row = run_row(version, kind="comparator", input=run_input(version), engine=engine)
    claims.finish(claims.claim_next(engine=engine, at=hour(0)), answer, cpu_s=1, done=1, at=hour(0))
    return row


def run_input(version) -> str:
    return DesignRun.objects.filter(version=version).first().input


def test_a_run_gives_the_same_bytes_again(run):
    assert "done" in output_of("design_run", str(run.pk))
    assert "the same" in output_of("design_run", str(run.pk), "--again")
    assert output_of("design_runs") == "done: 1\n"
    assert output_of("design_runs", "--verify").startswith("1 gave the same bytes, 0 were")


def test_one_byte_that_differs_is_named_and_fails(run):
    forged = other_run(run.version, engine=kinds.engine(), answer=run.result.answer.replace("}", " }"))

    with pytest.raises(CommandError, match=r"^byte \d+ differs$"):
        output_of("design_run", str(forged.pk), "--again")
    with pytest.raises(CommandError, match="not every run is as it was kept"):
        output_of("design_runs", "--verify")


def test_of_another_engine_it_is_said_and_nothing_is_compared_with_it(run):
    older = other_run(run.version, engine="design 0", answer=run.result.answer)

    lines = output_of("design_run", str(older.pk), "--again").splitlines()

    assert lines[0] == f"the engine is another: it was computed with design 0, here is {kinds.engine()}"


def test_of_what_is_not_done_nothing_can_be_compared(world):
    run = run_row(design_of(world))

    with pytest.raises(CommandError, match="it is queued"):
        output_of("design_run", str(run.pk), "--again")
    with pytest.raises(CommandError, match="no such run"):
        output_of("design_run", str(run.version.pk).zfill(32))


@pytest.mark.parametrize(
    ("kept", "again", "byte"), [(b"abc", b"abc", None), (b"abc", b"abd", 2), (b"abc", b"ab", 2), (b"", b"a", 0)]
)
def test_the_first_byte_that_differs_is_found(kept, again, byte):
    assert first_difference(kept, again) == byte
