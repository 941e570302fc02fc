"""Who calls a push service: RFC 8292, "VAPID". The key is the operator's; each call carries a token for its service."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import jwt
from django.conf import settings

from crsmonitor.security.p256 import base64url, private_key
from grading.alerting.delivery.channels.push.sealing import POINT

LASTS = timedelta(hours=1)  # at most 24 h (RFC 8292, 2); a call takes seconds


def is_set() -> bool:
    """Whether the site has web push at all."""
    return bool(settings.VAPID_KEY)


def public_key() -> str:
    """What a browser is given when it subscribes: it takes messages of this sender alone."""
    return base64url(private_key(settings.VAPID_KEY).public_key().public_bytes(*POINT))


def authorization(endpoint: str, *, at: datetime) -> str:
    """The header of a call. Without a path: a push service learns its own origin and whom to write to."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}", "exp": int((at + LASTS).timestamp()), "sub": _contact(),
    }  # fmt: skip
    token = jwt.encode(claims, private_key(settings.VAPID_KEY), algorithm="ES256")
    return f"vapid t={token}, k={public_key()}"


def _contact() -> str:
    """Whom the push service may write to."""
    return f"mailto:{settings.OPERATOR_EMAIL[0]}" if settings.OPERATOR_EMAIL else settings.SITE_URL
