"""Call a webhook, or our own receiver of the beacon."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from grading.alerting.delivery.channels import calling
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.webhook.guard import Pinned, pin
from grading.alerting.delivery.channels.webhook.words import body_of, headers_of
from grading.alerting.delivery.notification import Notification


async def call(notification: Notification, at: datetime) -> None:
    """Raises ChannelFailed for anything but a 2xx."""
    destination = notification.destination
    if not destination.secret:
        raise ChannelFailed("webhook_secret_unreadable")
    body = body_of(notification)
    headers = headers_of(notification, body=body, at=at)
    find = partial(_own, destination.address) if destination.is_own else calling.guarded(destination.address)
    status = await calling.post(find, body=body, headers=headers, name="webhook")
    if not 200 <= status < 300:
        raise ChannelFailed(f"webhook_{status}")


def _own(url: str) -> Pinned:
    """Our own receiver's address is the operator's, so it may be inside and without TLS."""
    own = pin(url, allow_private=True, allow_http=True)
    # Whatever way leads there, the site answers to its own name.
    return replace(own, host_header=urlsplit(settings.SITE_URL).netloc)
