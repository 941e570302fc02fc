"""What a browser does with push messages, for tests: its keys, and how it opens what comes."""

import os
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crsmonitor.security.p256 import CURVE, base64url
from grading.alerting.delivery.channels.push.sealing import POINT, BrowserKeys, derived


@dataclass
class Browser:
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(CURVE))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def keys(self) -> BrowserKeys:
        return BrowserKeys(p256dh=self.private.public_key().public_bytes(*POINT), auth=self.auth)

    def subscription(self, endpoint: str) -> dict:
        """As JSON.stringify(subscription) gives it."""
        keys = {"p256dh": base64url(self.keys.p256dh), "auth": base64url(self.auth)}
        return {"endpoint": endpoint, "expirationTime": None, "keys": keys}

    def opens(self, body: bytes) -> bytes:
        salt, sender, rest = body[:16], body[21:86], body[86:]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        key, nonce = derived(shared, keys=self.keys, sender=sender, salt=salt)
        return AESGCM(key).decrypt(nonce, rest, None).removesuffix(b"\x02")
