"""`manage.py up`, really run: the site answers, everything stops, rows stay."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from crsmonitor import __version__
from crsmonitor.operating import listening, running, supervisor
from tests.project.operating.test_settings import KEY, SAFE

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 300  # of a machine that does much else besides
OURS = re.compile("CRS_TEST|DATABASE|REDIS|CRS_STATE|DJANGO|PYTEST|CRS_MODE|DB_POOL|LOG_LEVEL|COV")


class Run:
    """One `manage.py up` on a state folder."""

    def __init__(self, state: Path, *args: str) -> None:
        env = {name: value for name, value in os.environ.items() if not OURS.match(name)}
        self.state = state
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up", *args],
            cwd=ROOT,
            env=env | {"CRS_MODE": "demo", "CRS_STATE_DIR": str(state)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.seen = ""

    def wait_for(self, pattern: str) -> re.Match:
        """Read its output until a line matches; the test fails where it ends before."""
        for line in self.process.stdout:
            self.seen += line
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"up ended without {pattern!r}:\n{self.seen}")

    def address(self) -> tuple[str, int]:
        match = self.wait_for(r"running at http://(\w+):(\d+)/")
        return match[1], int(match[2])

    def end(self, sig: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(sig)
        self.seen += self.process.communicate(timeout=START_SECONDS)[0]
        return self.process.returncode


def get(address: tuple[str, int], path: str) -> tuple[int, bytes]:
    with contextlib.closing(http.client.HTTPConnection(*address, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def belonging_to(state: Path) -> list[str]:
    """Processes that run with this state folder, by their environment or command line."""
    processes = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            described = (process / "environ").read_bytes() + (process / "cmdline").read_bytes()
        except OSError:  # ended meanwhile, or another user's
            continue
        if str(state).encode() in described:
            processes.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
    return processes


def wait_until_nothing_runs(state: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while running := belonging_to(state):
        assert time.monotonic() < end, running
        time.sleep(0.05)


@pytest.fixture
def up(state_folder):
    """Start runs on one state folder; whatever is left is killed at the end."""
    runs = []

    def start(*args: str) -> Run:
        runs.append(Run(state_folder, *args))
        return runs[-1]

    yield start
    for run in runs:
        run.process.kill()
        run.process.wait()
        run.process.stdout.close()
    wait_until_nothing_runs(state_folder)


@pytest.mark.fault
def test_up_runs_starts_again_what_ends_stops_and_keeps_its_rows(up, state_folder):
    """One folder for all: its first start makes a database. Without the demonstration, which tests/simulation makes.

    The first run is killed, the second stopped in order and the third while it starts: each full start is five
    processes that import the app.
    """
    run = up("--empty")
    address = run.address()
    status, body = get(address, "/healthz")
    assert (status, body.splitlines()[0]) == (200, f"ok {__version__}".encode())
    status, body = get(address, "/readyz")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    remember(state_folder)
    others = without_late_beacons(run.seen)
    assert not re.search(r"ERROR|WARNING|Service Unavailable|readyz", others)  # a start that is none

    assert command(state_folder, "verify_audit").returncode == 0

    second = up()
    assert second.process.wait(START_SECONDS) == 1
    assert f"already running on {state_folder}: http://localhost:{address[1]}/" in second.process.stdout.read()

    for pattern in (r"crsmonitor\.web", r"/postgres\b.* -D "):
        kill_one(state_folder, pattern)
        run.wait_for("ended: starting it again")
    until_ready(address[1])

    # The supervisor is killed: nothing may hinder the next start, and nothing be lost.
    run.end(signal.SIGKILL)
    again = up("--empty")
    again.address()
    assert remembered(state_folder)
    kill_one(state_folder, "celery .* worker")
    again.wait_for("ended: starting it again")  # and what was started again stops with the rest
    assert again.end(signal.SIGINT) == 0
    assert "Traceback" not in again.seen
    assert not re.search(r"ERROR|WARNING|Service Unavailable|readyz", without_late_beacons(again.seen))
    assert belonging_to(state_folder) == []

    # As little after a stop in order: the database runs once more, with what was in it.
    third = up("--empty")
    third.wait_for("migrate")
    assert remembered(state_folder)
    assert third.end() == 0
    assert belonging_to(state_folder) == []

    refused = command(state_folder, "verify_audit")
    assert refused.returncode == 1
    assert "the app is not running" in refused.stderr


def without_late_beacons(seen: str) -> str:
    """One that a busy machine does not answer within 5 s is sent again, and is no fault of the start."""
    return re.sub(r".*\(webhook_timeout\)\n", "", seen)


def until_ready(port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while not supervisor.is_ready("127.0.0.1", port):
        assert time.monotonic() < end, "not ready again"
        time.sleep(0.1)


def command(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What `python3 dev.py manage` runs."""
    environment = {name: value for name, value in os.environ.items() if not OURS.match(name)}
    return subprocess.run(
        [sys.executable, "-m", "crsmonitor.operating.running", *words],
        cwd=ROOT, env=environment | {"CRS_STATE_DIR": str(state)}, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.fault
def test_a_busy_port_that_was_asked_for_is_named(up):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        run = up("--port", str(port))

        assert run.process.wait(START_SECONDS) == 1
    assert f"port {port} on 127.0.0.1 is in use" in run.process.stdout.read()


@pytest.mark.fault
@pytest.mark.parametrize("after", ["collectstatic", "migrate"])
def test_stopping_during_the_start_is_in_order_too(up, state_folder, after):
    run = up()
    run.wait_for(after)

    assert run.end() == 0
    assert belonging_to(state_folder) == []


def test_the_next_free_port_is_taken_and_said(monkeypatch):
    lines = []
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        monkeypatch.setattr(listening, "DEFAULT_PORT", other.getsockname()[1])

        with listening.listen("127.0.0.1", None, lines.append) as ours:
            port = ours.getsockname()[1]
            with listening.listen("127.0.0.1", None, lines.append) as second:  # nobody has told anybody of ours yet
                assert second.getsockname()[1] > port

    assert port > listening.DEFAULT_PORT
    assert lines[0] == f"port {listening.DEFAULT_PORT} is in use by another program: taking {port}"


def test_a_port_that_is_ours_is_nobody_elses():
    with (
        listening.listen("127.0.0.1", 0, print) as ours,
        pytest.raises(listening.NoPort, match="is in use by another program"),
    ):
        listening.listen("127.0.0.1", ours.getsockname()[1], print)


def test_a_process_that_keeps_ending_stops_the_run(state_folder):
    run = supervisor.Supervisor(base=ROOT, host="127.0.0.1", port=None)
    for _ in range(supervisor.RESTARTS_PER_MINUTE):
        run.count_restart("web")

    with pytest.raises(supervisor.CannotRun, match="more than 5 restarts in a minute"):
        run.count_restart("web")


@pytest.mark.parametrize(
    ("processes", "pool", "connections"), [("", "threads", {}), ("3", "prefork", {"DB_POOL": "0"})]
)
def test_the_worker_is_one_process_with_threads_or_several_without_a_pool(
    monkeypatch, tmp_path, processes, pool, connections
):
    monkeypatch.setenv("CRS_WORKER_PROCESSES", processes)

    [worker] = [child for child in supervisor.children(listening=3, state=tmp_path) if child.name == "worker"]

    assert worker.args[worker.args.index("--pool") + 1] == pool
    assert worker.environment == connections


def test_a_process_that_is_wanted_later_is_started_when_its_file_is_there(state_folder):
    run = supervisor.Supervisor(base=ROOT, host="127.0.0.1", port=None)
    running.tell(state_folder, {})
    later = supervisor.Child("designs", ["-c", ""], wanted=running.wanted_file(state_folder, "designs"))
    run.children = [later]

    run.start_children()
    assert later.process is None

    running.want(state_folder, "designs")
    run.start_children()
    assert later.process is not None
    later.stop()

    running.forget(state_folder)
    assert not later.wanted.exists()
    running.want(state_folder, "designs")  # nobody is there to start it
    assert not later.wanted.exists()


@pytest.mark.long
def test_up_is_not_for_production():
    env = {
        "SECRET_KEY": KEY,
        "CRS_SEALING_KEYS": SAFE["CRS_SEALING_KEYS"],
        "ALLOWED_HOSTS": "crs.example.org",
        "DATABASE_URL": "postgresql://crs_app@127.0.0.1:9/crs",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    done = subprocess.run([sys.executable, "manage.py", "up"], cwd=ROOT, env=env, capture_output=True, text=True)

    assert done.returncode == 1
    assert "set CRS_MODE=demo" in done.stderr


def kill_one(state: Path, pattern: str) -> None:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            environ = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if re.search(pattern, command) and str(state) in environ + command:
            os.kill(int(process.name), signal.SIGKILL)
            return
    raise AssertionError(f"nothing runs that matches {pattern}")


def superuser(state: Path) -> psycopg.Connection:
    port = int((state / "postgres/postmaster.pid").read_text().splitlines()[3])
    password = (state / "postgres.secret").read_text()
    return psycopg.connect(host="127.0.0.1", port=port, user="postgres", password=password, dbname="crs")


def remember(state: Path) -> None:
    with superuser(state) as connection:
        connection.execute("CREATE SCHEMA aside; CREATE TABLE aside.kept AS SELECT 1 AS one")


def remembered(state: Path) -> bool:
    with superuser(state) as connection:
        return connection.execute("SELECT one FROM aside.kept").fetchall() == [(1,)]
