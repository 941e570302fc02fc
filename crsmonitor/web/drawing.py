"""A process that draws what open pages show: a save never waits for it, as it would for a thread of the same Python.

It draws at a lower priority, is started with the first drawing, takes one after the other, and ends with the web
process, however that ends. Until it is there, and where it is lost, the thread that asks draws by itself.
"""

import contextlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from time import monotonic

from crsmonitor.pages.parts import Parts
from crsmonitor.web.room import with_room

logger = logging.getLogger(__name__)

NICE = 10  # saves and the database come first
DRAW_SECONDS = 10.0  # longer than any drawing takes; then it is taken for lost
AGAIN_SECONDS = 30.0  # between two starts
READY = b"ready"

Draw = Callable[[], Parts]


class DrawingProcess:
    """For every thread of the web process. What it is to draw goes there and back by pickle: a function by its name."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = {**(os.environ if environment is None else environment), "DB_POOL": "0"}
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._talk: Connection | None = None
        self._is_ready = False
        self._started_at: float | None = None

    def __call__(self, draw: Draw) -> Parts:
        """What `draw` returns, or raises here: where the other process fails, this one tries."""
        with self._guard:
            drawn = self._drawn(draw) if self.is_ready() else None
        return draw() if drawn is None else drawn

    def is_ready(self) -> bool:
        """Whether it would draw now. Starts it where it does not run."""
        try:
            if self._talk is None:
                self._start()
            elif not self._is_ready and self._talk.poll():
                self._is_ready = self._talk.recv_bytes() == READY
        except (OSError, EOFError) as error:
            self._lose(error)
        return self._is_ready

    def _start(self) -> None:
        if self._started_at is not None and monotonic() - self._started_at < AGAIN_SECONDS:
            return
        self._started_at = monotonic()
        self._talk, there = Pipe()
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "crsmonitor.web.drawing", str(there.fileno())],
                pass_fds=[there.fileno()], env=self._environment, stdin=subprocess.DEVNULL,
            )  # fmt: skip

    def _drawn(self, draw: Draw) -> Parts | None:
        assert self._talk is not None
        try:
            self._talk.send_bytes(pickle.dumps(draw))
            if not self._talk.poll(DRAW_SECONDS):
                raise TimeoutError
            drawn: Parts | None = self._talk.recv()
        except (OSError, EOFError) as error:
            self._lose(error)
            return None
        return drawn

    def _lose(self, error: Exception) -> None:
        logger.warning("drawing: lost its process (%s)", type(error).__name__)
        self.end()

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._talk is not None:
            self._talk.close()
        self._process, self._talk, self._is_ready = None, None, False


# --- In that process ----------------------------------------------------------------------------------------------


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the web process's; this one ends with it
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")
    import django

    django.setup(set_prefix=False)

    import crsmonitor.urls  # noqa: F401 - before the first drawing asks for it
    from crsmonitor.logs.lines import say_start

    say_start("drawing")
    os.nice(NICE)  # from now on: until it is there the web process draws, and a save may wait for that
    # OSError: whoever asked is gone, and this one is not needed any more.
    with contextlib.suppress(OSError), Connection(int(sys.argv[1])) as talk:
        talk.send_bytes(READY)
        serve(talk)


def serve(talk: Connection) -> None:
    """Draw what is asked for until nobody can ask any more. None: it failed, and whoever asked tries by themselves."""
    from django.db import close_old_connections

    while True:
        try:
            to_draw = talk.recv_bytes()
        except EOFError:
            return
        close_old_connections()  # looks whether the database is still there
        try:
            drawn = with_room(pickle.loads(to_draw))  # noqa: S301 - from the process that started this one, by their own pipe
        except Exception:
            logger.exception("drawing: failed")
            drawn = None
        talk.send(drawn)


if __name__ == "__main__":
    main()
