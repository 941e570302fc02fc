"""A stack of real processes for each fault."""

import sys
from collections.abc import Iterator

import pytest

from grading.alerting.delivery import hints
from tests.faults.rig import sockets
from tests.faults.rig.forks import Forks
from tests.faults.rig.stack import Stack
from tests.sinks import Hook, serving


@pytest.fixture(scope="session")
def forks() -> Iterator[Forks]:
    if sys.platform != "linux":
        pytest.skip("only Linux lets a process adopt what its children leave")
    with Forks() as parents:
        yield parents


@pytest.fixture
def stack(state_folder, forks, monkeypatch, record_property) -> Iterator[Stack]:
    running = Stack(state_folder, forks)
    monkeypatch.setenv("CELERY_BROKER_URL", running.broker.url())  # for the hints of this process
    monkeypatch.setattr(hints, "_quiet_until", 0.0)
    hints.let_go()  # what this process had open led to another broker
    yield running
    hints.let_go()  # and what it has open now leads nowhere from here on
    sockets.close_all()
    running.end()
    record_property("fault", running.figures)
    print(running.logs())  # shown where the test failed


@pytest.fixture
def hook() -> Iterator[Hook]:
    with serving(Hook()) as receiver:
        yield receiver
