"""Where a person is: the one place where the address of a request is read."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever sent it. Empty: unknown, as on a socket of this machine."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    entries = forwarded.split(",") if forwarded else []
    address = settings.TRUSTED_PROXIES.client(request.META.get("REMOTE_ADDR", ""), entries)
    return "" if address is None else str(address)
