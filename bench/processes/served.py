"""Servers that a benchmark starts, and what they and the database use of the processor."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 40  # seconds until a server answers


def family(pid: int) -> list[int]:
    """The process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def cpu_ms(roots: Iterable[int]) -> float:
    """User and system time that these processes, those below them and their reaped children used so far."""
    total = 0
    for pid in (one for root in roots for one in family(root)):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total * 1000 / TICKS


def start(module: str, *arguments: str, environment: Mapping[str, str], fds: Iterable[int] = ()) -> subprocess.Popen:  # type: ignore[type-arg]
    return subprocess.Popen([sys.executable, "-m", module, *arguments], env=dict(environment), pass_fds=list(fds))


def stop(*servers: subprocess.Popen) -> None:  # type: ignore[type-arg]
    for server in servers:
        server.terminate()
    for server in servers:
        server.wait(15)


def wait_for(port: int, path: str = "/healthz") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            talk = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            talk.request("GET", path)
            talk.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
    sys.exit("the server did not start")
