"""Clients that ordinary libraries do not make: slow ones, silent ones, and open streams."""

import contextlib
import http.client
import os
import socket
import ssl
import statistics
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.test import Client

from tests.faults.rig.patience import patience

_opened: list[socket.socket] = []


def close_all() -> None:
    """Whatever a test left open."""
    while _opened:
        _opened.pop().close()


def connect(server: str, *, receive_buffer: int | None = None, trusted: ssl.SSLContext | None = None) -> socket.socket:
    there = urlsplit(server)
    talk = socket.socket()
    _opened.append(talk)
    if receive_buffer is not None:
        talk.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    talk.settimeout(20)
    talk.connect((there.hostname, there.port))
    if trusted is not None:
        talk = trusted.wrap_socket(talk, server_hostname=there.hostname)
        _opened.append(talk)
    return talk


def who_answers(server: str, among: Iterable[int]) -> int:
    """Which of these processes answers now: the one that holds our connection, which is not closed before."""
    return answered_by(server, among)[0]


def answered_by(server: str, among: Iterable[int]) -> tuple[int, socket.socket]:
    """The same with the connection, which stays open."""
    talk = connect(server)
    ask(talk, "/healthz")
    assert b" 200 " in talk.recv(65536)
    ends = [f":{port:04X}" for port in (talk.getpeername()[1], talk.getsockname()[1])]
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()]
    [inode] = [row[9] for row in rows if row[1].endswith(ends[0]) and row[2].endswith(ends[1])]
    [holder] = [pid for pid in among if f"socket:[{inode}]" in opened_by(pid)]
    return holder, talk


def ask(talk: socket.socket, path: str) -> None:
    talk.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


def opened_by(process: int) -> set[str]:
    """What it has open, as the system calls it; nothing where it has ended meanwhile."""
    opened = set()
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        for file in Path(f"/proc/{process}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                opened.add(os.readlink(file))
    return opened


@contextlib.contextmanager
def slowly(start: Callable[[], socket.socket], step: Callable[[socket.socket], object], count: int) -> Iterator[None]:
    """So many connections; each takes a step now and then until the block ends, and connects anew where it is cut."""
    over = threading.Event()

    def one() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError), start() as talk:
                while not over.wait(0.5):
                    step(talk)
            over.wait(0.1)

    threads = [threading.Thread(target=one, daemon=True) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(5)


def slow_body(server: str, path: str) -> Callable[[], socket.socket]:
    def start() -> socket.socket:
        talk = connect(server)
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        talk.sendall(f"{head}Content-Length: 5000\r\n\r\n{{".encode())
        return talk

    return start


def slow_reader(server: str, path: str) -> Callable[[], socket.socket]:
    def start() -> socket.socket:
        talk = connect(server, receive_buffer=2048)
        talk.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        return talk

    return start


def seconds_for(
    server: str, path: str, *, cookie: str = "", limit: float = 20, trusted: ssl.SSLContext | None = None
) -> tuple[int, float]:
    """The status and how long it took; 0 where nothing came within `limit`, and later where the machine is busy."""
    began = time.monotonic()
    there, limit = urlsplit(server).netloc, limit * patience()
    talk: http.client.HTTPConnection = http.client.HTTPConnection(there, timeout=limit)
    if trusted is not None:
        talk = http.client.HTTPSConnection(there, timeout=limit, context=trusted)
    try:
        talk.request("GET", path, headers={"Host": "localhost"} | ({"Cookie": cookie} if cookie else {}))
        answer = talk.getresponse()
        answer.read()
        return answer.status, time.monotonic() - began
    except (OSError, http.client.HTTPException):
        return 0, time.monotonic() - began
    finally:
        talk.close()


def p99(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[98]


def cookie_of(user) -> str:
    client = Client()
    client.force_login(user)
    return f"sessionid={client.cookies['sessionid'].value}"


class Stream:
    """An open alert list, as a browser without the product's script would open it."""

    def __init__(
        self, server: str, cookie: str, path: str = "/alerts/stream/", *, trusted: ssl.SSLContext | None = None
    ) -> None:
        self.talk = connect(server, trusted=trusted)
        self.talk.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        self.heard = b""

    def until(self, word: bytes, seconds: float = 20) -> bytes:
        """Read until the word has come. Fails where the stream ends or stays silent."""
        end = time.monotonic() + seconds * patience()
        while word not in self.heard:
            self.talk.settimeout(max(0.01, end - time.monotonic()))
            more = self.talk.recv(65536)
            assert more, f"ended before {word!r}"
            self.heard += more
        return self.heard

    def seconds_until_its_end(self, limit: float) -> float:
        """Until the server ends it. Fails after `limit`."""
        began, limit = time.monotonic(), limit * patience()
        while True:
            left = limit - (time.monotonic() - began)
            assert left > 0, f"not over within {limit} s"
            self.talk.settimeout(left)
            more = self.talk.recv(65536)
            self.heard += more
            if not more or self.heard.endswith(b"0\r\n\r\n"):
                return time.monotonic() - began

    def cut(self) -> None:
        self.talk.close()
