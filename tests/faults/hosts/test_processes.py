"""Several web processes on one socket: one that is killed or hangs is replaced, and all end in order."""

import os
import signal
import socket
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from crsmonitor import embedded
from crsmonitor.web import lanes
from tests.faults.hosts.hanging import LOOP, THREADS
from tests.faults.rig.sockets import answered_by, ask, seconds_for, who_answers
from tests.faults.rig.stack import START, family, until

pytestmark = [pytest.mark.fault, pytest.mark.django_db(transaction=True)]
PAGES = lanes.threads(lanes.DEFAULT_THREADS)[lanes.PAGES]


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


def test_processes_that_live_and_answer_nobody_are_replaced_while_another_answers(stack):
    """One stands still, of one the loop is blocked, and of one all threads for pages are held."""
    stack.env["CRS_WEB_PROCESSES"] = "4"
    port = embedded.free_port()
    parent = stack.start(
        "web", "tests.faults.hosts.hanging", "web", "--port", str(port), "--log-level", "warning", "--stop-seconds",
        "1", "--stuck-seconds", "1",
    )  # fmt: skip
    server = f"http://127.0.0.1:{port}"

    def running() -> set[int]:
        return set(family(parent)[1:])

    def answers() -> bool:
        return seconds_for(server, "/healthz", limit=5)[0] == 200

    until(lambda: len(running()) == 4, START, "all are there")
    blocked, talk = answered_by(server, running())
    ask(talk, LOOP)
    assert talk.recv(1024)
    stopped = who_answers(server, running())
    os.kill(stopped, signal.SIGSTOP)
    until(lambda: Path(f"/proc/{stopped}/stat").read_text().rpartition(")")[2].split()[0] == "T", 20, "it stands still")
    held, talks = held_by_one(server, running, PAGES + 1)
    for talk in talks:
        ask(talk, THREADS)
    hung = {blocked, stopped, held}

    until(answers, 20, "another answers")
    took = until(lambda: not running() & hung and len(running()) == 4, 25, "others have their places", pause=0.1)
    until(answers, 20, "they answer")
    assert "a process ended (4)" in (stack.folder / "web0.log").read_text()  # whose threads are held ends by itself
    print(f"replaced {took:.1f} s after they hung")


def held_by_one(server: str, among: Callable[[], set[int]], number: int) -> tuple[int, list[socket.socket]]:
    """A process, and so many connections that it holds."""
    of: defaultdict[int, list[socket.socket]] = defaultdict(list)
    while True:
        process, talk = answered_by(server, among())
        of[process].append(talk)
        if len(of[process]) == number:
            return process, of[process]
