"""Processes as forks of a parent that has imported everything: a start takes a tenth of a second, not two of CPU."""

import ctypes
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Self

from crsmonitor import embedded

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 3  # second parents at once, of some 60 MB
ADOPT = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h


class Fork:
    """A child of this process, asked and awaited like a subprocess.Popen."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        end = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if end is not None and time.monotonic() > end:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.005)
        return code


class Forks:
    """The first parent, and a second one for each of the environments that were asked for last."""

    def __init__(self) -> None:
        self.first, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.seconds: dict[tuple[tuple[str, str], ...], socket.socket] = {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.rig.parent", str(theirs.fileno())],
            cwd=ROOT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            preexec_fn=embedded.die_with_parent(signal.SIGKILL),
        )  # fmt: skip
        theirs.close()
        self.place = Path(os.environ["CRS_TEST_STATE_DIR"]) / f"stack-{os.getpid()}"
        self.port, self.password = 0, secrets.token_urlsafe(48)  # 0: none yet

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for one in (*self.seconds.values(), self.first):
            one.close()
        embedded.stop_process(self.process, signal.SIGCONT, seconds=10)  # it ends by itself

    def settle(self, folder: Path) -> embedded.Valkey:
        """A new broker in `folder`, which is at `place` now.

        Place, port and password stay the same from test to test, so that the environment and its second parent do.
        """
        self.place.unlink(missing_ok=True)
        self.place.symlink_to(folder)
        broker = embedded.Valkey(self.place, durable=False)
        if self.port and not embedded.port_is_taken(self.port):
            broker.port = self.port
        (self.place / "valkey.secret").touch(mode=0o600)
        (self.place / "valkey.secret").write_text(self.password)
        self.port = broker.start().port
        return broker

    def start(self, module: str, *args: str, env: dict[str, str], log: IO[bytes]) -> Fork:
        """As `python -m module args` with this environment, in a session of its own; ends with this process."""
        second = self.second(env)
        wanted = json.dumps({"module": module, "args": args, "test": os.getpid()}).encode()
        adopt(True)  # only now: other orphans are not ours
        try:
            socket.send_fds(second, [wanted], [log.fileno()])
            answer = second.recv(100)
        finally:
            adopt(False)
        assert answer, "the parent has ended: its error is above"
        return Fork(int(answer))

    def second(self, env: dict[str, str]) -> socket.socket:
        key = tuple(sorted(env.items()))
        if key not in self.seconds:
            if len(self.seconds) == SECONDS:
                self.seconds.pop(next(iter(self.seconds))).close()
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            socket.send_fds(self.first, [json.dumps(env).encode()], [theirs.fileno()])
            theirs.close()
            self.seconds[key] = ours
        self.seconds[key] = self.seconds.pop(key)  # the last used stands last
        return self.seconds[key]


def adopt(orphans: bool) -> None:
    """Whether a process below this one becomes our child when its parent ends."""
    ctypes.CDLL(None).prctl(ADOPT, int(orphans), 0, 0, 0)
