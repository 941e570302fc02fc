"""Keys of the curve P-256 as texts: 32 octets of the private one in base64url."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec

CURVE = ec.SECP256R1()


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def unbase64url(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError."""
    octets = unbase64url(text)
    if len(octets) != 32:
        raise ValueError("not 32 octets")
    return ec.derive_private_key(int.from_bytes(octets, "big"), CURVE)


def is_private_key(text: str) -> bool:
    try:
        private_key(text)
    except ValueError:
        return False
    return True
