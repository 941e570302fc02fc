"""Several web processes on one socket: one that is killed or hangs is replaced, and all end in order."""

import os
import signal
from pathlib import Path

import pytest

from crsmonitor import embedded
from tests.faults.rig.sockets import seconds_for, who_answers
from tests.faults.rig.stack import START, family, until

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


def test_a_process_that_lives_and_answers_nobody_is_replaced_while_the_other_answers(stack):
    stack.env["CRS_WEB_PROCESSES"] = "2"
    port = embedded.free_port()
    parent = stack.start(
        "web", "crsmonitor.web", "--port", str(port), "--log-level", "warning", "--stop-seconds", "1"
    )  # fmt: skip

    def answers() -> bool:
        return seconds_for(f"http://127.0.0.1:{port}", "/healthz", limit=5)[0] == 200

    until(answers, START, "one of them answers")
    until(lambda: len(family(parent)) == 3, 20, "both are there")
    hung = who_answers(f"http://127.0.0.1:{port}", family(parent)[1:])  # one that has not begun yet may take a minute
    os.kill(hung, signal.SIGSTOP)
    until(answers, 20, "the other answers")

    took = until(lambda: len(set(family(parent)[1:]) - {hung}) == 2, 20, "another has taken its place", pause=0.1)

    assert not Path(f"/proc/{hung}").exists()
    until(answers, 20, "they answer")
    print(f"replaced {took:.1f} s after it hung")
