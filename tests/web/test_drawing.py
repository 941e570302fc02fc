"""The process that draws for open pages: another one, of lower priority, and never missed."""

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from time import monotonic

import pytest

from crsmonitor.pages.parts import Parts
from crsmonitor.web.drawing import NICE, DrawingProcess
from tests.web.test_room import CALLS, most

pytestmark = pytest.mark.long

START_SECONDS = 60.0


def who() -> Parts:
    return str(os.getpid()), str(os.getpriority(os.PRIO_PROCESS, 0))


def who_fails_but_in(process: int) -> Parts:
    if os.getpid() != process:
        raise LookupError
    return who()


def who_calls_deeply() -> Parts:
    return str(most()), ""


@pytest.fixture
def process() -> Iterator[DrawingProcess]:
    settings = {"DJANGO_SETTINGS_MODULE": "crsmonitor.settings", "LOG_LEVEL": "ERROR"}
    one = DrawingProcess(os.environ | settings)
    yield one
    one.end()


def wait_for(process: DrawingProcess) -> DrawingProcess:
    end = monotonic() + START_SECONDS
    while not process.is_ready() and monotonic() < end:
        threading.Event().wait(0.05)
    assert process.is_ready()
    return process


def test_another_process_of_lower_priority_draws_once_it_is_there_and_this_one_until_then(process):
    assert process(who) == who()

    there, priority = wait_for(process)(who)

    assert int(there) != os.getpid()
    assert int(priority) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICE)
    assert process(who) == (there, priority)
    assert int(process(who_calls_deeply)[0]) < CALLS / 2
    assert process(partial(who_fails_but_in, os.getpid())) == who()  # it failed there, and goes on
    assert process(who) == (there, priority)

    os.kill(int(there), signal.SIGKILL)
    assert process(who) == who()
    assert not process.is_ready()  # and is not started again at once


def test_it_ends_with_whoever_started_it(process):
    child, talk = wait_for(process)._process, process._talk
    assert child is not None
    assert talk is not None

    talk.close()  # as the system does when the web process ends, however it ends

    assert child.wait(START_SECONDS) == 0
