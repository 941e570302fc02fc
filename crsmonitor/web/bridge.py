"""From the event loop to Django and back.

Django's synchronous handler does all of a request in one thread. The thread gets the whole body, and gives the whole
answer back, so it never waits for the network; only a download, which is made while it is taken, does.
"""

import asyncio
import contextlib
import contextvars
import io
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from a2wsgi.wsgi import build_environ
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse

from crsmonitor.web.messages import Client, ClientGone, Scope
from crsmonitor.web.room import with_room


class Live(Protocol):
    """What goes on after the view has answered, for as long as the page is open."""

    def events(self) -> AsyncGenerator[bytes, None]: ...


class LiveResponse(HttpResponse):
    """Its headers are the view's, its body comes from the event loop: no thread, and no connection of the pool."""

    def __init__(self, live: Live, **more: Any) -> None:
        super().__init__(**more)
        self.live = live


@dataclass(frozen=True, slots=True)
class Answer:
    """What the thread brings back. `body` None: it has been sent already. `live`: it goes on."""

    start: dict[str, Any]
    body: bytes | None
    live: Live | None = None


class Bridge:
    def __init__(self) -> None:
        self.django = WSGIHandler()

    async def answer(
        self, scope: Scope, body: bytes, client: Client, *, threads: ThreadPoolExecutor, **environment: Any
    ) -> None:
        """Have it answered in one of these threads. `told`: what Django finds in request.META."""
        environ = build_environ(scope, io.BytesIO(body)) | environment  # type: ignore[arg-type]
        environ["CONTENT_LENGTH"] = str(len(body))  # also where it came in chunks of unknown number
        loop = asyncio.get_running_loop()

        def give(message: dict[str, Any]) -> None:
            """From the thread. Raises ClientGone."""
            asyncio.run_coroutine_threadsafe(client.give(message), loop).result()

        context = contextvars.copy_context()
        reply = await loop.run_in_executor(threads, context.run, with_room, _work, self.django, environ, give)
        if reply.body is None:
            return
        await client.send(reply.start)
        if reply.live is None:
            await client.send({"type": "http.response.body", "body": reply.body})
        else:
            await _go_on(reply.live, client)


def _work(django: WSGIHandler, environ: dict[str, Any], give: Callable[[dict[str, Any]], None]) -> Answer:
    head: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        pairs = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in headers]
        head.update(type="http.response.start", status=int(status.split(" ", 1)[0]), headers=pairs)

    response = django(environ, start_response)
    try:
        if isinstance(response, LiveResponse):
            head["headers"] = [pair for pair in head["headers"] if pair[0] != b"content-length"]
            return Answer(head, b"", response.live)
        if not response.streaming:
            return Answer(head, b"".join(response))
        give(head)
        for chunk in response:
            give({"type": "http.response.body", "body": chunk, "more_body": True})
        give({"type": "http.response.body", "body": b""})
    except ClientGone:
        pass
    finally:
        response.close()  # gives the database connection back
    return Answer(head, None)


async def _go_on(live: Live, client: Client) -> None:
    """Until it ends or the client leaves."""

    async def pass_on() -> None:
        async with contextlib.aclosing(live.events()) as events:
            async for event in events:
                await client.send({"type": "http.response.body", "body": event, "more_body": True})
        await client.send({"type": "http.response.body", "body": b""})

    sending = asyncio.ensure_future(pass_on())
    try:
        await asyncio.wait({sending, client.left}, return_when=asyncio.FIRST_COMPLETED)
        if sending.done():
            sending.result()
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
