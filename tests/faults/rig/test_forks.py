"""The processes of the fault tests are forks of a parent, and as real as any: each its own, to kill and to wait for."""

import json
import os
import signal
import subprocess
import sys

import pytest

from crsmonitor import embedded
from tests.faults.rig.forks import ROOT
from tests.faults.rig.stack import until

pytestmark = pytest.mark.fault
# What a process says of itself, before it sleeps.
SAYS = """
import json, os, threading, time
from django.conf import settings
said = dict(pid=os.getpid(), parent=os.getppid(), group=os.getpgrp(), session=os.getsid(0), site=settings.SITE_URL,
            own=os.environ.get("OF_THIS_TEST"), threads=threading.active_count(), random=__import__("random").random())
print(json.dumps(said), flush=True)
time.sleep(60)
"""


@pytest.fixture(scope="module")
def env(tmp_path_factory):
    folder = tmp_path_factory.mktemp("forks")
    demo = {"CRS_MODE": "demo", "CRS_STATE_DIR": str(folder), "SITE_URL": "http://first.example.org"}
    return os.environ | {"DJANGO_SETTINGS_MODULE": "crsmonitor.settings"} | demo


@pytest.fixture
def begin(forks, tmp_path):
    started = []

    def begin(env, code=SAYS):
        log = tmp_path / f"{len(started)}.log"
        with log.open("wb") as file:
            process = forks.start("django", "shell", "--no-imports", "-c", code, env=env, log=file)
        started.append(process)
        until(lambda: log.read_text().endswith("\n"), 20, "it speaks")
        return process, json.loads(log.read_text().splitlines()[-1])

    yield begin
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_a_fork_is_our_child_in_a_session_of_its_own_and_dies_of_a_kill(begin, env):
    process, begun = begin(env)

    assert begun["pid"] == begun["group"] == begun["session"] == process.pid
    assert begun["parent"] == os.getpid()
    assert process.poll() is None
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.05)

    os.killpg(process.pid, signal.SIGKILL)

    assert process.wait(60) == -signal.SIGKILL
    assert not embedded.command_of(process.pid)


def test_how_a_fork_ends_by_itself_is_told(begin, env):
    process, _ = begin(env, "print(1)\nraise SystemExit(3)")

    assert process.wait(60) == 3


def test_each_fork_has_the_environment_that_it_was_given_and_settings_of_it(begin, env):
    second = env | {"SITE_URL": "http://second.example.org", "OF_THIS_TEST": "yes"}
    says = [begin(one)[1] for one in (env, second, env)]

    assert [(one["site"], one["own"]) for one in says] == [
        ("http://first.example.org", None), ("http://second.example.org", "yes"), ("http://first.example.org", None),
    ]  # fmt: skip


def test_forks_share_no_thread_and_draw_no_lots_together(begin, env):
    says = [begin(env)[1] for _ in range(2)]

    assert [one["threads"] for one in says] == [1, 1]
    assert says[0]["random"] != says[1]["random"]


TESTER = """
import os, sys
from pathlib import Path
from tests.faults.rig.forks import Forks

forks = Forks()
log = open(sys.argv[1], "wb")
sleep = "import time; time.sleep(60)"
process = forks.start("django", "shell", "--no-imports", "-c", sleep, env=dict(os.environ), log=log)
print(forks.process.pid, process.pid, flush=True)
input()
"""


def test_a_killed_test_leaves_neither_fork_nor_parent(env, tmp_path):
    tester = subprocess.Popen(
        [sys.executable, "-c", TESTER, tmp_path / "log"],
        cwd=ROOT, env=env | {"CRS_TEST_STATE_DIR": str(tmp_path)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    pids = [int(pid) for pid in tester.stdout.readline().split()]
    assert len(pids) == 2
    assert all(embedded.command_of(pid) for pid in pids)

    tester.kill()
    tester.communicate()

    until(lambda: not any(embedded.command_of(pid) for pid in pids), 30, "both have ended")


# --- The parent's guard ---------------------------------------------------------------------------------------------


def company(before: str) -> str:
    """What the guard says in a process that did this before."""
    code = f"import socket, threading\nasked, other = socket.socketpair()\nother.close()\n{before}\n"
    run = [sys.executable, "-c", code + "from tests.faults.rig import parent\nparent.refuse_company()"]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True).stderr


@pytest.mark.parametrize(
    "before", ["threading.Thread(target=threading.Event().wait, daemon=True).start()", "open_too = socket.socket()"]
)
def test_a_parent_with_a_thread_or_a_connection_does_not_fork(before):
    assert "AssertionError" in company(before)


def test_a_parent_with_its_one_socket_forks():
    assert company("") == ""
