"""Several web processes on one open socket: forks of a parent that has imported everything.

The parent answers nobody. It starts a process again that ended by itself, and ends all of them in order when it is told
to; they end with it, however it ends.
"""

import logging
import os
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from time import monotonic

from crsmonitor.embedded import die_with_parent

logger = logging.getLogger(__name__)

TOLD_TO_END = {signal.SIGTERM, signal.SIGINT}
HEARD = TOLD_TO_END | {signal.SIGCHLD}
LOOK_SECONDS = 1.0  # whether the time of a next start has come
STEADY_SECONDS = 10.0  # who has run as long is started again at once
LONGEST_WAIT_SECONDS = 10.0  # of who ends again and again; the others go on, so it is never given up
MORE_SECONDS = 5.0  # than requests have to end, until a process is killed


@dataclass(slots=True)
class Place:
    """Of one process, and of who comes after it when it has ended. `pid` 0: nobody is there."""

    pid: int = 0
    started_at: float = 0.0
    wait: float = 0.0
    due_at: float = 0.0

    def leave(self, at: float) -> None:
        """Whoever ends again and again is started again later and later."""
        steady = at - self.started_at >= STEADY_SECONDS
        self.wait = 0.0 if steady else min(LONGEST_WAIT_SECONDS, 2 * self.wait or 0.5)
        self.pid, self.due_at = 0, at + self.wait


def fork_into(number: int, listening: socket.socket, *, stop_seconds: float) -> None:
    """Returns in each of `number` processes; the parent stays in here, and ends the program itself."""
    assert threading.active_count() == 1, "a fork takes no other thread along"
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    places, parent = [Place() for _ in range(number)], os.getpid()
    while True:
        for place in places:
            if not place.pid and place.due_at <= monotonic() and not _fork(place):
                if end_with := die_with_parent(signal.SIGTERM, parent):
                    end_with()
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                return
        heard = signal.sigtimedwait(HEARD, LOOK_SECONDS)
        if heard is not None and heard.si_signo in TOLD_TO_END:
            listening.close()  # who comes after the last process has closed its own is refused at once
            _end(places, stop_seconds)
            sys.exit(0)
        for place, code in _ended(places):
            place.leave(monotonic())
            logger.warning("web: a process ended (%s), another in %s s", code, place.wait)


def _fork(place: Place) -> bool:
    """False in the new process."""
    pid = os.fork()
    if pid:
        place.pid, place.started_at = pid, monotonic()
    return bool(pid)


def _ended(places: list[Place]) -> list[tuple[Place, int]]:
    """Whose process has ended by now, with its exit code. As process 1 of a container this one buries strangers too."""
    of = {place.pid: place for place in places}
    ends = []
    while any(place.pid for place in places):
        pid, status = os.waitpid(-1, os.WNOHANG)
        if not pid:
            break
        if pid in of:
            of[pid].pid = 0
            ends.append((of[pid], os.waitstatus_to_exitcode(status)))
    return ends


def _end(places: list[Place], stop_seconds: float) -> None:
    """In order, and by force after a while."""
    for sig, seconds in ((signal.SIGTERM, stop_seconds + MORE_SECONDS), (signal.SIGKILL, MORE_SECONDS)):
        end = monotonic() + seconds
        for place in places:
            if place.pid:
                os.kill(place.pid, sig)
        while (left := end - monotonic()) > 0:
            _ended(places)
            if not any(place.pid for place in places):
                return
            signal.sigtimedwait({signal.SIGCHLD}, min(left, LOOK_SECONDS))
