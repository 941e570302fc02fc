"""What a provider of identities says, held against OpenID Connect Core 1.0, 3.1.3.7, and Discovery 1.0, 4.3.

The library reads an ID token without its signature, as 3.1.3.7 (6) allows; here everything is checked.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

# Those of a key pair: no secret of ours makes a token, and "none" none either.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
NEEDED = ["iss", "sub", "aud", "exp", "iat"]
SKEW = timedelta(seconds=5)  # between the provider's clock and ours
WELL_KNOWN = "/.well-known/"


def check_issuer(config: Mapping[str, Any], *, address: str) -> None:
    """The metadata is of whom the address names. Raises OAuth2Error."""
    ours = address.split(WELL_KNOWN)[0].rstrip("/")
    if str(config.get("issuer", "")).rstrip("/") != ours:
        raise OAuth2Error("the issuer of the metadata is not the address that was set")
    if ours.startswith("https:"):
        for name in ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"):
            if not str(config.get(name, "https:")).startswith("https:"):
                raise OAuth2Error(f"{name} is not under TLS")


def read_id_token(
    text: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str, since: datetime | None, at: datetime
) -> dict[str, Any]:
    """The claims of a token that is signed by one of `keys`, for us, of this sign-in. Raises OAuth2Error.

    `since`: the person has to have proven who she is after it, and the token to say so; None: as the provider likes.
    """
    try:
        header = jwt.get_unverified_header(text)
        key = _key_of(header, keys)
        claims: dict[str, Any] = jwt.decode(
            text, key, algorithms=[header["alg"]], audience=client_id, issuer=issuer, leeway=SKEW,
            options={"require": NEEDED},
        )  # fmt: skip
    except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
        raise OAuth2Error(f"the ID token does not hold: {type(error).__name__}") from None
    _check_claims(claims, client_id=client_id, nonce=nonce)
    if since is not None:
        _check_proven(claims, since=since, at=at)
    return claims


def _key_of(header: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:
    """By the provider's own list alone, whatever the token's header names."""
    if header["alg"] not in ALGORITHMS:
        raise ValueError("algorithm")
    if str(header.get("typ", "JWT")).upper() != "JWT":  # an access token, a logout token
        raise ValueError("type")
    kid = header.get("kid")
    for_signing = [one for one in keys["keys"] if one.get("use", "sig") == "sig" and one.get("kty") != "oct"]
    chosen = [one for one in for_signing if kid is None or one.get("kid") == kid]
    if len(chosen) != 1 or chosen[0].get("alg", header["alg"]) != header["alg"]:
        raise ValueError("key")
    return jwt.PyJWK(chosen[0], algorithm=header["alg"]).key


def _check_claims(claims: Mapping[str, Any], *, client_id: str, nonce: str) -> None:
    if not nonce or claims.get("nonce") != nonce:
        raise OAuth2Error("the ID token is not of this sign-in")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise OAuth2Error("the ID token was given to another")


def _check_proven(claims: Mapping[str, Any], *, since: datetime, at: datetime) -> None:
    """OpenID Connect Core 3.1.2.1: with max_age the token says when the person proved who she is."""
    proven = claims.get("auth_time")
    if type(proven) not in (int, float):
        raise OAuth2Error("the provider does not say when the person proved who she is")
    if not (since - SKEW).timestamp() <= proven <= (at + SKEW).timestamp():
        raise OAuth2Error("the provider did not ask the person again")
