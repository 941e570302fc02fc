"""Receivers of messages for tests: a webhook's server on loopback that answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Hook(ThreadingHTTPServer):
    """Keeps every call. An answer is a status, "redirect", "hang", "drop" or "drip"; `plan` comes before `answer`."""

    daemon_threads = True

    def __init__(self, *plan: int | str) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.plan: list[int | str] = list(plan)
        self.answer: int | str = 204
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.callers: list[int] = []  # the port that each call came from
        self.taken: list[str] = []  # keys of the calls that were answered with success
        self.over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Answer(BaseHTTPRequestHandler):
    server: Hook

    def do_POST(self) -> None:
        hook = self.server
        headers, body = dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))
        answer = hook.plan.pop(0) if hook.plan else hook.answer
        if answer == 204:
            hook.taken.append(headers["Idempotency-Key"])
        hook.callers.append(self.client_address[1])
        hook.calls.append((headers, body))
        if answer == "hang":
            hook.over.wait(30)
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
