"""Several web processes on one open socket: forks of a parent that has imported everything.

The parent answers nobody. It starts a process again that ended by itself, ends one that lives and does not go on any
more, and ends all of them in order when it is told to; they end with it, however it ends.
"""

import logging
import os
import signal
import socket
import sys
import threading
from dataclasses import dataclass, field
from time import monotonic

from crsmonitor.embedded import die_with_parent
from crsmonitor.web.pulse import Pulse

logger = logging.getLogger(__name__)

TOLD_TO_END = {signal.SIGTERM, signal.SIGINT}
HEARD = TOLD_TO_END | {signal.SIGCHLD}
LOOK_SECONDS = 1.0  # whether the time of a next start has come, and whether each goes on
STEADY_SECONDS = 10.0  # who has run as long is started again at once
LONGEST_WAIT_SECONDS = 10.0  # of who ends again and again; the others go on, so it is never given up
MORE_SECONDS = 5.0  # than requests have to end, until a process is killed; so is one that is silent as long
BEGIN_SECONDS = 60.0  # from the fork until its loop turns


@dataclass(slots=True)
class Place:
    """Of one process, and of who comes after it when it has ended. `pid` 0: nobody is there.

    `silent`: how many seconds it may stay so. Counted by looks, so that a pause of the whole machine counts as one.
    """

    pid: int = 0
    started_at: float = 0.0
    wait: float = 0.0
    due_at: float = 0.0
    pulse: Pulse = field(default_factory=Pulse)
    silent: float = BEGIN_SECONDS

    def begin(self, pid: int, at: float) -> None:
        self.pid, self.started_at, self.silent = pid, at, BEGIN_SECONDS
        self.pulse.is_heard()

    def is_hung(self, *, after: float) -> bool:
        """Whether it has been silent for so long. Asked every LOOK_SECONDS."""
        self.silent = after if self.pulse.is_heard() else self.silent - LOOK_SECONDS
        return self.silent <= 0

    def leave(self, at: float) -> None:
        """Whoever ends again and again is started again later and later."""
        steady = at - self.started_at >= STEADY_SECONDS
        self.wait = 0.0 if steady else min(LONGEST_WAIT_SECONDS, 2 * self.wait or 0.5)
        self.pid, self.due_at = 0, at + self.wait


def fork_into(number: int, listening: socket.socket, *, stop_seconds: float) -> Pulse:
    """Returns in each of `number` processes, with what each has to beat from now on.

    The parent stays in here, and ends the program itself.
    """
    assert threading.active_count() == 1, "a fork takes no other thread along"
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HEARD)
    places, parent, look_at = [Place() for _ in range(number)], os.getpid(), 0.0
    while True:
        for place in places:
            if not place.pid and place.due_at <= monotonic() and not _fork(place):
                if end_with := die_with_parent(signal.SIGTERM, parent):
                    end_with()
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
                return place.pulse
        heard = signal.sigtimedwait(HEARD, LOOK_SECONDS)
        if heard is not None and heard.si_signo in TOLD_TO_END:
            listening.close()  # who comes after the last process has closed its own is refused at once
            _end(places, stop_seconds)
            sys.exit(0)
        for place, code in _ended(places):
            place.leave(monotonic())
            logger.warning("web: a process ended (%s), another in %s s", code, place.wait)
        if monotonic() >= look_at:
            look_at = monotonic() + LOOK_SECONDS
            _end_hung(places, after=stop_seconds + MORE_SECONDS)


def _end_hung(places: list[Place], *, after: float) -> None:
    """By force: what it does not hear it does not obey."""
    for place in places:
        if place.pid and place.is_hung(after=after):
            logger.error("web: a process lives and has not gone on for %s s, it is killed", after)
            os.kill(place.pid, signal.SIGKILL)


def _fork(place: Place) -> bool:
    """False in the new process."""
    pid = os.fork()
    if pid:
        place.begin(pid, monotonic())
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
