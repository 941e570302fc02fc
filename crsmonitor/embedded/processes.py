"""Small dealings with the operating system: ports, secrets, children that end with their parent."""

import ctypes
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

HOST = "127.0.0.1"


class EmbeddedError(RuntimeError):
    """An engine cannot be started. The message says what to do."""


def die_with_parent(sig: signal.Signals, parent: int | None = None) -> Callable[[], None] | None:
    """A preexec_fn: the child gets `sig` when its parent (None: this process) dies. None where only Linux can.

    It must run after the change of user, which clears the request; Popen does so.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = parent or os.getpid()
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG in linux/prctl.h

    def ask() -> None:
        libc.prctl(set_parent_death_signal, int(sig))
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def port_is_taken(port: int, host: str = HOST) -> bool:
    """Whether somebody else listens there, or we may not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False


def secret(path: Path) -> str:
    """The secret kept in `path` (mode 0600), made on first use."""
    if not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        made.rename(path)  # whole or absent
    return path.read_text()


def command_of(pid: int) -> str:
    """The command line of a process; empty where there is no such process."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        if Path("/proc/self").exists():
            return ""
    shown = subprocess.run(["ps", "-p", str(pid), "-o", "command="], capture_output=True, text=True)
    return shown.stdout.strip()


def stop_process(process: subprocess.Popen[bytes] | None, sig: signal.Signals, seconds: float) -> None:
    """Ask with `sig`, wait, and kill what does not listen."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(sig)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def version_of(program: Path) -> str:
    """What `program --version` says."""
    return subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout.strip()
