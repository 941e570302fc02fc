"""Open alert pages and boards, a process of its own.

`python -m bench.processes.watchers PORT < {"cookies": [...], "boards": [...], "marks": [...]}`.

Each cookie is an open page: the stream of an alert page and the word "seen" with a new alert, as its script sends
them, or the two streams of a board. None asks by itself: its script does so only where its stream is silent. For each
alert that an alert page has received it prints when, and which. It takes as little time as can be, since it runs on
the cores that are measured: 2 to 3 % of one with a hundred pages.
"""

import asyncio
import json
import math
import random
import re
import sys
import time
import zlib

TOKEN = "a" * 32
SEEN_WITHIN_SECONDS = 5
LAMBDA = math.log(100) + 1
ALERT = re.compile(r'data-alert="([0-9a-f-]{36})')


async def ask(port: int, method: str, path: str, cookie: str, body: str = "") -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-By-Itself: 1\r\n"
        f"Cookie: sessionid={cookie}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    writer.write((head + body).encode())
    await reader.read()
    writer.close()


def patience() -> float:
    """As in the page's script: most wait nearly the whole time."""
    return SEEN_WITHIN_SECONDS / LAMBDA * math.log1p(random.random() * math.expm1(LAMBDA))


class Stream(asyncio.Protocol):
    """One that is taken and not read."""

    def __init__(self, path: str, cookie: str) -> None:
        self.path, self.cookie, self.is_open = path, cookie, False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        head = f"GET {self.path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nX-By-Itself: 1\r\n"
        transport.write(f"{head}Cookie: sessionid={self.cookie}\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        if not self.is_open:  # answered: opening so many takes seconds, which are not those that are measured
            self.is_open = True
            print(time.monotonic(), "open", flush=True)


class Page(Stream):
    """The stream of an alert page."""

    def __init__(self, port: int, cookie: str, marks: list[str], tasks: set) -> None:
        super().__init__("/alerts/stream/", cookie)
        self.port, self.marks, self.tasks = port, marks, tasks
        self.unread, self.text, self.expected, self.in_body = b"", b"", 0, False
        self.unpacked = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        self.parts: list[str] = []

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        at = time.monotonic()
        self.unread += data
        if not self.in_body:
            head, self.in_body, rest = self.unread.partition(b"\r\n\r\n")  # type: ignore[assignment]
            self.unread = rest if self.in_body else head
        while self.in_body and self._take_chunk():
            pass
        *events, self.text = self.text.split(b"\n\n")
        for event in events:
            if event.startswith(b"event: list"):
                self._listed(json.loads(event.split(b"data: ", 1)[1]), at)

    def _take_chunk(self) -> bool:
        """The next one of a body in chunks (RFC 9112, 7.1), where all of it is there."""
        size, line_end, rest = self.unread.partition(b"\r\n")
        if not line_end or len(rest) < (length := int(size, 16)) + 2:
            return False
        self.text, self.unread = self.text + self.unpacked.decompress(rest[:length]), rest[length + 2 :]
        return True

    def _listed(self, change: list, at: float) -> None:
        self.parts = [
            part for one in change for part in ([one] if isinstance(one, str) else self.parts[one[0] : one[1]])
        ]
        while self.expected < len(self.marks):
            mark = self.marks[self.expected]
            card = next((part for part in self.parts if mark in part), None)
            if card is None:
                return
            print(at, mark, flush=True)
            if alert := ALERT.search(card):
                task = asyncio.create_task(self._see(alert[1]))
                self.tasks.add(task)
                task.add_done_callback(self.tasks.discard)
            self.expected += 1

    async def _see(self, alert: str) -> None:
        """Not where the list has said meanwhile that somebody saw it."""
        await asyncio.sleep(patience())
        unseen = re.compile(rf'data-alert="{alert}"\s+data-state="(open|delivered)"')
        if any(unseen.search(part) for part in self.parts):
            await ask(self.port, "POST", "/alerts/seen/", self.cookie, f"alert={alert}")


async def main() -> None:
    orders, port, tasks = json.loads(sys.stdin.readline()), int(sys.argv[1]), set[asyncio.Task[None]]()
    loop = asyncio.get_running_loop()
    for cookie in orders["cookies"]:
        await loop.create_connection(
            lambda cookie=cookie: Page(port, cookie, orders["marks"], tasks), "127.0.0.1", port
        )  # fmt: skip
    for cookie in orders["boards"]:
        for path in ("/board/stream/", "/alarms/stream/"):
            await loop.create_connection(lambda path=path, cookie=cookie: Stream(path, cookie), "127.0.0.1", port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
