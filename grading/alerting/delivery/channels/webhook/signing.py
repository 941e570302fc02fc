"""How a call of a webhook, and of the beacon, is signed."""

import hashlib
import hmac


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over "timestamp.body", so that an old call cannot be sent again as a new one."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
