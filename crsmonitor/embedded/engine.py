"""What both engines share: started, watched and stopped by this process."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, ClassVar, Self

from crsmonitor.embedded import processes
from crsmonitor.embedded.binaries import lesser_user
from crsmonitor.embedded.processes import EmbeddedError, die_with_parent, port_is_taken, stop_process, version_of

START_SECONDS = 60  # recovery after a crash may take a while
STOP_SECONDS = 20
LOG_TAIL = 2000  # characters of a server's log shown in an error
PORT_TRIES = 5


class Engine:
    """A server process that this process starts, watches and stops. Its data lie in `state`."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    program: Path

    def __init__(self, state: Path, *, durable: bool = True) -> None:
        """`durable=False` is for tests: faster, and nothing survives a crash."""
        self.state, self.durable = state, durable
        self.user = lesser_user()
        self.log = state / f"{self.name}.log"
        self.port = 0  # none yet
        self.process: subprocess.Popen[bytes] | None = None
        self.word = ""  # what a person should know of the last start

    @property
    def version(self) -> str:
        """What the program says of itself."""
        return version_of(self.program)

    def start(self) -> Self:
        """Start, and return when the engine answers. A restart keeps the port. Raises EmbeddedError."""
        self.prepare()
        self.stop_orphan()
        tries = 1 if self.port else PORT_TRIES
        for left in reversed(range(tries)):
            port = self.port or processes.free_port()
            try:
                self.launch(port)
                self.wait_until_it_answers(port)
            except EmbeddedError:
                self.stop()
                if left and port_is_taken(port):  # somebody was faster; take another
                    continue
                raise
            self.port = port
            return self
        raise AssertionError("not reached: the last try returns or raises")

    def stop(self) -> None:
        """Stop in order; nothing happens where it is not running."""
        stop_process(self.process, self.stop_signal, STOP_SECONDS)

    @property
    def running(self) -> bool:
        """Whether the process that we started is alive."""
        return self.process is not None and self.process.poll() is None

    def prepare(self) -> None:
        """Make what the engine needs on disk. May run again and again."""
        raise NotImplementedError

    def launch(self, port: int) -> None:
        """Start the process."""
        raise NotImplementedError

    def answers(self, port: int) -> bool:
        """Whether it serves by now."""
        raise NotImplementedError

    def orphan(self) -> int | None:
        """The process that an earlier, killed run left on our data. None: there is none."""
        raise NotImplementedError

    def popen(self, args: list[str | Path], **more: Any) -> subprocess.Popen[bytes]:
        """Start `args` with its output in our log, away from Ctrl-C, ending when we end."""
        with self.log.open("ab") as log:
            return subprocess.Popen(
                args,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.user,
                **more,
            )

    def wait_until_it_answers(self, port: int) -> None:
        """Raises EmbeddedError with the end of the log where the engine ends or stays silent."""
        assert self.process is not None
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise EmbeddedError(
                    f"{self.name} ended at its start. Its log, {self.log}, ends with:\n{self.log_tail()}"
                )
            if self.answers(port):
                return
            time.sleep(0.02)
        raise EmbeddedError(f"{self.name} did not answer in {START_SECONDS} s. Its log, {self.log}:\n{self.log_tail()}")

    def log_tail(self) -> str:
        """The end of the engine's log."""
        return self.log.read_text(errors="replace")[-LOG_TAIL:]

    def stop_orphan(self) -> None:
        """End what an earlier, killed run left behind: two servers must never share one folder."""
        pid = self.orphan()
        if pid is None:
            return
        for sig in (self.stop_signal, signal.SIGKILL):
            try:
                os.kill(pid, sig)
            except ProcessLookupError:
                return
            end = time.monotonic() + STOP_SECONDS
            while time.monotonic() < end:
                if self.orphan() != pid:
                    return
                time.sleep(0.05)
        raise EmbeddedError(f"{self.name} of an earlier run (process {pid}) does not end: end it, then start again")
