"""The ASGI application: one server for pages, API and what streams for as long as a page is open.

The event loop answers by itself what needs no database: whether the process lives, and static files. For everything
else it takes the whole request in, waits for its turn, and has Django answer in a thread of the request's lane.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")
django.setup(set_prefix=False)

from django.conf import settings  # noqa: E402 - after the apps are loaded

import crsmonitor.urls  # noqa: E402, F401 - before the first request asks for it
from crsmonitor.health import ALIVE  # noqa: E402
from crsmonitor.middleware import BUSY  # noqa: E402
from crsmonitor.web.bridge import Bridge  # noqa: E402
from crsmonitor.web.files import Files  # noqa: E402
from crsmonitor.web.headers import of_every_answer  # noqa: E402
from crsmonitor.web.lanes import DEFAULT_THREADS, PAGES, lane_of, threads, turn_of  # noqa: E402
from crsmonitor.web.messages import (  # noqa: E402
    Client,
    ClientGone,
    Receive,
    Refused,
    Scope,
    Send,
    body_of,
    refuse,
)
from crsmonitor.web.pulse import Threads  # noqa: E402
from crsmonitor.web.turns import Turns  # noqa: E402

lanes = {name: Threads(number, name) for name, number in threads(settings.DB_POOL or DEFAULT_THREADS).items()}
bridge, files, turns = Bridge(), Files(), Turns()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/healthz" and scope["method"] in ("GET", "HEAD"):
        await _say_alive(send)
        return
    client = Client(receive, send)
    try:
        if (file := files.find(scope["path"])) is not None:
            await files.answer(file, scope, client)
        else:
            await _have_answered(scope, await body_of(receive), client)
    except Refused as refused:
        await refuse(refused, scope, send)
    except ClientGone:
        return
    finally:
        client.close()


async def _say_alive(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(ALIVE)).encode()),
        (b"cache-control", b"no-store"), *of_every_answer(),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": ALIVE})


async def _have_answered(scope: Scope, body: bytes, client: Client) -> None:
    method, path = scope["method"], scope["path"]
    async with turns.turn(turn_of(method, path)) as mine:
        if mine:
            await bridge.answer(scope, body, client, threads=lanes[lane_of(method, path)])
            return
    # Whoever has waited in vain is told so by Django, in words that keep what was typed.
    await bridge.answer(scope, body, client, threads=lanes[PAGES], **{BUSY: True})
