"""A webhook's server on loopback, a process of its own: for each call it prints when it came and with which key."""

import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Answer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # a connection is kept, as by every server that is one

    def do_POST(self) -> None:
        came = time.monotonic()  # one clock for all processes of a machine
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()
        sys.stdout.write(f"{came} {self.headers['Idempotency-Key']}\n")

    def log_message(self, *args: object) -> None:
        """Quiet."""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


if __name__ == "__main__":
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    server = _Server(("127.0.0.1", 0), _Answer)
    print(server.server_port)
    server.serve_forever()
