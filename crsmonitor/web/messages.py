"""What ASGI applications and servers say to each other."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from crsmonitor.api.answers import PROBLEM
from crsmonitor.logs.request_id import begin
from crsmonitor.web.headers import of_every_answer

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_BYTES = 11 * 1024 * 1024  # more than any form or file that is taken; Django has its own limit for fields
BODY_SECONDS = 30


class ClientGone(Exception):
    """Nobody waits for an answer any more."""


class Refused(Exception):
    """The request does not come to Django."""

    def __init__(self, status: int, code: str, words: str, *, again: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.words, self.again = status, code, words, again


async def body_of(receive: Receive) -> bytes:
    """All of the body. Raises ClientGone, or Refused where it is too long or too slow."""
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > BODY_BYTES:
                    raise Refused(413, "too_large", "The request is too large.")
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError:
        raise Refused(408, "too_slow", "The request did not arrive in time.", again=5) from None


class Client:
    """Who asked, after the whole body has come."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self.send = receive, send
        self._left: asyncio.Future[Any] | None = None

    @property
    def left(self) -> asyncio.Future[Any]:
        """Done once nobody waits any more."""
        if self._left is None:
            self._left = asyncio.ensure_future(self._receive())
        return self._left

    async def give(self, message: MutableMapping[str, Any]) -> None:
        """Returns when it has been written. Raises ClientGone."""
        if self.left.done():
            raise ClientGone
        await self.send(message)

    def close(self) -> None:
        if self._left is not None:
            self._left.cancel()


async def refuse(refused: Refused, scope: Scope, send: Send) -> None:
    """Answer without Django, in the form that the address answers in, and hang up: the rest is not read."""
    request_id = begin()
    logger.info("refused %s %s", refused.status, refused.code)
    headers = [(b"connection", b"close"), (b"cache-control", b"no-store"), (b"x-request-id", request_id.encode())]
    if refused.again is not None:
        headers.append((b"retry-after", str(refused.again).encode()))
    if scope["path"].startswith("/api/"):
        problem = {"type": f"urn:crsmonitor:{refused.code}", "title": refused.code, "status": refused.status}
        body, kind = json.dumps(problem | {"detail": refused.words}).encode(), PROBLEM
    else:
        body, kind = f"{refused.words}\n".encode(), "text/plain; charset=utf-8"
    headers.append((b"content-type", kind.encode()))
    headers += of_every_answer()
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
