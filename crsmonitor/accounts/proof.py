"""By what somebody proved, at the moment of signing, who they are."""

from enum import StrEnum


class Proof(StrEnum):
    """Kept with the signature (21 CFR 11.200)."""

    PASSWORD = "password"  # noqa: S105  # the name of the means
    PASSKEY = "passkey"
    PROVIDER = "provider"  # the single sign-on asked again
