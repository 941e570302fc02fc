"""A call to an address that somebody else chose: one limit for everything, no redirect, a checked address (S21)."""

import asyncio
import ssl
from functools import cache

import httpx
from django.conf import settings

from grading.alerting.delivery.channels import failure
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.webhook.guard import Pinned, RefusedAddress, pin


def guarded(url: str, *, name: str) -> Pinned:
    """Where to connect. Raises ChannelFailed(`name`_refused_...)."""
    try:
        return pin(url, allow_private=settings.WEBHOOK_ALLOW_PRIVATE, allow_http=not settings.PRODUCTION)
    except RefusedAddress as error:
        raise ChannelFailed(f"{name}_refused_{error.code}") from error


def post(target: Pinned, *, body: bytes, headers: dict[str, str], name: str) -> int:
    """The status of the answer. Raises ChannelFailed(`name`_timeout, `name`_unreachable)."""
    try:
        return asyncio.run(_post(target, body=body, headers=headers))
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ChannelFailed(f"{name}_timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ChannelFailed(f"{name}_unreachable") from error


@cache
def _tls() -> ssl.SSLContext:
    """The usual checks of certificates. Made once: reading all the authorities takes longer than the whole call."""
    return httpx.create_ssl_context(trust_env=False)


async def _post(target: Pinned, *, body: bytes, headers: dict[str, str]) -> int:
    """The answer's body is not read. One limit for everything: a server that drips gains nothing."""
    seconds = failure.TIMEOUT_SECONDS
    async with (
        asyncio.timeout(seconds),
        # trust_env: a proxy of the environment would resolve the name again.
        httpx.AsyncClient(verify=_tls(), follow_redirects=False, timeout=seconds, trust_env=False) as client,
        client.stream(
            "POST", target.url, content=body, headers=headers | {"Host": target.host_header},
            extensions={"sni_hostname": target.host},
        ) as answer,
    ):  # fmt: skip
        return answer.status_code
