"""What a tablet keeps for later is signed, so that it can tell what the server wrote from what somebody put there.

ECDSA on P-256 with SHA-256, the signature as browsers take it (r and s, 32 bytes each; IEEE P1363). The key is made of
SECRET_KEY: with a new one, tablets take the new public key and ask for the ward again.
"""

import base64
import hashlib
import json
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.utils.crypto import salted_hmac

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)
BYTES = 32


def sign(text: str) -> str:
    """base64url."""
    r, s = decode_dss_signature(_private(settings.SECRET_KEY).sign(text.encode(), ec.ECDSA(SHA256())))
    return _encoded(r.to_bytes(BYTES, "big") + s.to_bytes(BYTES, "big"))


def public_key() -> dict[str, str]:
    """As a JSON Web Key (RFC 7517)."""
    point = _private(settings.SECRET_KEY).public_key().public_numbers()
    x, y = (_encoded(number.to_bytes(BYTES, "big")) for number in (point.x, point.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def key_id() -> str:
    """Its thumbprint (RFC 7638)."""
    plain = json.dumps(public_key(), sort_keys=True, separators=(",", ":"))
    return _encoded(hashlib.sha256(plain.encode()).digest())


@cache
def _private(secret: str) -> ec.EllipticCurvePrivateKey:
    wide = salted_hmac("crsmonitor.security.signing_key", "P-256", secret=secret, algorithm="sha512").digest()
    return ec.derive_private_key(1 + int.from_bytes(wide, "big") % (ORDER - 1), ec.SECP256R1())


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
