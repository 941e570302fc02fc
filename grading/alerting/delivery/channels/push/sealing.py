"""Seal a message for one browser: RFC 8291, "Message Encryption for Web Push", over RFC 8188, aes128gcm.

Of our own, some thirty lines over `cryptography`: pywebpush and its http-ece have no wheel of every part, which the
lock asks for, and their sender resolves a name again after it was checked (S21). Held against the example of RFC 8291.
"""

import os
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from crsmonitor.security.p256 import CURVE, unbase64url

POINT = (Encoding.X962, PublicFormat.UncompressedPoint)
RECORD = 4096  # octets: the least that every push service takes (RFC 8030, 7.2)
# Of a record: the header (salt 16, size 4, length 1, key 65), the delimiter 1, the tag 16.
MOST = RECORD - 86 - 1 - 16
LAST_RECORD = b"\x02"


class BadKeys(ValueError):
    """What was given as a browser's keys is none."""


@dataclass(frozen=True, slots=True)
class BrowserKeys:
    """`p256dh`: its public key, a point of P-256; `auth`: 16 octets that only it and we know."""

    p256dh: bytes
    auth: bytes

    @classmethod
    def of(cls, p256dh: str, auth: str) -> "BrowserKeys":
        """From base64url, as browsers give them. Raises BadKeys."""
        try:
            keys = cls(p256dh=unbase64url(p256dh), auth=unbase64url(auth))
            keys.public_key()
        except ValueError as error:
            raise BadKeys from error
        if len(keys.auth) != 16:
            raise BadKeys
        return keys

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """Raises ValueError where it is no point of the curve."""
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, self.p256dh)


def sealed(
    text: bytes, keys: BrowserKeys, *, own: ec.EllipticCurvePrivateKey | None = None, salt: bytes | None = None
) -> bytes:
    """The body of a push message. `own`, `salt`: made anew for each message; a test gives those of the RFC.

    Raises ValueError for more than MOST octets.
    """
    if len(text) > MOST:
        raise ValueError("too long for one record")
    own = own or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    sender = own.public_key().public_bytes(*POINT)
    key, nonce = derived(own.exchange(ec.ECDH(), keys.public_key()), keys=keys, sender=sender, salt=salt)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(sender)]) + sender
    return header + AESGCM(key).encrypt(nonce, text + LAST_RECORD, None)


def derived(shared: bytes, *, keys: BrowserKeys, sender: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The key and the nonce of the one record (RFC 8291, 3.4)."""
    secret = _hkdf(shared, salt=keys.auth, info=b"WebPush: info\x00" + keys.p256dh + sender, length=32)
    key = _hkdf(secret, salt=salt, info=b"Content-Encoding: aes128gcm\x00", length=16)
    return key, _hkdf(secret, salt=salt, info=b"Content-Encoding: nonce\x00", length=12)


def _hkdf(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
