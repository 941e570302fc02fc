"""Open alert pages, a process of its own: `python -m bench._watchers PORT < {"cookies": [...], "marks": [...]}`.

Each cookie is an open page: its stream, the poll of every 20 s and the word "seen" with every new alert, as the page's
script sends them. For each alert that a page has received it prints when, and which.
"""

import asyncio
import json
import random
import re
import sys
import time

TOKEN = "a" * 32
POLL_SECONDS = 20


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


async def see(port: int, cookie: str, alert: str, parts: list[str]) -> None:
    """As the page: not where the list has told meanwhile that somebody saw it."""
    await asyncio.sleep(random.uniform(0, 2))
    unseen = re.compile(rf'data-alert="{alert}" data-state="(open|delivered)"')
    if not any(unseen.search(part) for part in parts):
        return
    await ask(port, "POST", "/alerts/seen/", cookie, f"alert={alert}")


async def poll(port: int, cookie: str) -> None:
    await asyncio.sleep(random.uniform(0, POLL_SECONDS))
    while True:
        await ask(port, "GET", "/alerts/list/", cookie)
        await asyncio.sleep(POLL_SECONDS)


async def chunk(reader: asyncio.StreamReader) -> bytes:
    """The next one of a body in chunks (RFC 9112, 7.1)."""
    size = int(await reader.readline(), 16)
    data = await reader.readexactly(size)
    await reader.readexactly(2)
    return data


async def page(port: int, cookie: str, marks: list[str], tasks: set) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
    head = f"GET /alerts/stream/ HTTP/1.1\r\nHost: localhost\r\nX-By-Itself: 1\r\nCookie: sessionid={cookie}\r\n\r\n"
    writer.write(head.encode())
    print(time.monotonic(), "open", flush=True)
    await reader.readuntil(b"\r\n\r\n")
    expected, rest, parts = 0, b"", list[str]()
    while True:
        rest += await chunk(reader)
        events = rest.split(b"\n\n")
        rest = events.pop()
        for event in events:
            if not event.startswith(b"event: list"):
                continue
            change = json.loads(event.split(b"data: ", 1)[1])
            parts[:] = [part for one in change for part in ([one] if isinstance(one, str) else parts[one[0] : one[1]])]
            while expected < len(marks) and (card := next((part for part in parts if marks[expected] in part), None)):
                print(time.monotonic(), marks[expected], flush=True)
                alert = re.search(r'data-alert="([0-9a-f-]{36})', card)
                if alert:
                    tasks.add(asyncio.create_task(see(port, cookie, alert[1], parts)))
                expected += 1


async def main() -> None:
    orders, port = json.loads(sys.stdin.readline()), int(sys.argv[1])
    tasks: set = set()
    pages = [page(port, cookie, orders["marks"], tasks) for cookie in orders["cookies"]]
    await asyncio.gather(*pages, *(poll(port, cookie) for cookie in orders["cookies"]))


if __name__ == "__main__":
    asyncio.run(main())
