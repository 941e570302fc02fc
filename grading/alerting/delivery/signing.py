"""What is signed, and with what: calls of webhooks and of the beacon, and the codes of test messages."""

import hashlib
import hmac

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from grading.models import ContactTest

DIGITS = 6


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "timestamp.body", so that an old call cannot be sent again as a new one."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _keys() -> list[str]:
    """SECRET_KEY and its earlier values, the one in force first."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _derived(purpose: str, value: str, key: str) -> str:
    return salted_hmac(f"crsmonitor.{purpose}", value, secret=key, algorithm="sha256").hexdigest()


def beacon_secrets() -> list[str]:
    """What the beacon is signed with; a receiver takes the earlier ones too."""
    return [_derived("beacon", "receipt", key) for key in _keys()]


def _code(test: ContactTest, key: str) -> str:
    return f"{int(_derived('contact', str(test.pk), key), 16) % 10**DIGITS:0{DIGITS}d}"


def code_of(test: ContactTest) -> str:
    """The code of a test message. It is kept nowhere: who knows SECRET_KEY knows it."""
    return _code(test, settings.SECRET_KEY)


def is_code_of(test: ContactTest, said: str) -> bool:
    """Whether somebody read the message."""
    return any(constant_time_compare(said, _code(test, key)) for key in _keys())
