"""The parent of what fault tests start: it has imported everything, and each process is a fork of it.

`python -m tests.faults.rig.parent FD`, started by forks.py. The first parent imports what reads no settings, once; for
each environment a second parent, a fork of the first, sets Django up and imports the app; and each process that a test
wants is a fork of the second, given to the test as its own child. Before a fork no thread and no connection is open.
"""

import contextlib
import gc
import importlib
import json
import os
import random
import runpy
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from crsmonitor import embedded

MOST = 200_000  # bytes of a request, which is one packet
READ_NO_SETTINGS = (
    "apprise", "asgiref.sync", "celery.apps.beat", "celery.apps.worker", "celery.bin.celery",
    "celery.concurrency.prefork", "celery.concurrency.thread", "celery.fixups.django", "celery.worker.autoscale",
    "celery.worker.consumer", "cryptography.hazmat.primitives.hashes", "django.contrib.admin.sites",
    "django.contrib.postgres.fields", "django.core.handlers.asgi", "django.core.management.commands.check",
    "django.db.backends.postgresql.base", "django.forms", "django.template.backends.django", "fido2.webauthn", "httpx",
    "icalendar", "jsonschema", "jwt", "kombu.transport.redis", "markdown", "msgspec", "prometheus_client",
    "psycopg_pool", "reportlab.platypus", "requests", "uvicorn", "uvicorn.lifespan.on", "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto", "whitenoise.middleware", "yaml",
)  # fmt: skip
OF_THE_APP = ("crsmonitor.celery", "crsmonitor.urls", "crsmonitor.web.protocol", "grading.alerting.tasks")


def main() -> None:
    requests = socket.socket(fileno=int(sys.argv[1]))
    for name in READ_NO_SETTINGS:
        importlib.import_module(name)
    if wanted := fork_second_parents(requests):
        become(wanted)


def fork_second_parents(requests: socket.socket) -> dict[str, Any] | None:
    """Returns what to run in a process that a test wants; None at the end of a parent."""
    refuse_company()
    while True:
        packet, descriptors, *_ = socket.recv_fds(requests, MOST, 1)
        if not packet:
            with contextlib.suppress(ChildProcessError):
                while os.wait():
                    pass
            return None
        if os.fork() == 0:
            requests.close()
            return fork_processes(socket.socket(fileno=descriptors[0]), json.loads(packet))
        os.close(descriptors[0])


def fork_processes(requests: socket.socket, env: dict[str, str]) -> dict[str, Any] | None:
    os.environ.clear()
    os.environ.update(env)
    import django

    django.setup()
    for name in OF_THE_APP:
        importlib.import_module(name)
    refuse_company()
    gc.freeze()  # nor looked through: what is dead in it costs less than to look for it, and each page would be copied
    while True:
        packet, descriptors, *_ = socket.recv_fds(requests, MOST, 1)
        if not packet:
            return None
        between = os.fork()
        if between == 0:
            if os.fork():
                os._exit(0)  # so that the test is the next parent
            wanted = json.loads(packet)
            belong_to(wanted["test"])
            requests.send(str(os.getpid()).encode())
            requests.close()
            return wanted | {"log": descriptors[0]}
        os.waitpid(between, 0)
        os.close(descriptors[0])


def refuse_company() -> None:
    """A fork takes no thread along, and shares each connection."""
    assert threading.active_count() == 1, threading.enumerate()
    opened = [os.readlink(one) for one in Path("/proc/self/fd").iterdir() if one.is_symlink()]
    assert len([one for one in opened if one.startswith("socket:")]) == 1, opened


def belong_to(test: int) -> None:
    """End with the test's process, which adopts this one as soon as the process between has ended."""
    end = time.monotonic() + 60
    while os.getppid() != test:
        if time.monotonic() > end:
            os._exit(1)
        time.sleep(0.001)
    if ask := embedded.die_with_parent(signal.SIGKILL, parent=test):
        ask()


def become(wanted: dict[str, Any]) -> None:
    """As `python -m MODULE ARGS` in a session of its own, with its output in the log."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    for have, number in ((nothing, 0), (wanted["log"], 1), (wanted["log"], 2)):
        os.dup2(have, number)
    random.seed()
    if "SHIFTED_CLOCK" in os.environ:
        importlib.import_module("tests.faults.rig.shifted_clock")
    sys.argv = [wanted["module"], *wanted["args"]]
    runpy.run_module(wanted["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
