"""Call a webhook, or our own receiver of the beacon: one limit for everything, no redirect, a checked address."""

import asyncio
import ssl
from dataclasses import replace
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from grading.alerting.delivery.channels import failure
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.webhook.guard import Pinned, RefusedAddress, pin
from grading.alerting.delivery.channels.webhook.words import body_of, headers_of
from grading.alerting.delivery.notification import Destination, Notification


def send(notification: Notification, at: datetime) -> None:
    """Raises ChannelFailed for anything but a 2xx."""
    if not notification.destination.secret:
        raise ChannelFailed("webhook_secret_unreadable")
    body = body_of(notification)
    headers = headers_of(notification, body=body, at=at)
    try:
        status = asyncio.run(_post(_target(notification.destination), body=body, headers=headers))
    except RefusedAddress as error:
        raise ChannelFailed(f"webhook_refused_{error.code}") from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ChannelFailed("webhook_timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise ChannelFailed("webhook_unreachable") from error
    if not 200 <= status < 300:
        raise ChannelFailed(f"webhook_{status}")


def _target(destination: Destination) -> Pinned:
    """Our own receiver's address is the operator's, so it may be inside and without TLS."""
    if destination.is_own:
        # Whatever way leads there, the site answers to its own name.
        own = pin(destination.address, allow_private=True, allow_http=True)
        return replace(own, host_header=urlsplit(settings.SITE_URL).netloc)
    private, http = settings.WEBHOOK_ALLOW_PRIVATE, not settings.PRODUCTION
    return pin(destination.address, allow_private=private, allow_http=http)


@cache
def _tls() -> ssl.SSLContext:
    """The usual checks of certificates. Made once: reading all the authorities takes longer than the whole call."""
    return httpx.create_ssl_context(trust_env=False)


async def _post(target: Pinned, *, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; its body is not read. One limit for everything: a server that drips gains nothing."""
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
