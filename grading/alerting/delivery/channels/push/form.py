"""What is asked of a browser's subscription when it is kept, not only when it is used."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from crsmonitor.errors import InvalidInput
from grading.alerting.delivery.channels.push.sealing import BadKeys, BrowserKeys
from grading.alerting.delivery.channels.webhook.form import CODES
from grading.alerting.delivery.channels.webhook.guard import RefusedAddress, pin

LONGEST = 1000  # of an address: the longest that is known has about 500


def check_address(address: str) -> None:
    """A person adds a browser on its own page, never as a text."""
    raise InvalidInput.at("address", "push_by_browser")


def checked(subscription: Any) -> tuple[str, str, str]:
    """Address, p256dh and auth of what a browser's PushManager gave. Asks the resolver. Raises InvalidInput."""
    try:
        endpoint, keys = subscription["endpoint"], subscription["keys"]
        p256dh, auth = keys["p256dh"], keys["auth"]
    except (KeyError, TypeError):
        raise InvalidInput("push_unreadable") from None
    if not all(isinstance(one, str) for one in (endpoint, p256dh, auth)) or len(endpoint) > LONGEST:
        raise InvalidInput("push_unreadable")
    try:
        pin(endpoint, allow_private=settings.WEBHOOK_ALLOW_PRIVATE, allow_http=not settings.PRODUCTION)
        BrowserKeys.of(p256dh, auth)
    except RefusedAddress as refused:
        raise InvalidInput(CODES[refused.code]) from None
    except BadKeys:
        raise InvalidInput("push_unreadable") from None
    return endpoint, p256dh, auth


def name_of(endpoint: str) -> str:
    """How a browser's subscription is called in the list of contacts: its service, and what tells it from others."""
    return f"{urlsplit(endpoint).hostname} {hashlib.sha256(endpoint.encode()).hexdigest()[:8]}"[:200]
