"""What must be readable again and never lie open in the database: kept under a key of the environment.

Fernet of `cryptography` (AES-128 in CBC mode with an HMAC-SHA256). The first of settings.SEALING_KEYS seals, all of
them open: a key is changed by putting a new one in front, `manage.py reseal`, and then taking the old one away.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class CannotOpen(Exception):
    """None of the keys opens it: it was sealed under one that is gone, or altered."""


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SEALING_KEYS])


def seal(text: str) -> str:
    """Empty stays empty: there is nothing to keep."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def open_sealed(sealed: str) -> str:
    """Raises CannotOpen."""
    try:
        return _keys().decrypt(sealed).decode() if sealed else ""
    except InvalidToken:
        raise CannotOpen from None


def reseal(sealed: str) -> str:
    """The same under the first key. Raises CannotOpen."""
    return seal(open_sealed(sealed))


def is_key(text: str) -> bool:
    """Whether it can be one: 32 bytes in URL-safe base64."""
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


def key_from(secret: str) -> str:
    """For the demonstration, which has one secret and needs two."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"crsmonitor.sealing:{secret}".encode()).digest()).decode()
