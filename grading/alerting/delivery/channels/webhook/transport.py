"""Call a webhook, or our own receiver of the beacon."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from grading.alerting.delivery.channels import calling
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
    status = calling.post(_target(notification.destination), body=body, headers=headers, name="webhook")
    if not 200 <= status < 300:
        raise ChannelFailed(f"webhook_{status}")


def _target(destination: Destination) -> Pinned:
    """Our own receiver's address is the operator's, so it may be inside and without TLS."""
    if not destination.is_own:
        return calling.guarded(destination.address, name="webhook")
    try:
        own = pin(destination.address, allow_private=True, allow_http=True)
    except RefusedAddress as error:
        raise ChannelFailed(f"webhook_refused_{error.code}") from error
    # Whatever way leads there, the site answers to its own name.
    return replace(own, host_header=urlsplit(settings.SITE_URL).netloc)
