"""The address of the one-command run: taken before it is told to anybody, and handed to the web process."""

import socket
from collections.abc import Callable

NEXT_PORTS = 20  # how far to look for a free one
DEFAULT_PORT = 8000
WAITING = 128  # connections that may wait while the web process starts


class NoPort(RuntimeError):
    """The message says what to do."""


def listen(host: str, wanted: int | None, say: Callable[[str], None]) -> socket.socket:
    """On the port that was asked for, or the first free one from 8000 on. Raises NoPort.

    From here on the port is ours: whoever looks for one at the same time takes another.
    """
    if wanted is not None:
        try:
            return listen_at(host, wanted)
        except OSError:
            raise NoPort(
                f"port {wanted} on {host} is in use by another program (or not allowed): give another --port"
            ) from None
    for port in range(DEFAULT_PORT, DEFAULT_PORT + NEXT_PORTS):
        try:
            listening = listen_at(host, port)
        except OSError:
            continue
        if port != DEFAULT_PORT:
            say(f"port {DEFAULT_PORT} is in use by another program: taking {port}")
        return listening
    raise NoPort(f"ports {DEFAULT_PORT} to {port} on {host} are all in use: give a free one with --port")


def listen_at(host: str, port: int) -> socket.socket:
    """Raises OSError."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(WAITING)  # bound alone, somebody else could still listen
    except OSError:
        listening.close()
        raise
    return listening
