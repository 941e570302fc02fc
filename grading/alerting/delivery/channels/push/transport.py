"""Call a push service, guarded as a webhook is (S21): the name is resolved once, no redirect, one limit for all."""

from datetime import datetime

from grading.alerting.delivery.channels import calling
from grading.alerting.delivery.channels.failure import ChannelFailed, ReceiverGone
from grading.alerting.delivery.channels.push import vapid
from grading.alerting.delivery.channels.push.sealing import BadKeys, BrowserKeys, sealed
from grading.alerting.delivery.channels.push.words import headers_of, text_of
from grading.alerting.delivery.notification import Notification

GONE = (404, 410)  # RFC 8030, 7.3: the subscription is over


async def call(notification: Notification, at: datetime) -> None:
    """Raises ReceiverGone where the browser takes no more; ChannelFailed for anything else but a 2xx."""
    if not vapid.is_set():
        raise ChannelFailed("push_not_configured")
    p256dh, _, auth = notification.destination.secret.partition(".")
    try:
        body = sealed(text_of(notification), BrowserKeys.of(p256dh, auth))
    except BadKeys:
        raise ChannelFailed("push_keys_unreadable") from None
    find = calling.guarded(notification.destination.address)
    status = await calling.post(find, body=body, headers=headers_of(notification, at=at), name="push")
    if status in GONE:
        raise ReceiverGone("push_gone")
    if not 200 <= status < 300:
        raise ChannelFailed(f"push_{status}")
