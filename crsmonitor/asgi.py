"""The ASGI application: one server for pages, API and what streams for as long as a page is open.

Pages and the API are synchronous code, and are run as such: one thread takes a request through all of it. Django's
own ASGI handler would move between event loop and threads at every middleware, which costs several times the work.
Only the streams, which would hold a thread each, are asynchronous.
"""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")

STREAMS = ("/alerts/stream/",)
THREADS = 10  # requests at once; each thread keeps a database connection

streams = get_asgi_application()
pages = WSGIMiddleware(get_wsgi_application(), workers=THREADS)


async def application(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Any]],
    send: Callable[[Any], Awaitable[None]],
) -> None:
    if scope["type"] == "http" and scope["path"] not in STREAMS:
        await pages(scope, receive, send)  # type: ignore[arg-type]
    else:
        await streams(scope, receive, send)
