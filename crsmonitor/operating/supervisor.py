"""One foreground process that runs everything: PostgreSQL, Valkey, web, worker, beat.

For a demonstration, development and a look at the product. Production runs each part by itself
(docker-compose.yml).
"""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from crsmonitor import embedded
from crsmonitor.operating import running
from crsmonitor.operating.listening import NoPort, listen

RESTARTS_PER_MINUTE = 5
LOOK_SECONDS = 0.3
READY_SECONDS = 60
STOP_SECONDS = 15


class CannotRun(RuntimeError):
    """The run cannot start or go on. The message is for the person at the terminal."""


# --- Only one run per state folder --------------------------------------------------------------


class OnlyOne:
    """A lock on the state folder that ends with the process, however it ends."""

    def __init__(self, state: Path) -> None:
        self.path = state / "up.lock"
        self.file = self.path.open("a+")

    def take(self) -> None:
        """Raises CannotRun, naming the address of the run that holds the folder."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.file.seek(0)
            address = self.file.read().strip() or "it is still starting"
            raise CannotRun(
                f"already running on {self.path.parent}: {address}\n"
                "Stop that one first, or set CRS_STATE_DIR to another folder."
            ) from None
        self.say("")

    def say(self, address: str) -> None:
        """What the next one who comes is told."""
        self.file.seek(0)
        self.file.truncate()
        self.file.write(address)
        self.file.flush()


# --- Address ------------------------------------------------------------------------------------


def hosts_to_answer(host: str) -> str:
    """ALLOWED_HOSTS of the run: this machine by its usual names, and what was bound."""
    names = ["localhost", "127.0.0.1", "[::1]", host, socket.gethostname()]
    return ",".join(dict.fromkeys(names))


# --- Processes ----------------------------------------------------------------------------------


@dataclass
class Child:
    """A process of the app. It is started again when it ends by itself.

    `wanted`: it is started once this file is there, and not with the others. None: with them.
    """

    name: str
    args: list[str]
    inherits: tuple[int, ...] = ()  # open files that it goes on with
    environment: dict[str, str] = field(default_factory=dict)  # beside that of all
    wanted: Path | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self, env: dict[str, str], cwd: Path, *, stdout: int | None = None) -> None:
        """Start away from Ctrl-C, which is ours. Killed with us: the database's rows are the record."""
        self.process = subprocess.Popen(
            [sys.executable, *self.args],
            env=env | self.environment,
            cwd=cwd,
            stdout=stdout,
            start_new_session=True,
            pass_fds=self.inherits,
            preexec_fn=embedded.die_with_parent(signal.SIGKILL),
        )

    def stop(self) -> None:
        """In order, and by force after a while."""
        embedded.stop_process(self.process, signal.SIGTERM, STOP_SECONDS)

    @property
    def to_start(self) -> bool:
        """Whether it was never started and its time has come."""
        return self.process is None and (self.wanted is None or self.wanted.exists())

    @property
    def ended(self) -> int | None:
        """Its exit code; None while it runs or before its start."""
        return self.process.poll() if self.process else None


def forget_schedule(state: Path) -> None:
    """A killed beat may leave one that cannot be read, an error at each start. Nothing waits for long in it."""
    for left in state.glob("beat*"):
        left.unlink()


def children(*, listening: int, state: Path) -> list[Child]:
    """The app's processes, in the order in which they are stopped. `listening`: the web process's open socket."""
    # The warning is for workers that accept pickled messages; ours take JSON, from our own broker.
    as_root = "ignore:You're running the worker with superuser privileges"
    celery = ["-W", as_root, "-m", "celery", "--app", "crsmonitor", "--quiet"]
    web = ["-m", "crsmonitor.web", "--fd", str(listening)]
    quietly = ["--log-level", "warning", "--stop-seconds", "3"]
    beat = ["beat", "--loglevel", "WARNING", "--schedule", str(state / "beat"), "--pidfile="]
    # Threads: one process, and Django's pool works in it. Several processes are several, without a pool (celery#10554).
    several = bool(os.environ.get("CRS_WORKER_PROCESSES"))
    pool = ["--pool", "prefork"] if several else ["--pool", "threads", "--concurrency", "4"]
    worker = ["worker", "--loglevel", "WARNING", *pool]
    packets = ["worker", "--loglevel", "WARNING", "--pool", "solo", "--queues", "packets", "--hostname", "packets@%h"]
    # Of runs of the workbench: most who try this out never need it, and it costs seconds of CPU and 170 MB.
    designs = ["worker", "--loglevel", "WARNING", "--pool", "solo", "--queues", "designs", "--hostname", "designs@%h"]
    alone = ["--without-gossip", "--without-mingle"]
    return [
        Child("web", [*web, *quietly], inherits=(listening,)),
        Child("beat", [*celery, *beat]),
        Child("worker", [*celery, *worker, *alone], environment={"DB_POOL": "0"} if several else {}),
        Child("packets", [*celery, *packets, *alone]),
        Child("designs", [*celery, *designs, *alone], wanted=running.wanted_file(state, "designs")),
    ]


# --- The run ------------------------------------------------------------------------------------


class Supervisor:
    """Starts, watches and stops everything. `run()` returns the exit code."""

    def __init__(self, *, base: Path, host: str, port: int | None, empty: bool = False) -> None:
        self.base, self.host, self.asked_port = base, host, port
        self.people = "first_operator" if empty else "seed_demo"  # the command that makes and names the sign-ins
        self.stopping = threading.Event()
        self.engines: list[embedded.Engine] = []
        self.children: list[Child] = []
        self.steps: list[Child] = []  # management commands before the children
        self.restarts: deque[float] = deque()
        self.env = dict(os.environ)
        self.listening: socket.socket | None = None  # stays open while the web process is started again
        self.state: Path | None = None  # once commands were told where the engines are

    def say(self, text: str) -> None:
        print(f"up: {text}", flush=True)

    def run(self) -> int:
        """Run until Ctrl-C or SIGTERM (0), or until something cannot go on (1)."""
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self.stop_soon)
        try:
            self.start()
            while not self.stopping.wait(LOOK_SECONDS):
                self.look_after_engines()
                self.look_after_children()
                self.start_children()
        except (CannotRun, NoPort, embedded.EmbeddedError) as problem:
            if self.stopping.is_set():
                return 0
            self.say(str(problem))
            return 1
        finally:
            self.stop()
        return 0

    def stop_soon(self, signum: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def start(self) -> None:
        """Everything, in order; returns when the site answers. Raises CannotRun or EmbeddedError."""
        state = embedded.state_dir(self.base)
        only_one = OnlyOne(state)
        only_one.take()
        self.only_one = only_one  # the lock lasts as long as the file is open
        self.listening = listen(self.host, self.asked_port, self.say)
        port = self.listening.getsockname()[1]
        self.prepare_environment(state, port)
        collecting = self.begin("collectstatic", "--no-input", "--verbosity", "0")  # needs no engine
        self.start_engines(state)
        running.tell(state, self.env)
        self.state = state
        self.finish(self.begin("migrate", "--verbosity", "0"))
        sign_ins = self.finish(self.begin(self.people, "--skip-checks"))  # migrate has made them
        self.finish(collecting)
        forget_schedule(state)
        self.children = children(listening=self.listening.fileno(), state=state)
        self.start_children()
        self.wait_until_ready(port)
        shown = "localhost" if self.host in ("127.0.0.1", "0.0.0.0", "::") else self.host  # noqa: S104
        address = f"http://{shown}:{port}/"
        only_one.say(address)
        if sign_ins:
            print(sign_ins, flush=True)
        self.say(f"running at {address}  (Ctrl-C stops it)")

    def prepare_environment(self, state: Path, port: int) -> None:
        """What the children read. What the user set stays as it is."""
        self.env |= {"CRS_MODE": "demo", "CRS_STATE_DIR": str(state), "PYTHONUNBUFFERED": "1"}
        # Django's, which migrate makes: in each worker again they import every page, nearly half of its start.
        self.env["CELERY_SKIP_CHECKS"] = "1"
        self.env.setdefault("SECRET_KEY", embedded.secret(state / "secret_key.secret"))
        self.env.setdefault("ALLOWED_HOSTS", hosts_to_answer(self.host))
        self.env.setdefault("LOG_LEVEL", "WARNING")
        self.env.setdefault("SITE_URL", f"http://localhost:{port}")
        self.env.setdefault("CRS_BEACON_URL", f"http://{bracketed(reachable(self.host))}:{port}")

    def start_engines(self, state: Path) -> None:
        """Each engine that no variable replaces."""
        if not self.env.get("DATABASE_URL"):
            postgres = embedded.Postgres(state)
            self.start_engine(postgres)
            self.env["DATABASE_URL"] = postgres.url(embedded.APP)
            self.env["DATABASE_OWNER_URL"] = postgres.url(embedded.OWNER)
        if not self.env.get("REDIS_URL"):
            valkey = embedded.Valkey(state)
            self.start_engine(valkey)
            self.env["REDIS_URL"] = valkey.url()

    def start_engine(self, engine: embedded.Engine) -> None:
        if self.stopping.is_set():
            raise CannotRun("stopped")
        self.engines.append(engine)
        engine.start()
        self.say(f"{engine.version} on port {engine.port}")
        self.say_word_of(engine)

    def say_word_of(self, engine: embedded.Engine) -> None:
        if engine.word:
            self.say(engine.word)

    def begin(self, *command: str) -> Child:
        """Start one management command; `finish()` waits for it."""
        self.say(command[0])
        child = Child(" ".join(command), ["manage.py", *command])
        child.start(self.env, self.base, stdout=subprocess.PIPE)
        self.steps.append(child)
        return child

    def finish(self, step: Child) -> str:
        """What the command printed. Raises CannotRun where it failed, or where we are to stop."""
        assert step.process is not None
        while not self.stopping.is_set():
            with contextlib.suppress(subprocess.TimeoutExpired):
                output = step.process.communicate(timeout=0.1)[0].decode().strip()
                if step.ended:
                    raise CannotRun(f"`manage.py {step.name}` failed with code {step.ended}\n{output}")
                return output
        raise CannotRun("stopped")

    def wait_until_ready(self, port: int) -> None:
        """Until /readyz says yes. Raises CannotRun."""
        end = time.monotonic() + READY_SECONDS
        while not self.stopping.is_set() and not is_ready(self.host, port):
            self.look_after_children()
            if time.monotonic() > end:
                raise CannotRun(f"the site did not become ready in {READY_SECONDS} s; see the messages above")
            self.stopping.wait(1)  # each time that it is not ready stands in the log

    def look_after_engines(self) -> None:
        """Start an engine again that ended, on its port. Raises EmbeddedError or CannotRun."""
        for engine in self.engines:
            if not engine.running and not self.stopping.is_set():
                self.count_restart(engine.name)
                engine.start()
                self.say_word_of(engine)

    def look_after_children(self) -> None:
        """Start a process again that ended. Raises CannotRun where that happens too often."""
        for child in self.children:
            if child.ended is not None and not self.stopping.is_set():
                self.count_restart(f"{child.name} (exit code {child.ended})")
                child.start(self.env, self.base)

    def start_children(self) -> None:
        """Those whose time has come."""
        for child in self.children:
            if child.to_start and not self.stopping.is_set():
                child.start(self.env, self.base)

    def count_restart(self, name: str) -> None:
        """Raises CannotRun after too many in a minute."""
        now = time.monotonic()
        while self.restarts and self.restarts[0] < now - 60:
            self.restarts.popleft()
        if len(self.restarts) == RESTARTS_PER_MINUTE:
            raise CannotRun(f"{name} ended again: more than {RESTARTS_PER_MINUTE} restarts in a minute, stopping")
        self.restarts.append(now)
        self.say(f"{name} ended: starting it again")

    def stop(self) -> None:
        """Whoever depends on another goes first."""
        if self.children or self.engines:
            self.say("stopping")
        if self.state is not None:
            running.forget(self.state)
        for child in (*self.steps, *self.children):
            child.stop()
        for engine in reversed(self.engines):
            engine.stop()
        if self.listening is not None:
            self.listening.close()


def reachable(host: str) -> str:
    """Where this machine reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def is_ready(host: str, port: int) -> bool:
    """Whether /readyz answers 200."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        return answer.status == 200 and json.load(answer)["status"] == "ok"
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
