"""A call to an address that somebody else chose: one limit for everything, no redirect, a checked address (S21).

Calls are made on one event loop of this process, in a thread that lives as long: many are under way at once, and a
connection that was used is used again soon after. No name shares a connection with another, since it was the first
one's certificate that was checked.
"""

import asyncio
import os
import ssl
import threading
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from functools import cache, partial
from typing import Any, TypeVar

import httpx
from django.conf import settings

from grading.alerting.delivery.channels import failure
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.webhook.guard import Pinned, RefusedAddress, pin

T = TypeVar("T")

KEPT_SECONDS = 1.0  # a connection; servers keep theirs for 2 s and longer, so that none is found closed
KEPT_NAMES = 64  # whose connections are kept
ASKING = 32  # threads that wait for whoever answers for names
# A short answer is read to its end, so that its connection can be used again; what is longer is left.
READ_SECONDS, READ_BYTES = 0.1, 4096


# --- The loop ---------------------------------------------------------------------------------------------------


@cache
def _loop_of(process: int) -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    loop.set_default_executor(ThreadPoolExecutor(ASKING, thread_name_prefix="names"))
    threading.Thread(target=loop.run_forever, name="calls", daemon=True).start()
    return loop


def loop() -> asyncio.AbstractEventLoop:
    """Of this process: one that was forked has another than its parent."""
    return _loop_of(os.getpid())


def run(call: Coroutine[Any, Any, T]) -> T:
    """What it returns or raises, once it is done on the loop."""
    return asyncio.run_coroutine_threadsafe(call, loop()).result()


# --- A call -----------------------------------------------------------------------------------------------------


def guarded(url: str) -> Callable[[], Pinned]:
    """Finds where to connect, or raises RefusedAddress."""
    return partial(pin, url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE, allow_http=not settings.PRODUCTION)


async def post(find: Callable[[], Pinned], *, body: bytes, headers: dict[str, str], name: str) -> int:
    """The status of the answer. Raises ChannelFailed(`name`_timeout, `name`_unreachable, `name`_refused_...).

    `find`: where to; in a thread, since whoever answers for names may take long. One limit for everything: a server
    that drips gains nothing.
    """
    status = None
    try:
        async with asyncio.timeout(failure.TIMEOUT_SECONDS):
            target = await asyncio.to_thread(find)
            to = headers | {"Host": target.host_header}
            sni = {"sni_hostname": target.host}
            async with (
                _client(target.host) as client,
                client.stream("POST", target.url, content=body, headers=to, extensions=sni) as answer,
            ):
                status = answer.status_code
                await _read(answer)
    except RefusedAddress as error:
        raise ChannelFailed(f"{name}_refused_{error.code}") from error
    except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        if status is None:  # else it was said, whatever became of the rest
            how = "timeout" if isinstance(error, TimeoutError | httpx.TimeoutException) else "unreachable"
            raise ChannelFailed(f"{name}_{how}") from error
    assert status is not None
    return status


async def _read(answer: httpx.Response) -> None:
    """Nothing of it is wanted."""
    with suppress(TimeoutError):
        async with asyncio.timeout(READ_SECONDS):
            async for _part in answer.aiter_raw():
                if answer.num_bytes_downloaded > READ_BYTES:
                    return


_clients: dict[str, httpx.AsyncClient] = {}  # by name; on the loop alone, as the next
_in_use: Counter[str] = Counter()


@asynccontextmanager
async def _client(host: str) -> AsyncIterator[httpx.AsyncClient]:
    if host not in _clients:
        await _make_room()
    if host not in _clients:  # nor was it made meanwhile
        # trust_env: a proxy of the environment would resolve the name again.
        _clients[host] = httpx.AsyncClient(
            verify=load(), follow_redirects=False, trust_env=False, timeout=None,  # noqa: S113 - one for all is `post`'s
            limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS),
        )  # fmt: skip
    _in_use[host] += 1
    try:
        yield _clients[host]
    finally:
        _in_use[host] -= 1


async def _make_room() -> None:
    """For one more name; one that is called just now stays."""
    for host in [one for one in _clients if not _in_use[one]][: max(0, len(_clients) + 1 - KEPT_NAMES)]:
        del _in_use[host]
        await _clients.pop(host).aclose()


@cache
def load() -> ssl.SSLContext:
    """The usual checks of certificates. Made once: reading all the authorities takes longer than the whole call."""
    return httpx.create_ssl_context(trust_env=False)
