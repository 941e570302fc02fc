"""Receivers of messages for tests, on loopback, that answer as they are told: a webhook's server, a mail server."""

import email
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any


class Hook(ThreadingHTTPServer):
    """Keeps every call. `plan` comes before `answer`.

    An answer is a status, "redirect", "hang", "drop", "drip", or "late": 204, but not before `go`.
    """

    daemon_threads = True

    def __init__(self, *plan: int | str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.plan: list[int | str] = list(plan)
        self.answer: int | str = 204
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.callers: list[int] = []  # the port that each call came from
        self.taken: list[str] = []  # keys of the calls that were answered with success
        self.pings = 0  # answered GETs
        self.go = threading.Event()
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_GET(self) -> None:
        self.server.pings += 1
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        hook = self.server
        headers, body = dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))
        answer = hook.plan.pop(0) if hook.plan else hook.answer
        if answer in (204, "late"):
            hook.taken.append(headers["Idempotency-Key"])
        hook.callers.append(self.client_address[1])
        hook.calls.append((headers, body))
        if answer == "hang":
            hook.over.wait(30)
        if answer == "late":
            hook.go.wait(30)
            answer = 204
        if answer == "drip":  # a line now and then keeps every single read within its limit
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            while not hook.over.wait(0.2):
                try:
                    self.wfile.write(b"X-Slow: 1\r\n")
                except OSError:
                    break
        if answer in ("hang", "drop", "drip"):
            self.close_connection = True
            return
        self.send_response(302 if answer == "redirect" else int(answer))
        if answer == "redirect":
            self.send_header("Location", hook.url + "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


class Mailbox(ThreadingTCPServer):
    """A mail server. `plan`, then `answer`, say what becomes of a call.

    "take"; "refuse": no such person; "hang": not a word; "drop": the connection ends after DATA, without an answer.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *plan: str) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.plan: list[str] = list(plan)
        self.answer = "take"
        self.calls: list[tuple[dict[str, str], bytes]] = []  # as of a Hook; a mail has no call of its own
        self.received: list[str] = []  # keys of the messages whose text came, taken or not
        self.taken: list[str] = []  # keys of those that were answered with success
        self.over = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class _Talk(StreamRequestHandler):
    """As much SMTP as Django's backend speaks."""

    server: Mailbox

    def handle(self) -> None:
        box = self.server
        answer = box.plan.pop(0) if box.plan else box.answer
        if answer == "hang":
            box.over.wait(30)
            return
        self.say("220 here")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.say("354 go on")
                key = self.read_message()
                box.received.append(key)
                if answer == "drop":
                    return
                box.taken.append(key)
            self.say("550 no such person" if verb == b"RCPT" and answer == "refuse" else "250 ok")
            if verb == b"QUIT":
                return

    def read_message(self) -> str:
        """The key of the message that now comes, up to the line with a dot."""
        lines = list(iter(self.rfile.readline, b".\r\n"))
        return email.message_from_bytes(b"".join(lines))["X-Crsmonitor-Key"] or ""

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def serving(server: Any) -> Iterator[Any]:
    """The server, running until the block ends. It has an event `over` that ends whatever hangs."""
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
