"""A worker looks after the process that computes a run: tells how far it is, stops it where it is to stop."""

import fcntl
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import Error, close_old_connections

from crsmonitor.embedded.processes import die_with_parent
from regimens.models import DesignRun
from regimens.runs import claims
from regimens.runs.claims import Claim

LOOK_S = 0.5  # seconds between two looks: progress is told, a cancelled run is stopped
NICENESS = 15  # of the process that computes: it has what alerts and pages leave
BASE = Path(__file__).resolve().parents[2]
# It needs no secret and no address, and one core is all it may take.
INHERITED = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "PYTHONPATH", "TMPDIR", "VIRTUAL_ENV")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

logger = logging.getLogger(__name__)
Clock = Callable[[], datetime]


@contextmanager
def machine(folder: Path) -> Iterator[bool]:
    """Whether this machine is free for a run: one at a time, however many workers it has. Ends with the process."""
    with (folder / "design-run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@dataclass
class Computing:
    """The process, what it said last, and whether it has ended."""

    process: "subprocess.Popen[str]"
    done: int = 0
    of: int = 0
    end: dict[str, Any] | None = None  # its last line; None: it said nothing at its end, or is at work
    ended: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        """All that it says, until it says no more."""
        assert self.process.stdout
        try:
            for line in self.process.stdout:
                word = json.loads(line)
                if "of" in word:
                    self.done, self.of = word["done"], word["of"]
                else:
                    self.end = word
        finally:  # also after a line that was cut off where it was killed
            self.ended.set()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.ended.wait()  # the end of what it said
        assert self.process.stdout
        self.process.stdout.close()


def compute_next(*, engine: str, clock: Clock, stopping: threading.Event) -> bool:
    """Take a run that waits and compute it. False: none waits."""
    claim = claims.claim_next(engine=engine, at=clock())
    if claim is None:
        return False
    computing = begin(claim.run)
    try:
        while not stopping.is_set():
            if computing.ended.wait(LOOK_S):
                break
            if not _still_ours(claim, computing, clock):
                return True
        else:
            _patiently(lambda: claims.hand_back(claim), stopping)
            return True
        _patiently(lambda: _keep(claim, computing, clock), stopping)
    finally:
        computing.stop()
    return True


def begin(run: DesignRun) -> Computing:
    """The process, with the run's input. It dies with this one."""
    process = subprocess.Popen(
        [sys.executable, "-m", "regimens.runs.child"],
        cwd=BASE,
        env={name: os.environ[name] for name in INHERITED if name in os.environ} | ONE_THREAD,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_lowered(),
    )
    computing = Computing(process)
    threading.Thread(target=computing.read, daemon=True).start()
    assert process.stdin
    try:
        with process.stdin:
            process.stdin.write(json.dumps({"kind": run.kind, "input": run.input}) + "\n")
    except BrokenPipeError:
        pass  # it died at once, which is seen where its end is
    return computing


def _lowered() -> Callable[[], None]:
    dies = die_with_parent(signal.SIGKILL)

    def prepare() -> None:
        os.nice(NICENESS)
        if dies is not None:
            dies()

    return prepare


def _still_ours(claim: Claim, computing: Computing, clock: Clock) -> bool:
    """Said how far it is. A database that is away for a while is waited for: whose the run is shows afterwards."""
    try:
        return claims.renew(claim, done=computing.done, of=computing.of, at=clock())
    except Error as error:
        _database_is_away(error)
        return True


def _patiently(write: Callable[[], object], stopping: threading.Event) -> None:
    """Until the database has taken it. A worker that stops leaves it: another begins again after the lease."""
    while True:
        try:
            write()
        except Error as error:
            _database_is_away(error)
            if stopping.wait(LOOK_S):
                return
        else:
            return


def _database_is_away(error: Error) -> None:
    logger.warning("a run goes on without the database (%s)", type(error).__name__)
    close_old_connections()


def _keep(claim: Claim, computing: Computing, clock: Clock) -> None:
    end = computing.end or {}
    if "answer" in end:
        claims.finish(claim, end["answer"], cpu_s=end["cpu_s"], done=computing.of, at=clock())
    elif error := end.get("error"):
        values = {"detail": error["detail"]}
        claims.fail(claim, {"code": error["code"], "field": error["field"], "values": values}, at=clock())
    else:
        logger.error("run %s: what computed it ended without a word (%s)", claim.run.pk, computing.process.wait())
        claims.let_lapse(claim, at=clock())
