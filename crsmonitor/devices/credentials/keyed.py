"""PINs and badges as they are kept: a million PINs are tried in an hour, so that without the server's key none can be.

The key is made of SECRET_KEY; what was made of one of SECRET_KEY_FALLBACKS is still good.
"""

import unicodedata

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.utils.crypto import salted_hmac


def _keyed(purpose: str, text: str) -> list[str]:
    """The newest key's first."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    salt = f"crsmonitor.devices.{purpose}"
    return [salted_hmac(salt, text, secret=key, algorithm="sha256").hexdigest() for key in keys]


def pin_hash(user_id: int, pin: str) -> str:
    return make_password(_keyed("pin", f"{user_id}|{pin}")[0])


def is_pin(user_id: int, pin: str, kept: str) -> bool:
    return any(check_password(text, kept) for text in _keyed("pin", f"{user_id}|{pin}"))


def badge_digests(typed: str) -> list[str]:
    """What a badge may be kept as. Readers differ in capitals, and in what they type around the id."""
    return _keyed("badge", unicodedata.normalize("NFKC", typed).strip().upper())
