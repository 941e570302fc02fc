"""Gateways that only an operator configures (CRS_GATEWAYS): ntfy, Gotify, SMS, pagers and what else Apprise knows.

The database knows their names; addresses and secrets stay in the environment. Before a message leaves, every host
that an address names is resolved and checked as a webhook's is (S21), and redirects are not followed. What Apprise
does not allow: the checked address is not the one that is dialled (Apprise resolves the name again), and the hosts
that a service's own plugin calls are its own affair. Both are the operator's choice, never a user's.
"""

import importlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.conf import settings

from crsmonitor.jobs.limited import within
from grading.alerting.delivery.channels import failure
from grading.alerting.delivery.channels.failure import ChannelFailed
from grading.alerting.delivery.channels.gateway.words import title_and_body
from grading.alerting.delivery.channels.webhook.guard import RefusedAddress, is_public, resolve
from grading.alerting.delivery.notification import Notification


@cache
def _apprise() -> Any:
    return importlib.import_module("apprise")


@cache
def load() -> None:
    """Load Apprise and its 130 services, which takes seconds, before a message waits. Without a gateway: nothing."""
    if settings.GATEWAYS:
        _apprise().Apprise.instantiate("json://localhost")


def send(notification: Notification, at: datetime) -> None:
    """Send to every address of the gateway, once, within TIMEOUT_SECONDS. Raises ChannelFailed.

    Where one address of several fails, the next try is for all: a twin is better than a miss.
    """
    load()
    name = notification.destination.address
    if name not in settings.GATEWAYS:
        raise ChannelFailed("gateway_unknown")
    try:
        notify = partial(_notify_all, settings.GATEWAYS[name], title_and_body(notification))
        taken = within(failure.TIMEOUT_SECONDS, notify)
    except TimeoutError:
        raise ChannelFailed("gateway_timeout") from None
    if not taken:
        raise ChannelFailed("gateway_not_taken")


def _notify_all(urls: Sequence[str], words: Mapping[str, str]) -> bool:
    services = [_service(url) for url in urls]  # all are checked before the first is used
    taken = [service.notify(**words) for service in services]
    return all(taken)


def _service(url: str) -> Any:
    """The plugin for this address, its host checked. Raises ChannelFailed."""
    apprise = _apprise()
    asset = apprise.AppriseAsset(http_redirects=False, secure_logging=True)
    service = apprise.Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if service is None:
        raise ChannelFailed("gateway_malformed")
    # Plugins of one service keep a token where others have the host; those that have one say so.
    if "host" in type(service).template_tokens and service.host and not settings.WEBHOOK_ALLOW_PRIVATE:
        try:
            addresses = resolve(service.host.strip("[]"), service.port or 443)
        except RefusedAddress as error:
            raise ChannelFailed(f"gateway_refused_{error.code}") from None
        if not all(map(is_public, addresses)):
            raise ChannelFailed("gateway_refused_not_public")
    return service
