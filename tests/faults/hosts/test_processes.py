"""Several web processes on one socket: one that is killed is started again, and all end in order."""

import os
import signal
from pathlib import Path

import pytest

from tests.faults.rig.sockets import seconds_for
from tests.faults.rig.stack import family, until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]


def test_a_process_that_is_killed_is_started_again_and_the_others_answer(stack):
    stack.env["CRS_WEB_PROCESSES"] = "2"
    server = stack.server()
    [parent] = stack.processes

    def running() -> set[int]:
        return set(family(parent)[1:])

    def answers() -> bool:
        return seconds_for(server, "/alerts/list/")[0] == 302

    until(answers, 20, "one of them answers")
    until(lambda: len(running()) == 2, 20, "both are there")
    killed = min(running())

    os.kill(killed, signal.SIGKILL)
    until(lambda: len(running() - {killed}) == 2, 20, "another has taken its place")
    assert answers()

    last = running()
    os.kill(parent.pid, signal.SIGTERM)
    assert parent.wait(60) == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in last)
