"""A hint only hurries: without a broker the run waits in its row, and the tick asks again while one waits."""

import pytest
import redis

from crsmonitor.embedded import free_port
from regimens.runs.hints import QUEUE, hurry
from regimens.runs.tasks import hurry_runs
from tests.regimens.designs.builders import design_of, run_row


@pytest.fixture
def queue(settings):
    """The broker of the tests, without a hint of another test."""
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        broker.delete(QUEUE)
        yield broker
        broker.delete(QUEUE)


def test_without_a_broker_nothing_is_raised(monkeypatch):
    monkeypatch.setenv("CELERY_BROKER_URL", f"redis://127.0.0.1:{free_port()}/0")

    assert hurry() is False


def test_the_tick_asks_while_a_run_waits_and_else_not(db, world, queue):
    assert hurry_runs() is False
    assert queue.llen(QUEUE) == 0

    run = run_row(design_of(world))

    assert hurry_runs() is True
    [hint] = queue.lrange(QUEUE, 0, -1)
    assert str(run.pk).encode() not in hint  # which run is next, the worker finds in the rows
