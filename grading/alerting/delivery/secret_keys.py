"""What is derived from SECRET_KEY for one purpose, so that it need not be kept."""

from django.conf import settings
from django.utils.crypto import salted_hmac


def derived(purpose: str, value: str) -> list[str]:
    """In hexadecimal, by SECRET_KEY and by its earlier values, the one in force first."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(f"crsmonitor.{purpose}", value, secret=key, algorithm="sha256").hexdigest() for key in keys]


def beacon_secrets() -> list[str]:
    """What the beacon is signed with; a receiver takes the earlier ones too."""
    return derived("beacon", "receipt")
